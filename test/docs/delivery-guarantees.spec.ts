/** The page on what is promised names tests: they are there, under these titles. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../services/checkout.ts';

const page = readFileSync(join(root, 'docs/explanation/delivery-guarantees.md'), 'utf8');
const named = [...page.matchAll(/^- `([^`]+)`[^“\n]*(“.*)$/gm)].flatMap(([, file, titles]) =>
  [...titles!.matchAll(/“([^”]+)”/g)].map(([, title]) => ({ file: file!, title: title! })),
);

describe('the page on delivery guarantees', () => {
  it('names tests for what it says', () => {
    expect(named.length).toBeGreaterThan(30);
  });

  it.each(named)('names a test that is there: $file, “$title”', ({ file, title }) => {
    expect(existsSync(join(root, file))).toBe(true);
    const source = readFileSync(join(root, file), 'utf8').replaceAll("\\'", '’');
    expect(source).toContain(title);
  });
});
