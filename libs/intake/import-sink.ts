/** The sink of an import that has the log at hand: sheets go through `Intake`, in bulk. */
import type { Actor, StructureProblem, Unit } from '#domain';
import type { PlacedRecord, SignedReceipt } from '#log-tree';
import type { Projection, ServedElection } from '#projection';
import type { AttemptDoc } from '#read-model';
import type { SheetSink, SinkAnswer } from './import.ts';
import type { Intake, IntakeResult } from './intake.ts';

/** How much longer to wait for the fold's word on what is in the log already, milliseconds. */
const FOLD_WAIT_MS = 30_000;

export type ReceiptOf = (record: PlacedRecord) => SignedReceipt;

export interface IntakeSinkParts {
  readonly intake: Intake;
  readonly projection: Projection;
  readonly served: ServedElection;
  /** Makes the receipts that sheets which were taken in are answered with; left out: none are given. */
  readonly receiptOf?: ReceiptOf | undefined;
  /** Who enters sheets at a station, or why they may not. */
  readonly actorFor: (station: Unit) => Actor | StructureProblem;
}

export function intakeSink({ intake, projection, served, receiptOf, actorFor }: IntakeSinkParts): SheetSink {
  const id = served.election.definition.id;
  const settled = async (result: IntakeResult): Promise<SinkAnswer> => {
    if (result.kind !== 'pending') return receipted(result);
    const [attempt] = await projection.outcomes(id, [result], FOLD_WAIT_MS);
    return attempt ? fromLog(attempt) : sinkAnswer(result);
  };
  const receipted = (result: IntakeResult): SinkAnswer => sinkAnswer(result, receiptOf);
  /** Of an attempt whose record is not at hand. */
  const fromLog = async (attempt: AttemptDoc): Promise<SinkAnswer> => {
    const { shard, offset } = attempt;
    const [record] = receiptOf ? await served.log.read(shard, offset, { maxRecords: 1 }) : [];
    return receipted({ kind: 'settled', attempt, ...(record?.offset === offset && { appended: record.value }) });
  };
  return {
    async submit(sheets) {
      const results = await intake.submitMany(served, sheets, actorFor, { bulk: true });
      if (results.some(({ kind }) => kind === 'pending')) return Promise.all(results.map(settled));
      return results.map(receipted);
    },
    async earlier(sheet) {
      const sent = sheet as { id: string; station: string; contest: string };
      const snapshot = await (await projection.model(id))?.snapshot();
      if (!snapshot) return undefined;
      try {
        const attempts = await snapshot.attemptsOn(sent.station, sent.contest);
        const first = attempts.find((attempt) => attempt.id === sent.id.toLowerCase());
        return first && (await fromLog(first));
      } finally {
        snapshot.close();
      }
    },
  };
}

/** What an importer makes of the intake's answer. */
export function sinkAnswer(result: IntakeResult, receiptOf?: ReceiptOf): SinkAnswer {
  switch (result.kind) {
    case 'refused':
      return { outcome: 'refused', problems: result.problems };
    case 'unchanged':
      return { outcome: 'unchanged' };
    case 'settled':
      return answerOfAttempt(result.attempt, result.appended, receiptOf);
    case 'pending':
      return { outcome: 'unknown', why: `${result.shard}:${result.offset} is in the log, but not counted yet` };
    case 'unconfirmed':
      return { outcome: 'unknown', why: result.message };
  }
}

/** `value`: its record, where that is at hand. */
function answerOfAttempt(attempt: AttemptDoc, value: Uint8Array | undefined, receiptOf?: ReceiptOf): SinkAnswer {
  const { shard, offset, outcome, status, rejection, detail } = attempt;
  if (outcome === 'accepted') {
    const receipt = value && receiptOf ? { receipt: receiptOf({ shard, offset, value }) } : {};
    if (status === 'held' || status === 'disputed') return { outcome: status, ...receipt };
    return { outcome: status === 'awaiting-second' ? 'awaiting' : 'accepted', ...receipt };
  }
  if (rejection === 'repeat' || rejection === 'unchanged') return { outcome: 'unchanged' };
  const code = rejection ?? 'rejected';
  const message = REJECTIONS[code] ?? code;
  return {
    outcome: code === 'stale-revision' ? 'conflict' : 'refused',
    problems: [{ pointer: '', code, message: detail ? `${message}: ${detail}.` : `${message}.` }],
  };
}

const REJECTIONS: Readonly<Record<string, string>> = {
  'idempotency-conflict': 'The id was used before for this sheet, with other content',
  'reason-required': 'From revision 2 on a reason is required',
  'stale-revision': 'Another revision came first',
  'same-person': 'Another person is needed',
};
