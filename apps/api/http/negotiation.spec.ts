import { describe, expect, it } from '@jest/globals';
import { encodingFor, languageFor } from './negotiation.ts';

describe('the encoding', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=1.0, br;q=0.5', 'br'],
    ['GZIP', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0, gzip; q=0.000', 'identity'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['*;q=0', 'identity'],
    ['zstd, x-br, gzip2', 'identity'],
  ])('of who takes %j is %s', (accepted, encoding) => {
    const headers = { 'accept-encoding': accepted };
    expect(encodingFor({ headers }, ['br', 'gzip'])).toBe(encoding);
  });
});

describe('the language', () => {
  it.each([
    [undefined, 'vi'],
    ['', 'vi'],
    ['en', 'en'],
    ['fr, en-GB;q=0.8, vi;q=0.3', 'en'],
    ['en;q=0.5, vi-VN', 'vi'],
    ['EN-us', 'en'],
    ['*', 'vi'],
    ['vi;q=0, *', 'en'],
    ['en;q=0', 'vi'],
    ['fr, english, vie', 'vi'],
  ])('of who speaks %j is %s', (accepted, language) => {
    const headers = { 'accept-language': accepted };
    expect(languageFor({ headers }, ['vi', 'en'])).toBe(language);
  });
});
