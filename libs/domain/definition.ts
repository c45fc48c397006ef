/**
 * The election package as data: what is counted, where, by which form and rules (contracts §1).
 *
 * A `Definition` is the canonical form of a package: defaults filled in, texts in NFC, rows in the order of their
 * files. Its digest (SHA-256 over its RFC 8785 bytes) names the definition in every event. It is made by
 * `libs/definition` and never changes once an election is open.
 */

/** Lower-case letters, digits and `-`; ends in `-rehearsal` exactly if the election is a rehearsal. */
export type ElectionId = string;
export type LevelId = string;
/** Code of a node of the area tree, unique in the package. A station's code is a unit code. */
export type UnitCode = string;
export type StationCode = UnitCode;
export type ContestId = string;
export type BodyId = string;
export type FormId = string;
/** Id of a field on a form; fields that repeat by seats are expanded to `n.1` … `n.S` where figures are counted. */
export type FieldId = string;
/** The place on the ballot ("3", "3.12"): text, unique in its contest. */
export type CandidateNumber = string;
export type Language = string;
/** A text by language, e.g. `{ vi: "Xã", en: "Commune" }`. */
export type Texts = Readonly<Record<Language, string>>;

/** RFC 3339 with an offset. */
export type Timestamp = string;

/**
 * When the public may see something: a word or a time. `closed` = when the polls close; `certified` = once the contest
 * (for the log: every contest) is certified; `always` = for results and log from the close on, in a rehearsal at once.
 */
export type PublishMoment = 'never' | 'closed' | 'certified' | 'always' | Timestamp;

export interface Publish {
  readonly progress: PublishMoment;
  readonly turnout: PublishMoment;
  readonly results: PublishMoment;
  readonly log: PublishMoment;
  readonly incidents: PublishMoment;
  readonly evidence: PublishMoment;
  /** The deepest level with public figures. */
  readonly lowestLevel: LevelId;
}

export interface Level {
  readonly id: LevelId;
  readonly name: Texts;
}

export type FieldRole =
  | 'registered'
  | 'voted'
  | 'issued'
  | 'spoiled'
  | 'unused'
  | 'collected'
  | 'valid'
  | 'invalid'
  | 'blank';

export interface FormField {
  readonly id: FieldId;
  readonly name: Texts;
  readonly role?: FieldRole;
  /** A sheet may leave it out; totals then say how many sheets stated it. */
  readonly optional?: true;
  /** Makes fields `id.1` … `id.S`, S = the contest's seats (the class sort). */
  readonly repeat?: 'seats';
  /** `time` is recorded, never summed. */
  readonly type?: 'time';
}

export interface Form {
  readonly fields: readonly FormField[];
  /** CEL over the summed fields: what a candidate's share is a share of. Default: the field with role `valid`, else the sum of votes. */
  readonly shareOf?: string;
}

export interface UnitRow {
  readonly code: UnitCode;
  readonly level: LevelId;
  readonly name: string;
  readonly names?: Texts;
  /** null for the root only. */
  readonly parent: UnitCode | null;
  /** Stations only: the voters expected there. */
  readonly registered?: number;
  readonly lat?: number;
  readonly lon?: number;
}

export type DecisionRule = 'plurality' | 'majority-of-valid-ballots' | 'none';
export type ContestKind = 'first' | 'rerun' | 'additional' | 'runoff';

export interface ContestRow {
  readonly id: ContestId;
  readonly name: string;
  readonly names?: Texts;
  /** The stations at or below these units vote in it. */
  readonly area: readonly UnitCode[];
  readonly form: FormId;
  readonly body?: BodyId;
  /** Default 1. */
  readonly seats: number;
  readonly decision: DecisionRule;
  readonly kind: ContestKind;
  /** The first contest that a re-run, additional or run-off contest belongs to. */
  readonly of?: ContestId;
}

export interface CandidateRow {
  readonly contest: ContestId;
  readonly number: CandidateNumber;
  readonly name: string;
  readonly names?: Texts;
  readonly party?: string;
  readonly birthDate?: string;
  readonly gender?: string;
  readonly list?: string;
  readonly color?: string;
}

/** Where present for a contest, only the stations listed vote in it, with that many voters. */
export interface ElectorateRow {
  readonly station: StationCode;
  readonly contest: ContestId;
  readonly registered?: number;
}

export type Severity = 'info' | 'warning' | 'error';

export interface Rule {
  readonly id: string;
  readonly form: FormId;
  readonly severity: Severity;
  /** A CEL condition that must hold (contracts §1, rules.json). */
  readonly expect: string;
  readonly fields: readonly FieldId[];
  readonly message: Texts;
  readonly advice?: { readonly clerk?: Texts; readonly reviewer?: Texts };
  /** The form, article or guidance it rests on. */
  readonly source?: string;
}

export interface RulePack {
  readonly id: string;
  readonly version: string;
}

export interface Definition {
  readonly format: 1;
  readonly id: ElectionId;
  readonly name: Texts;
  readonly date: string;
  readonly timezone: string;
  readonly rehearsal: boolean;
  readonly polls: { readonly opens?: Timestamp; readonly closes: Timestamp };
  readonly publish: Publish;
  readonly languages: readonly Language[];
  /** Root first; the last one is where sheets are counted. 2 to 8. */
  readonly levels: readonly Level[];
  readonly shards: number;
  readonly shardLevel: LevelId;
  readonly forms: Readonly<Record<FormId, Form>>;
  readonly entry: 'single' | 'double';
  readonly holdOn: 'error' | 'warning' | 'never';
  readonly leaderThreshold: number;
  readonly units: readonly UnitRow[];
  readonly contests: readonly ContestRow[];
  readonly candidates: readonly CandidateRow[];
  readonly electorates: readonly ElectorateRow[];
  /** Own rules and those of the packs named in `rules`, in order; a later one with the same id replaces the earlier. */
  readonly rules: readonly Rule[];
  readonly packs: readonly RulePack[];
  /** GeoJSON or TopoJSON, as given. */
  readonly map?: unknown;
}
