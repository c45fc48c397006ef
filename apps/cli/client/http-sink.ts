/** The sink of an import into a running server: `POST …/sheets:batch`, a line for a line. */

import type { StructureProblem } from '#domain';
import type { SheetSink, SinkAnswer } from '#intake';
import type { SignedReceipt } from '#log-tree';
import type { HistoryAnswer } from '#wire';
import { CliError } from '../errors.ts';
import type { Transport } from './http-transport.ts';

/** What the server says of one line. */
interface BatchLine {
  readonly line: number;
  readonly outcome: string;
  readonly receipt?: SignedReceipt | string;
  readonly problems?: readonly StructureProblem[];
  readonly rejection?: string;
  readonly detail?: string;
}

/** `withReceipts`: what was taken in is answered with its receipt. */
export function httpSink(transport: Transport, base: string, withReceipts = false): SheetSink {
  const receiptOf = async (id: string | undefined): Promise<{ receipt?: SignedReceipt }> =>
    withReceipts && id !== undefined
      ? { receipt: await transport.json('GET', `${base}/receipts/${encodeURIComponent(id)}`) }
      : {};
  return {
    async submit(sheets) {
      const answers = new Array<SinkAnswer>(sheets.length).fill({
        outcome: 'unknown',
        why: 'the server did not answer',
      });
      const content = sheets.map((sheet) => `${JSON.stringify(sheet)}\n`).join('');
      try {
        const response = await transport.send(
          'POST',
          `${base}/sheets:batch`,
          withReceipts ? { receipts: 'signed' } : {},
          { type: 'application/x-ndjson', content },
        );
        for await (const line of transport.lines(response)) {
          const said = line as BatchLine;
          if (Number.isInteger(said.line) && said.line >= 1 && said.line <= sheets.length)
            answers[said.line - 1] = answerOf(said);
        }
      } catch (error) {
        // Not reached, cut off, or busy: what has no answer is sent again with the same ids.
        if (!(error instanceof CliError) || error.exitCode !== 3) throw error;
        return answers.map((answer) =>
          answer.outcome === 'unknown' ? { outcome: 'unknown', why: error.message } : answer,
        );
      }
      return answers;
    },
    async earlier(sheet) {
      const { id, station, contest } = sheet as { id: string; station: string; contest: string };
      try {
        const history = await transport.json<HistoryAnswer>(
          'GET',
          `${base}/sheets/${encodeURIComponent(station)}/${encodeURIComponent(contest)}/history`,
        );
        const attempt = history.attempts.find((one) => one.id === id.toLowerCase());
        if (attempt?.outcome !== 'accepted') return undefined;
        const receipt = await receiptOf(attempt.receipt);
        if (attempt.status === 'held' || attempt.status === 'disputed') return { outcome: attempt.status, ...receipt };
        return { outcome: attempt.status === 'awaiting-second' ? 'awaiting' : 'accepted', ...receipt };
      } catch (error) {
        // Who may submit may not be able to see it, or the server is gone again: then what is known is `unchanged`.
        if (error instanceof CliError) return undefined;
        throw error;
      }
    },
  };
}

function answerOf({ outcome, receipt, problems, rejection, detail }: BatchLine): SinkAnswer {
  switch (outcome) {
    case 'accepted':
    case 'held':
    case 'unchanged':
    case 'awaiting':
    case 'disputed':
      return { outcome, ...(typeof receipt === 'object' && { receipt }) };
    case 'conflict':
    case 'refused': {
      const said = [rejection, detail].filter((part) => part !== undefined).join(': ');
      const told = problems ?? [
        { pointer: '', code: rejection ?? outcome, message: `${said === '' ? outcome : said}.` },
      ];
      return { outcome, problems: told };
    }
    default:
      return { outcome: 'unknown', why: detail ?? outcome };
  }
}
