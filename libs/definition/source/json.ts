/**
 * JSON with places: what stands where, duplicate keys and `__proto__` refused, nesting limited.
 */
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type Place, type Problems, shown } from '../problems.ts';
import { Places, placeAt } from './text.ts';

/** GeoJSON goes to about 8; nobody needs more, and the parser is recursive. */
const MAX_DEPTH = 64;
const MAX_SYNTAX_PROBLEMS = 20;
/** Half of a pair: legal in JSON, no text in UTF-8. */
const LONE_SURROGATE = /\p{Surrogate}/u;

export type JsonNode = Node;

export class JsonFile {
  readonly file: string;
  readonly root: Node;
  readonly #text: string;
  readonly #places: Places;

  constructor(file: string, text: string, root: Node) {
    this.file = file;
    this.root = root;
    this.#text = text;
    this.#places = new Places(text);
  }

  placeOf(node: Node): Place {
    return this.#places.at(node.offset);
  }

  /** The place of a character of a string value: escapes are longer in the file than in the value. */
  placeInString(node: Node, index: number): Place {
    const { line, column } = this.#places.at(node.offset);
    const literal = this.#text.slice(node.offset + 1, node.offset + node.length - 1);
    return { line, column: column + 1 + offsetInLiteral(literal, index) };
  }
}

/** Reads a JSON text; undefined with problems told where it is none. */
export function readJson(file: string, text: string, problems: Problems): JsonFile | undefined {
  const tooDeep = depthExceededAt(text);
  if (tooDeep !== undefined) {
    const message = `objects and lists are nested more than ${MAX_DEPTH} deep here`;
    problems.add(file, placeAt(text, tooDeep), 'json-too-deep', message);
    return undefined;
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  tellSyntax(file, text, errors, problems);
  if (errors.length > 0 || !root) {
    if (errors.length === 0)
      problems.add(file, { line: 1, column: 1 }, 'json-syntax', 'the file is empty; it must hold JSON');
    return undefined;
  }
  const json = new JsonFile(file, text, root);
  const before = problems.count;
  checkTexts(json, root, problems);
  return problems.count === before ? json : undefined;
}

const SYNTAX: Readonly<Record<string, string>> = {
  InvalidSymbol: 'something stands here that is no JSON; texts need double quotes',
  InvalidNumberFormat: 'this is no number as JSON writes them',
  PropertyNameExpected: 'a name in double quotes is expected here (no comma after the last one)',
  ValueExpected: 'a value is expected here (no comma after the last one)',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is expected before this',
  CloseBraceExpected: 'the closing } is missing',
  CloseBracketExpected: 'the closing ] is missing',
  EndOfFileExpected: 'the file should end here; one JSON value is all it holds',
  InvalidCommentToken: 'JSON has no comments; take this out',
  UnexpectedEndOfString: 'the closing double quote is missing',
  InvalidCharacter: 'a control character stands in this text; write it as an escape such as \\n',
};

/** The parser goes on after an error and then stumbles over what follows: the first of a line is the one to mend. */
function tellSyntax(file: string, text: string, errors: readonly ParseError[], problems: Problems): void {
  const lines = new Set<number>();
  for (const { error, offset } of errors.slice(0, MAX_SYNTAX_PROBLEMS)) {
    const place = placeAt(text, Math.min(offset, text.length));
    if (!lines.has(place.line)) problems.add(file, place, 'json-syntax', syntaxMessage(error));
    lines.add(place.line);
  }
}

function syntaxMessage(error: ParseError['error']): string {
  const name = printParseErrorCode(error);
  return SYNTAX[name] ?? `broken JSON (${name})`;
}

/** Duplicate and dangerous keys, and texts that are no text. */
function checkTexts(json: JsonFile, node: Node, problems: Problems): void {
  if (node.type === 'string') checkText(json, node, problems);
  if (node.type === 'object') checkKeys(json, node, problems);
  for (const child of node.children ?? []) checkTexts(json, child, problems);
}

function checkText(json: JsonFile, node: Node, problems: Problems): void {
  const value = String(node.value);
  if (LONE_SURROGATE.test(value))
    problems.add(
      json.file,
      json.placeOf(node),
      'invalid-text',
      `${shown(value)} holds half of a character (a lone surrogate)`,
    );
  if (value.includes('\0'))
    problems.add(json.file, json.placeOf(node), 'nul-byte', 'this text holds a NUL character (\\u0000); take it out');
}

function checkKeys(json: JsonFile, object: Node, problems: Problems): void {
  const seen = new Set<string>();
  for (const property of object.children ?? []) {
    const key = property.children?.[0];
    if (!key) continue;
    const name = String(key.value);
    if (name === '__proto__')
      problems.add(json.file, json.placeOf(key), 'name-refused', 'the name "__proto__" is refused');
    else if (seen.has(name))
      problems.add(
        json.file,
        json.placeOf(key),
        'duplicate-name',
        `${shown(name)} stands twice in this object; keep one`,
      );
    seen.add(name);
  }
}

/** Where the nesting goes too deep; texts are skipped. */
function depthExceededAt(text: string): number | undefined {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (inText) {
      if (unit === 92) i += 1;
      else if (unit === 34 || unit === 10) inText = false;
    } else if (unit === 34) inText = true;
    else if (unit === 123 || unit === 91) {
      depth += 1;
      if (depth > MAX_DEPTH) return i;
    } else if (unit === 125 || unit === 93) depth -= 1;
  }
  return undefined;
}

function offsetInLiteral(literal: string, index: number): number {
  let offset = 0;
  for (let i = 0; i < index && offset < literal.length; i += 1) {
    if (literal[offset] !== '\\') offset += 1;
    else offset += literal[offset + 1] === 'u' ? 6 : 2;
  }
  return offset;
}
