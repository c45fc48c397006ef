/**
 * Reads a package: all of its files, all of its problems.
 *
 * Every file is read even where another is wrong; a check across files is left out only where what it needs could not be
 * read, so that one mistake is not told twice.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Node } from 'jsonc-parser';
import { canonicalBytes, type Definition } from '#domain';
import { oneOf, type Problem, Problems, shown } from '../problems.ts';
import { filesOfFolder, type PackageFiles } from '../source/files.ts';
import { type JsonFile, readJson } from '../source/json.ts';
import { LIMITS, tooLarge } from '../source/limits.ts';
import { decodeText } from '../source/text.ts';
import { filesOfZip } from '../source/zip.ts';
import { CANDIDATES_FILE, readCandidates } from './candidates.ts';
import { CONTESTS_FILE, type Contests, readContests } from './contests.ts';
import { type ElectionFile, readElectionFile } from './election-file.ts';
import { ELECTORATES_FILE, readElectorates } from './electorates.ts';
import { MAP_FILE, readMap } from './map.ts';
import { type PackageRules, readRules } from './rules.ts';
import { readUnits, UNITS_FILE } from './units.ts';

export const ELECTION_FILE = 'election.json';
const REQUIRED = [ELECTION_FILE, UNITS_FILE, CONTESTS_FILE, CANDIDATES_FILE];
const KNOWN = [...REQUIRED, ELECTORATES_FILE, MAP_FILE];

export interface PackageSummary {
  readonly election: string;
  readonly units: number;
  readonly stations: number;
  readonly contests: number;
  readonly candidates: number;
  readonly rules: number;
  /** Sum of the stations' `registered` where given. */
  readonly registered: number;
}

export type PackageResult =
  | {
      readonly ok: true;
      readonly definition: Definition;
      /** Lower-case hex SHA-256 of `bytes`. */
      readonly digest: string;
      /** The definition as RFC 8785 canonical JSON. */
      readonly bytes: Uint8Array;
      readonly summary: PackageSummary;
    }
  | { readonly ok: false; readonly problems: Problem[] };

/** Reads a package from a folder or a zip file. Never throws: what is wrong, also with the path, is a problem. */
export async function readPackage(path: string): Promise<PackageResult> {
  const problems = new Problems();
  try {
    const found = await stat(path);
    if (found.isDirectory()) return readPackageFiles(await filesOfFolder(path, problems), problems);
    if (found.size <= LIMITS.totalBytes) return await readPackageZip(await readFile(path));
    problems.add(path, undefined, 'too-large', tooLarge(LIMITS));
  } catch (error) {
    problems.add(path, undefined, 'unreadable', `this package cannot be opened: ${(error as Error).message}`);
  }
  return { ok: false, problems: problems.list() };
}

/** Reads a package from the bytes of a zip. Never throws. */
export async function readPackageZip(bytes: Uint8Array): Promise<PackageResult> {
  const problems = new Problems();
  const files = filesOfZip(bytes, problems);
  if (problems.none) return readPackageFiles(files, problems);
  return { ok: false, problems: problems.list() };
}

/** The definition in trusted canonical bytes, as `readPackage` made them. */
export function parseDefinition(bytes: Uint8Array): Definition {
  return JSON.parse(new TextDecoder().decode(bytes)) as Definition;
}

/** Reads a package from its files by name; `problems` may hold some already. */
export function readPackageFiles(files: PackageFiles, problems = new Problems()): PackageResult {
  const missing = REQUIRED.filter((name) => !files.has(name));
  for (const name of missing)
    problems.add(
      name,
      undefined,
      'missing-file',
      `${name} is missing; a package has ${REQUIRED.join(', ')}, and may have ${ELECTORATES_FILE}, ${MAP_FILE} and rule files`,
    );
  const definition = new PackageReader(files, problems).read();
  if (!definition || !problems.none) return { ok: false, problems: problems.list() };
  const bytes = canonicalBytes(definition);
  return {
    ok: true,
    definition,
    digest: createHash('sha256').update(bytes).digest('hex'),
    bytes,
    summary: summaryOf(definition),
  };
}

function summaryOf({ id, levels, units, contests, candidates, rules }: Definition): PackageSummary {
  const stations = units.filter(({ level }) => level === levels.at(-1)?.id);
  return {
    election: id,
    units: units.length,
    stations: stations.length,
    contests: contests.length,
    candidates: candidates.length,
    rules: rules.length,
    registered: stations.reduce((sum, { registered }) => sum + (registered ?? 0), 0),
  };
}

class PackageReader {
  readonly #files: PackageFiles;
  readonly #problems: Problems;

  constructor(files: PackageFiles, problems: Problems) {
    this.#files = files;
    this.#problems = problems;
  }

  /** Without a readable election.json the other files are still read, as far as they can be judged alone. */
  read(): Definition | undefined {
    const json = this.#json(ELECTION_FILE);
    const election = json && readElectionFile(json, this.#problems);
    this.#tellUnknownFiles(election);
    const rows = this.#readRows(election);
    const { rules, packs } = this.#readRules(election, rows.contests);
    const mapFile = this.#json(MAP_FILE);
    const map = mapFile && readMap(mapFile, rows.units, this.#problems);
    if (!election) return undefined;
    return {
      format: 1,
      ...election.head,
      forms: Object.fromEntries([...election.forms].map(([id, { form }]) => [id, form])),
      units: rows.units?.rows ?? [],
      contests: rows.contests?.rows ?? [],
      candidates: rows.candidates ?? [],
      electorates: rows.electorates ?? [],
      rules,
      packs,
      ...(map !== undefined && { map }),
    };
  }

  #readRows(election: ElectionFile | undefined) {
    const problems = this.#problems;
    const languages = election?.head.languages;
    const levels = election?.head.levels ?? [];
    const tree = this.#withText(UNITS_FILE, (text) => readUnits(text, { levels, languages }, problems));
    // Where the levels are not known, nobody knows what is a station.
    const units = levels.length > 0 ? tree : undefined;
    const forms = election && election.forms.size > 0 ? election.forms : undefined;
    const contests = this.#withText(CONTESTS_FILE, (text) => readContests(text, { languages, forms, units }, problems));
    const candidates = this.#withText(CANDIDATES_FILE, (text) =>
      readCandidates(text, { languages, contests }, problems),
    );
    const electorates = this.#withText(ELECTORATES_FILE, (text) =>
      readElectorates(text, { units, contests }, problems),
    );
    return { units, contests, candidates, electorates };
  }

  #readRules(election: ElectionFile | undefined, contests: Contests | undefined): PackageRules {
    if (election)
      return readRules(election, contests, (name, node) => this.#ruleFile(election, name, node), this.#problems);
    for (const name of this.#files.keys()) if (!KNOWN.includes(name) && /\.json$/i.test(name)) this.#json(name);
    return { rules: [], packs: [] };
  }

  #ruleFile({ reader }: ElectionFile, name: string, node: Node): JsonFile | undefined {
    if (this.#files.has(name) && name.endsWith('.json') && !KNOWN.includes(name)) return this.#json(name);
    const message = KNOWN.includes(name)
      ? `${shown(name)} is no rule file`
      : `the package has no rule file ${shown(name)}; rules come from a .json file beside election.json, or from a pack ("pack:…")`;
    reader.problem(node, 'unknown-rule-file', message);
    return undefined;
  }

  /** A file that is neither read nor a README has a wrong name: better told than left out of an election. */
  #tellUnknownFiles(election: ElectionFile | undefined): void {
    if (!election) return;
    const rules = election.ruleSources.map(({ name }) => name);
    for (const name of this.#files.keys()) {
      if (!/\.(csv|json)$/i.test(name) || KNOWN.includes(name) || rules.includes(name)) continue;
      const isRules = name === 'rules.json';
      const message = isRules
        ? 'rules.json is not used: name it in "rules" of election.json, or take it out'
        : `unknown file; a package has ${oneOf(KNOWN)}, and the rule files named in "rules" of election.json`;
      this.#problems.add(name, undefined, isRules ? 'unused-file' : 'unknown-file', message);
    }
  }

  #json(name: string): JsonFile | undefined {
    return this.#withText(name, (text) => readJson(name, text, this.#problems));
  }

  #withText<T>(name: string, read: (text: string) => T | undefined): T | undefined {
    const bytes = this.#files.get(name);
    const text = bytes && decodeText(name, bytes, this.#problems);
    return text === undefined ? undefined : read(text);
  }
}
