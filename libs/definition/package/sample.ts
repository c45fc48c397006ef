/**
 * A small valid package for specs and fuzzing, and ways to break it.
 */
import type { Problem } from '../problems.ts';
import { type PackageResult, readPackageFiles } from './read-package.ts';

export const SAMPLE: Readonly<Record<string, string>> = {
  'election.json': `{
  "id": "sample-2030",
  "name": { "en": "Sample", "vi": "Mẫu" },
  "date": "2030-06-02",
  "timezone": "Asia/Ho_Chi_Minh",
  "levels": [
    { "id": "province", "name": "Province" },
    { "id": "commune", "name": "Commune" },
    { "id": "station", "name": "Station" }
  ],
  "forms": {
    "count": { "fields": [
      { "id": "C", "role": "registered", "name": "Listed" },
      { "id": "V", "role": "voted", "name": "Voted" },
      { "id": "X", "optional": true, "name": "Spoiled" },
      { "id": "H", "role": "valid", "name": "Valid" },
      { "id": "n", "repeat": "seats", "optional": true, "name": "Classes" },
      { "id": "null", "optional": true, "name": "Odd" },
      { "id": "ended", "type": "time", "optional": true, "name": "Ended" }
    ] }
  },
  "rules": ["rules.json"]
}
`,
  'rules.json': `{ "rules": [
  { "id": "voted", "form": "count", "severity": "error",
    "expect": "f.V <= f.C", "message": "Too many voted." },
  { "id": "lists", "form": "count", "severity": "error",
    "expect": "f.C <= other.council.C", "message": "Lists differ." }
] }
`,
  'units.csv': `code,level,name,parent,registered,lat,lon
P,province,Province,,,,
024846,commune,Forest,P,,11.94,108.44
024848,commune,Lake,P,,,
024846-01,station,School,024846,1453,,
024846-02,station,Hall,024846,900,,
024848-01,station,Market,024848,1210,,
`,
  'contests.csv': `id,name,area,form,body,seats,decision,kind,of
na-1,Assembly,P,count,na,2,majority-of-valid-ballots,,
council-1,Council,024846 024848,count,council,3,,,
`,
  'candidates.csv': `contest,number,name,birth_date
na-1,1,Ada,1970-01-02
na-1,2,Bo,1980-03-04
na-1,3,Cy,
council-1,1,Dee,
council-1,2,Eli,
`,
  'electorates.csv': `station,contest,registered
024846-01,council-1,1400
024848-01,council-1,1200
`,
  'map.json': `{ "type": "FeatureCollection", "features": [
  { "type": "Feature", "id": "024846", "geometry": { "type": "Point", "coordinates": [108.44, 11.94] }, "properties": {} },
  { "type": "Feature", "properties": { "code": "024848" }, "geometry": null }
] }
`,
};

/** A new text of a file, a change to it, or null: leave the file out. */
export type Change = string | Uint8Array | null | ((text: string) => string);

export function sampleFiles(changes: Readonly<Record<string, Change>> = {}): Map<string, Uint8Array> {
  const files = new Map(Object.entries(SAMPLE).map(([name, text]) => [name, bytesOf(text)]));
  for (const [name, change] of Object.entries(changes)) {
    if (change === null) files.delete(name);
    else files.set(name, bytesOf(typeof change === 'function' ? change(SAMPLE[name] ?? '') : change));
  }
  return files;
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

export function readSample(changes?: Readonly<Record<string, Change>>): PackageResult {
  return readPackageFiles(sampleFiles(changes));
}

export function problemsOf(changes: Readonly<Record<string, Change>>): Problem[] {
  const result = readSample(changes);
  return result.ok ? [] : result.problems;
}

/** Replaces a piece of a text that must be there once. */
export function replaced(from: string, to: string): (text: string) => string {
  return (text) => {
    if (text.split(from).length !== 2) throw new Error(`"${from}" must stand once in the sample`);
    return text.replace(from, () => to);
  };
}
