/**
 * The card that stands for a shared address, as SVG: what it is about and what its figures are called, never a figure;
 * cards are kept by others for days, and figures get old there.
 */

export interface CardWords {
  readonly election: string;
  readonly day: string;
  readonly unit: string;
  readonly contest: string | undefined;
  /** Preliminary, certified, not published yet. */
  readonly state: string;
  readonly note: string;
  /** Of a rehearsal; undefined: it is none. */
  readonly rehearsal: string | undefined;
}

export const CARD_WIDTH = 1200;
export const CARD_HEIGHT = 630;
const MARGIN = 72;

const INK = '#1c1b18';
const SOFT = '#55524a';
const PAPER = '#fbfaf7';
const ACCENT = '#0e5a6b';
const ATTENTION = '#7d4600';
const ATTENTION_SOFT = '#fbeccf';

/** About how wide a letter of the font is, in parts of its size. */
const LETTER = 0.56;

export function cardSvg(words: CardWords): string {
  const title = wrapped(words.unit, 76, 2);
  const contest = words.contest ? wrapped(words.contest, 40, 2) : [];
  const top = words.rehearsal ? 190 : 150;
  const afterTitle = top + title.length * 88;
  const parts = [
    `<rect width="${CARD_WIDTH}" height="${CARD_HEIGHT}" fill="${PAPER}"/>`,
    words.rehearsal ? rehearsalOf(words.rehearsal) : '',
    line(`${words.election} · ${words.day}`, top - 62, 30, 400, SOFT),
    ...title.map((text, i) => line(text, top + 40 + i * 88, 76, 700, INK)),
    ...contest.map((text, i) => line(text, afterTitle + 20 + i * 50, 40, 400, INK)),
    `<rect x="${MARGIN}" y="470" width="${CARD_WIDTH - 2 * MARGIN}" height="3" fill="${ACCENT}"/>`,
    line(words.state, 528, 38, 700, ACCENT),
    line(words.note, 576, 28, 400, SOFT),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_WIDTH}" height="${CARD_HEIGHT}" font-family="Inter">${parts.join('')}</svg>`;
}

/** A band above, and the word over everything. */
function rehearsalOf(word: string): string {
  const marks = [150, 420].map(
    (y) =>
      `<text x="180" y="${y}" font-size="110" font-weight="700" fill="${ATTENTION}" fill-opacity="0.09" transform="rotate(-14 600 315)">${escaped(`${word}   ${word}`)}</text>`,
  );
  return `<rect width="${CARD_WIDTH}" height="72" fill="${ATTENTION_SOFT}"/>${line(word, 49, 34, 700, ATTENTION)}${marks.join('')}`;
}

function line(text: string, y: number, size: number, weight: 400 | 700, fill: string): string {
  const [fits = ''] = wrapped(text, size, 1);
  return `<text x="${MARGIN}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escaped(fits)}</text>`;
}

/** In lines that fit, `most` of them; what is left over is cut with an ellipsis. */
export function wrapped(text: string, size: number, most: number): string[] {
  const room = Math.floor((CARD_WIDTH - 2 * MARGIN) / (size * LETTER));
  const lines: string[] = [];
  for (const word of text.normalize('NFC').split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const shown = lines.slice(0, most);
  const last = shown.at(-1) ?? '';
  if (lines.length > most || last.length > room) shown[shown.length - 1] = `${last.slice(0, room - 1).trimEnd()}…`;
  return shown;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
