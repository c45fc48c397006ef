/**
 * What crosses HTTP and the socket, as types: shared by api, gateway, command line and web (contracts §4–§6).
 * Types only, so that a page can use them without carrying a validator.
 */
import type {
  Actor,
  CandidateRow,
  ContestKind,
  DecisionRule,
  Definition,
  Finding,
  FormField,
  HoldReason,
  Progress,
  RejectionCode,
  Role,
  SheetStatus,
  Texts,
  Track,
  UnitCode,
} from '#domain';

/** Every answer is true at one position and names it. `asOf`: log time of the newest record it takes in, RFC 3339; null before any. */
export interface AtPosition {
  readonly election: string;
  readonly position: string;
  readonly asOf: string | null;
}

export interface SpelledTotals {
  readonly fields: Readonly<Record<string, number>>;
  readonly votes: Readonly<Record<string, number>>;
  /** For optional fields: how many counted sheets stated it. */
  readonly present?: Readonly<Record<string, number>>;
  /** What a candidate's share is a share of; absent where there is nothing to divide by. */
  readonly shareOf?: number;
}

/** A contest at a unit. A track without counted sheets is left out: nothing received is not zero. */
export interface ResultNode {
  readonly unit: string;
  readonly contest: string;
  /** Absent where progress is not public. */
  readonly progress?: Progress;
  readonly tracks: Partial<Readonly<Record<Track, SpelledTotals>>>;
  /** false where figures are not published yet and the viewer is bound by that. */
  readonly published: boolean;
}

export interface ResultsAnswer extends AtPosition {
  readonly nodes: readonly ResultNode[];
}

/** One absolute value; null: gone. Keys as in the CSV: `field.<id>`, `votes.<number>`, `present.<id>`, and with an empty track `progress.<name>`. */
export interface ResultRow {
  readonly unit: string;
  readonly contest: string;
  readonly track: Track | '';
  readonly key: string;
  readonly value: number | null;
}

export interface UnitName {
  readonly code: string;
  readonly level: string;
  readonly name: string;
  readonly names?: Texts;
}

export type CertifiedState =
  | { readonly state: 'open' }
  | {
      readonly state: 'certified';
      readonly fingerprint: string;
      readonly position: string;
      readonly at: string;
      /** Whether anything of the contest changed after that position. */
      readonly changedSince: boolean;
    };

export interface ContestSummary {
  readonly id: string;
  readonly name: string;
  readonly names?: Texts;
  readonly body?: string;
  readonly seats: number;
  readonly form: string;
  readonly decision: DecisionRule;
  readonly kind: ContestKind;
  readonly of?: string;
  readonly area: readonly string[];
  /** How many stations vote in it, all over the election. */
  readonly stations: number;
  /** Whether the package says the registered voters of every one of them. */
  readonly registeredKnown: boolean;
  readonly fields: readonly FormField[];
  readonly candidates: readonly (CandidateRow & { readonly withdrawn?: true })[];
  readonly certified: CertifiedState;
}

/** `GET /elections/{e}/units/{unit}` */
export interface UnitAnswer extends UnitName {
  readonly election: string;
  readonly isStation: boolean;
  /** From the root down to the parent. */
  readonly path: readonly UnitName[];
  readonly children: readonly (UnitName & { readonly isStation: boolean; readonly registered?: number })[];
  readonly registered?: number;
  /** Contests that have a station at or below the unit. */
  readonly contests: readonly ContestSummary[];
  /** How many of these are left out of the list. */
  readonly moreContests: number;
}

/** A freeze of publication that stands: public figures are those of its position. */
export interface FreezeAnswer {
  /** RFC 3339 */
  readonly since: string;
  readonly position: string;
  readonly reason: string;
}

/** A freeze of publication, standing or lifted. */
export interface FreezeRecord {
  /** RFC 3339 */
  readonly from: string;
  /** null for the seconds before it begins. */
  readonly position: string | null;
  readonly reason: string;
  readonly by: Pick<Actor, 'role' | 'unit'>;
  readonly lifted: { readonly at: string; readonly reason: string; readonly by: Pick<Actor, 'role' | 'unit'> } | null;
}

/** `GET /elections/{e}/publication`: all freezes there were, oldest first. */
export interface PublicationAnswer {
  readonly election: string;
  readonly freezes: readonly FreezeRecord[];
}

/** `GET /elections/{e}` */
export interface ElectionAnswer extends AtPosition {
  readonly id: string;
  readonly name: Texts;
  readonly date: string;
  readonly timezone: string;
  readonly rehearsal: boolean;
  readonly languages: readonly string[];
  readonly levels: Definition['levels'];
  readonly polls: Definition['polls'];
  readonly publish: Definition['publish'];
  readonly entry: Definition['entry'];
  readonly shards: number;
  readonly leaderThreshold: number;
  readonly root: string;
  readonly definition: string;
  readonly contests: number;
  readonly stations: number;
  readonly freeze: FreezeAnswer | null;
}

/** `GET /elections` */
export interface ElectionsAnswer {
  readonly elections: readonly Pick<ElectionAnswer, 'id' | 'name' | 'date' | 'rehearsal' | 'root'>[];
}

export interface SpelledSheet {
  readonly fields: Readonly<Record<string, number | string>>;
  readonly votes: Readonly<Record<string, number>>;
}

export interface RevisionAnswer extends SpelledSheet {
  readonly revision: number;
  readonly findings: readonly Finding[];
}

/** `GET /elections/{e}/sheets/{station}/{contest}`; `revision` 0 and status `none` where nothing was received. */
export interface SheetAnswer extends AtPosition {
  readonly station: string;
  readonly contest: string;
  readonly revision: number;
  readonly status: SheetStatus;
  readonly sealed: boolean;
  readonly closed: boolean;
  readonly heldFor: readonly HoldReason[];
  /** What counts in `provisional` (in `verified` too where `verified`); null where nothing does. */
  readonly standing: (RevisionAnswer & { readonly verified: boolean }) | null;
  /** The newest revision, whatever its status. Observers and above, or once the log is public; else only where it stands. */
  readonly newest: RevisionAnswer | null;
  /** While disputed, for those who may resolve: the second entry. */
  readonly second?: RevisionAnswer;
  /** Findings on newest and standing figures, those across contests (`other`) included, with the rule's words. */
  readonly findings: readonly FindingAnswer[];
  /** For `If-Match`: as in the `ETag` header. */
  readonly etag: string;
}

export interface FindingAnswer extends Finding {
  readonly revision: number;
  readonly message?: Texts;
  readonly advice?: { readonly clerk?: Texts; readonly reviewer?: Texts };
  readonly source?: string;
  readonly fields?: readonly string[];
}

export interface ChangedFigure {
  /** `field.<id>` or `votes.<number>`. */
  readonly key: string;
  readonly before: number | string | null;
  readonly after: number | string | null;
}

/** One attempt on a sheet, accepted or not. */
export interface AttemptAnswer {
  /** `SHARD:OFFSET` */
  readonly position: string;
  readonly logTime: string;
  readonly id: string | null;
  readonly type: string | null;
  /** When the sender made it. */
  readonly time: string | null;
  /** The account id is left out for the public. */
  readonly actor: (Omit<Actor, 'id'> & { readonly id?: string }) | null;
  readonly outcome: 'accepted' | 'rejected';
  readonly rejection?: RejectionCode;
  readonly detail?: string;
  readonly revision: number | null;
  readonly status: SheetStatus | null;
  /** Against the revision before it. */
  readonly changed: readonly ChangedFigure[];
  readonly findings: readonly Finding[];
  readonly reason?: string;
  readonly cause?: string;
  readonly via?: string;
  /** With what it was sent, where the event says so; left out for the public. */
  readonly device?: string;
  /** It carries the signature of its device. */
  readonly signed?: true;
  /** In a history: the id of its receipt (`GET …/receipts/{id}`). */
  readonly receipt?: string;
}

/** When something was done, where that lies in the log, and by which account. */
export interface DoneBy {
  readonly at: string;
  readonly position: string;
  readonly by: string;
}

/** A device that was enrolled: of `GET …/devices`. */
export interface DeviceAnswer {
  readonly device: string;
  readonly unit: UnitCode;
  readonly role: Role;
  /** Ed25519, 32 bytes in base64. */
  readonly key: string;
  readonly enrolled: DoneBy;
  readonly revoked: (DoneBy & { readonly reason: string }) | null;
}

/** `GET …/sheets/{station}/{contest}/history` */
export interface HistoryAnswer extends AtPosition {
  readonly station: string;
  readonly contest: string;
  readonly attempts: readonly AttemptAnswer[];
}

/** `GET …/results/{unit}/lineage?contest&track&key` */
export interface LineageAnswer extends AtPosition {
  readonly unit: string;
  readonly contest: string;
  readonly track: Track;
  readonly key: string | null;
  readonly total: SpelledTotals | null;
  /** The sheets that make it, by station code, each with its revision's attempt and the corrections before it. */
  readonly sheets: readonly LineageSheet[];
}

export interface LineageSheet extends SpelledSheet {
  readonly station: string;
  readonly revision: number;
  readonly status: SheetStatus;
  /** `SHARD:OFFSET` of the attempt that brought these figures. */
  readonly position: string;
  readonly corrections: number;
  /** With a key, where it ever was another: what the sheet counted with before, the oldest first; null: with nothing. */
  readonly earlier?: readonly EarlierContribution[];
}

export interface EarlierContribution {
  /** `SHARD:OFFSET` of the attempt from which on it was so. */
  readonly position: string;
  readonly value: number | null;
}

export interface ProvenReceipt {
  /** `SHARD-OFFSET-CODE` */
  readonly id: string;
  readonly election: string;
  readonly code: string;
  /** Leaf hash (RFC 6962) of the event, lower-case hex. */
  readonly digest: string;
  readonly attempt: string;
  /** C2SP signed note over election, place and digest. */
  readonly note: string;
  /** C2SP checkpoint of the shard; absent while the event is not in the tree. */
  readonly checkpoint?: string;
  /** Inclusion proof under the checkpoint (RFC 6962), base64. */
  readonly proof?: readonly string[];
}

export interface TimelinePoint {
  readonly position: string;
  readonly time: string;
  readonly received: number;
  readonly counted: number;
  readonly registeredCounted: number;
  readonly votes: Readonly<Record<string, number>>;
}

/** `GET …/results/{unit}/timeline?contest&track` */
export interface TimelineAnswer extends AtPosition {
  readonly unit: string;
  readonly contest: string;
  readonly track: Track;
  readonly points: readonly TimelinePoint[];
}

/* ------------------------------------------------------------ live feed, namespace /live */

export interface WatchRequest {
  readonly election: string;
  readonly unit: string;
  /** Left out: every contest at the unit. */
  readonly contest?: string;
  readonly track: Track;
  /** Also the units directly below. */
  readonly children?: boolean;
  readonly position?: string;
}

/** Acknowledgement of `watch`. */
export interface WatchSnapshot {
  readonly position: string;
  readonly asOf: string | null;
  readonly totals: readonly ResultRow[];
  readonly children: readonly ResultRow[];
}

/** `totals`: all that changed after `from` up to `to` in the room, as absolute values at `to`. */
export interface TotalsMessage {
  readonly election: string;
  readonly unit: string;
  readonly contest: string | null;
  readonly track: Track;
  readonly from: string;
  readonly to: string;
  readonly asOf: string | null;
  readonly changes: readonly ResultRow[];
}

export interface PositionMessage {
  readonly election: string;
  readonly position: string;
  readonly asOf: string | null;
  readonly lag: { readonly events: number; readonly ms: number };
  /** While publication is frozen; the public's `position` is that of the freeze then. */
  readonly freeze?: FreezeAnswer;
}

/** RFC 9457 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance?: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly message: string }[];
}
