import { describe, expect, it } from '@jest/globals';
import { parseSheetJson } from './sheet-json.ts';

function codeOf(text: string): string {
  const parsed = parseSheetJson(text);
  return parsed.ok ? 'ok' : (parsed.problems[0]?.code ?? 'none');
}

describe('a sheet as JSON text', () => {
  it.each([
    ['{"fields":{"C":1453},"reason":"about 3.5 or 1e3"}', 'ok'],
    ['{"fields":{"C":1453.0}}', 'not-digits'],
    ['{"fields":{"C":1e3}}', 'not-digits'],
    ['{"votes":{"1":5,"1":6}}', 'doubled-key'],
    ['{"votes":{"a\\"b":5,"c":"x: \\"y\\": 1"}}', 'ok'],
    ['{"votes":{', 'not-json'],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'ok'],
    [`"${'x'.repeat(300_000)}"`, 'too-large'],
  ])('%.40s is %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});
