/** CSV records (RFC 4180), cut into cells. */
/** How many quotes a text holds: a record whose quotes are odd in number goes on on the next line. */
export function countQuotes(line: string): number {
  let count = 0;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) count += 1;
  return count;
}

/** The cells of a record with quotes (RFC 4180), or what is wrong with its quotes. */
export function splitQuoted(text: string, delimiter: string): string[] | string {
  const cells: string[] = [];
  for (let at = 0; ; ) {
    if (text[at] !== '"') {
      const end = text.indexOf(delimiter, at);
      const cell = text.slice(at, end < 0 ? undefined : end);
      if (cell.includes('"')) return 'A quote (") stands inside a cell that does not begin with one.';
      cells.push(cell);
      if (end < 0) return cells;
      at = end + 1;
      continue;
    }
    let cell = '';
    for (at += 1; ; ) {
      const quote = text.indexOf('"', at);
      if (quote < 0) return 'A quote (") is opened and never closed.';
      cell += text.slice(at, quote);
      at = quote + 1;
      if (text[at] !== '"') break;
      cell += '"';
      at += 1;
    }
    cells.push(cell);
    if (at >= text.length) return cells;
    if (text[at] !== delimiter) return 'Text follows the closing quote (") of a cell.';
    at += 1;
  }
}
