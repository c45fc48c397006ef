/**
 * Names: one text, or one for each language (contracts §1). A bare text stands for the first language.
 */
import type { Node } from 'jsonc-parser';
import type { Language, Texts } from '#domain';
import { shown } from '../problems.ts';
import type { JsonReader } from '../source/json-reader.ts';

/** BCP 47 as far as elections need it: `vi`, `zh-Hant`, `pt-BR`. */
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
/** Where no name of the package says what language it is in. */
const DEFAULT_LANGUAGE = 'en';

export function languageFault(language: string): string | undefined {
  if (LANGUAGE.test(language)) return undefined;
  return `${shown(language)} is no language tag; write "vi", "en" or "pt-BR"`;
}

/** Reads texts by language; a language that is not among those of the package is a problem. */
export function readTexts(
  reader: JsonReader,
  node: Node,
  what: string,
  languages: readonly Language[],
): Texts | undefined {
  if (node.type === 'string') {
    const text = reader.text(node, what);
    return text === undefined ? undefined : { [languages[0] ?? DEFAULT_LANGUAGE]: text };
  }
  if (node.type !== 'object') {
    reader.problem(
      node,
      'wrong-type',
      `${what} must be a text, or an object of texts by language such as { "en": "…" }`,
    );
    return undefined;
  }
  const members = reader.members(node, what) ?? new Map();
  if (members.size === 0) reader.problem(node, 'empty', `${what} is empty; write a text for one language at least`);
  const texts: Record<Language, string> = {};
  for (const [language, { key, value }] of members) {
    if (!languages.includes(language))
      reader.problem(
        key,
        'unknown-language',
        `${what} is in ${shown(language)}, which is not among the languages (${languages.join(', ')})`,
      );
    const text = reader.text(value, `${what} in ${shown(language)}`);
    if (text !== undefined) texts[language] = text;
  }
  return Object.keys(texts).length > 0 ? texts : undefined;
}

/** The languages that the names of a package are written in, in the order they first stand. */
export function languagesOfNames(nodes: readonly (Node | undefined)[]): Language[] {
  const found = new Set<Language>();
  for (const node of nodes) {
    if (node?.type !== 'object') continue;
    for (const { children } of node.children ?? []) {
      const language = String(children?.[0]?.value);
      if (LANGUAGE.test(language)) found.add(language);
    }
  }
  return found.size > 0 ? [...found] : [DEFAULT_LANGUAGE];
}
