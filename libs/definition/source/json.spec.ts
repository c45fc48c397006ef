import { describe, expect, it } from '@jest/globals';
import { problemsOf, replaced } from '../package/sample.ts';

function rules(text: string): string[] {
  return problemsOf({ 'rules.json': text }).map((one) => `${one.line}:${one.column} ${one.code}`);
}

describe('a JSON file', () => {
  it('is JSON and nothing else', () => {
    expect(rules('')).toEqual(['1:1 json-syntax']);
    expect(rules('{ "rules": [\n  1,\n] }')).toEqual(['3:1 json-syntax']);
    expect(rules('{ "rules": []\n  "rules": [] }')[0]).toBe('2:3 json-syntax');
    expect(rules("{ 'rules': [] }")[0]).toBe('1:3 json-syntax');
    expect(rules('{ "rules": [] } // none')).toEqual(['1:17 json-syntax']);
    expect(rules('{ "rules": [] } {}')).toEqual(['1:17 json-syntax']);
    expect(rules('{ "rules": [')[0]).toMatch(/^1:13 json-syntax/);
    expect(rules('NaN')[0]).toBe('1:1 json-syntax');
  });

  it('says each name once', () => {
    expect(rules('{ "rules": [],\n "rules": [] }')).toEqual(['2:2 duplicate-name']);
  });

  it('cannot reach a prototype', () => {
    expect(rules('{ "rules": [], "__proto__": { "rules": [1] } }')).toEqual(['1:16 name-refused']);
    expect(
      problemsOf({ 'election.json': replaced('"count": {', '"constructor": {') }).map(({ code }) => code),
    ).toContain('unknown-form');
  });

  it('is not nested without end', () => {
    expect(rules('['.repeat(100_000))).toEqual(['1:65 json-too-deep']);
    expect(rules(`${'{"a":'.repeat(100_000)}`)).toEqual(['1:321 json-too-deep']);
  });

  it('is text', () => {
    expect(rules('{ "rules": [], "a\\u0000": 1 }')).toEqual(['1:16 nul-byte']);
    expect(rules('{ "rules": [], "\\ud800": 1 }')).toEqual(['1:16 invalid-text']);
    expect(rules('{ "rules": [\0] }')).toEqual(['1:13 nul-byte']);
  });
});
