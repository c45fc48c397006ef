/** A Caddyfile as a tree of directives: words, and a block where one follows in braces. */
export interface Directive {
  readonly words: readonly string[];
  readonly block: readonly Directive[];
}

/** Throws where a brace is without its other one. */
export function parseCaddyfile(text: string): Directive[] {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
  const top: Directive[] = [];
  const open: Directive[][] = [top];
  for (const line of lines) {
    if (line === '}') {
      open.pop();
      if (open.length === 0) throw new Error('a } too many');
      continue;
    }
    const opens = line === '{' || line.endsWith(' {');
    const directive = { words: line.split(/\s+/).slice(0, opens ? -1 : undefined), block: [] as Directive[] };
    open.at(-1)!.push(directive);
    if (opens) open.push(directive.block);
  }
  if (open.length > 1) throw new Error(`${open.length - 1} } too few`);
  return top;
}

/** Every directive of this name, however deep. */
export function directivesOf(tree: readonly Directive[], name: string): Directive[] {
  return tree.flatMap((one) => [...(one.words[0] === name ? [one] : []), ...directivesOf(one.block, name)]);
}
