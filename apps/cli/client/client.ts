/**
 * What the commands work with: an installation in a data folder, or a running server; the same for both.
 * Names that do not exist, and what is refused, are thrown as `CliError` with words for the user.
 */
import type { Cause, EventType, Role, Severity, Track, Via } from '#domain';
import type { SheetColumns, SheetSink } from '#intake';
import type { FindingRow } from '#projection';
import type { ExportDescription } from '#transparency';
import type {
  AttemptMessage,
  DeviceAnswer,
  ElectionAnswer,
  FreezeRecord,
  HistoryAnswer,
  LineageAnswer,
  ReplayProgress,
  ReplayReport,
  ResultsAnswer,
  UnitAnswer,
} from '#wire';
import type { OnProgress } from './watched.ts';

export interface Client {
  open(pack: PackageToSend): Promise<OpenedAnswer>;
  /** Throws where there is no such election, naming those there are. */
  election(id: string): Promise<ElectionClient>;
  readonly tokens: TokensClient;
  close(): Promise<void>;
}

/** A package that was read and found sound. */
export interface PackageToSend {
  /** Folder or zip. */
  readonly path: string;
  readonly id: string;
  readonly shards: number;
  readonly rootUnit: string;
  readonly digest: string;
  readonly bytes: Uint8Array;
}

export interface OpenedAnswer {
  /** false: that very package was open before. */
  readonly opened: boolean;
}

export interface TokensClient {
  add(token: NewToken): Promise<AddedToken>;
  /** `election`: of which election; null: of all there are. */
  list(election: string | null): Promise<readonly ListedToken[]>;
  /** false where there is no such account. */
  revoke(id: string, election: string | null): Promise<boolean>;
}

export interface NewToken {
  readonly role: Role;
  readonly unit: string;
  readonly name: string | null;
  readonly election: string | null;
}

export interface ListedToken {
  readonly id: string;
  readonly role: Role;
  /** null: everywhere. */
  readonly unit: string | null;
  readonly election: string | null;
  readonly name: string | null;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export interface AddedToken extends Pick<ListedToken, 'id' | 'role' | 'unit' | 'election'> {
  readonly token: string;
}

export interface LogKeys {
  /** As a verifier key of the head. */
  readonly key: string;
  readonly rotations: string;
}

/** Devices of one election. */
export interface DevicesClient {
  add(device: NewDevice): Promise<Decided>;
  list(): Promise<readonly DeviceAnswer[]>;
  revoke(device: string, reason: string): Promise<Decided>;
}

export interface NewDevice {
  readonly unit: string;
  /** Its public key, Ed25519: 32 bytes in base64. */
  readonly key: string;
  readonly role: Role;
}

export interface ResultsRequest {
  /** Default: the root. */
  readonly unit?: string;
  readonly depth?: number | 'all';
  readonly level?: string;
  readonly contest?: string;
  readonly body?: string;
  readonly tracks?: readonly Track[];
  /** A position or a log time. */
  readonly at?: string;
}

export interface FindingsRequest {
  readonly unit?: string;
  readonly rule?: string;
  readonly severity?: Severity;
}

export interface LineageRequest {
  readonly unit: string;
  readonly contest: string;
  readonly track: Track;
  /** `field.<id>` or `votes.<number>`. */
  readonly key: string | null;
}

/** Of all histories; times are RFC 3339. */
export interface AttemptsRequest {
  readonly unit?: string;
  readonly contest?: string;
  readonly actor?: string;
  readonly device?: string;
  readonly rule?: string;
  readonly cause?: Cause;
  readonly via?: Via;
  readonly outcome?: 'accepted' | 'rejected';
  readonly type?: EventType;
  readonly from?: string;
  readonly to?: string;
}

/** What fits, by log time, all at one position. */
export interface FoundAttempts {
  readonly position: string;
  readonly attempts: AsyncIterable<AttemptMessage>;
}

export interface Fingerprinted {
  readonly fingerprint: string;
  readonly position: string;
}

export interface ElectionClient {
  readonly id: string;
  summary(): Promise<ElectionAnswer>;
  /** A unit, what lies below it, and its contests. */
  place(unit: string): Promise<UnitAnswer>;
  columns(): Promise<SheetColumns>;
  /** Where sheets of an import go; `withReceipts`: what was taken in is answered with its receipt. */
  sink(options?: { readonly withReceipts?: boolean }): Promise<SheetSink>;
  results(request: ResultsRequest): Promise<ResultsAnswer>;
  /** The long form, as bytes or text in UTF-8. */
  resultsCsv(request: ResultsRequest, onProgress?: OnProgress): AsyncIterable<string | Uint8Array>;
  findings(request: FindingsRequest, onProgress?: OnProgress): AsyncIterable<FindingRow>;
  history(station: string, contest: string): Promise<HistoryAnswer>;
  attempts(request: AttemptsRequest): Promise<FoundAttempts>;
  lineage(request: LineageRequest): Promise<LineageAnswer>;
  fingerprint(contest?: string, onProgress?: OnProgress): Promise<Fingerprinted>;
  replay(options: { readonly switch: boolean }, onProgress: (progress: ReplayProgress) => void): Promise<ReplayReport>;
  certify(contest: string, fingerprint: string, reason: string): Promise<Decided>;
  reopen(contest: string, reason: string): Promise<Decided>;
  /** What the public sees stands still from now on. */
  freeze(reason: string): Promise<FreezeRecord>;
  /** The public sees the newest figures again. */
  liftFreeze(reason: string): Promise<FreezeRecord>;
  /** The key that signs the log, and the notes of the rotations that led to it. */
  keys(): Promise<LogKeys>;
  /** Another key signs from now on; `present`: the one until now. */
  rotateKey(present: string): Promise<LogKeys>;
  readonly devices: DevicesClient;
  export(request: ExportRequest, onProgress?: OnProgress): Promise<Exported>;
}

export interface ExportRequest {
  readonly folder: string;
  /** Only what the public may see now. */
  readonly publicOnly: boolean;
}

export interface Exported {
  readonly description: ExportDescription;
  /** What of it the public may not see yet, in words; empty where all of it is public. */
  readonly unpublished: readonly string[];
}

/** Where an act lies in the log. */
export interface Decided {
  readonly position: string;
}
