/** What senders were told, held against the history of every sheet as a server tells it. */
import type { ElectionClient } from './election-client.ts';
import type { Sheet } from './georgia.ts';
import type { Acknowledged } from './senders.ts';

export interface HistoryLine {
  readonly position: string;
  readonly id: string;
  readonly outcome: string;
  readonly revision: number | null;
}

/** Every attempt on every sheet, by station. */
export async function histories(
  client: ElectionClient,
  sheets: readonly Pick<Sheet, 'station' | 'contest'>[],
): Promise<Map<string, readonly HistoryLine[]>> {
  const found = new Map<string, readonly HistoryLine[]>();
  const open = [...sheets];
  const ask = async (): Promise<void> => {
    for (let sheet = open.pop(); sheet !== undefined; sheet = open.pop()) {
      const { station, contest } = sheet;
      const { json } = await client.ask('GET', `sheets/${station}/${contest}/history`, 'observer');
      found.set(station, json.attempts);
    }
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  return found;
}

/** What was acknowledged and is not in the history as it was told. */
export function missingFrom(
  known: ReadonlyMap<string, readonly HistoryLine[]>,
  acknowledged: readonly Acknowledged[],
): unknown[] {
  return acknowledged.filter(
    ({ station, id, revision, attempt }) =>
      !known
        .get(station)
        ?.some(
          (one) => one.position === attempt && one.id === id && one.outcome === 'accepted' && one.revision === revision,
        ),
  );
}
