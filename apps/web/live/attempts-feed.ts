/** The attempts of an area as they come in: the newest that there are, then the live feed. */
import { useEffect, useState } from 'preact/hooks';
import type { AttemptMessage, AttemptsAnswer } from '#wire';
import { addresses } from './addresses.ts';
import { getJson } from './http.ts';
import { type AttemptSocket, openSocket } from './socket.ts';

const KEPT = 100;

export function useAttempts(election: string, unit: string): readonly AttemptMessage[] {
  const [attempts, setAttempts] = useState<readonly AttemptMessage[]>([]);
  useEffect(() => {
    setAttempts([]);
    let isOver = false;
    let socket: AttemptSocket | undefined;
    const add = (more: readonly AttemptMessage[]): void => setAttempts((known) => newest([...more, ...known]));
    const onAttempt = (attempt: AttemptMessage): void => add([attempt]);
    /** First the feed, then what there is: nothing falls between the two. What fails is asked for at the next connection. */
    const begin = (): void => {
      const asked = socket
        ?.feed({ election, unit })
        .then(() => getJson<AttemptsAnswer>(addresses.attempts(election, unit)));
      asked?.then(
        (answer) => !isOver && add(answer.attempts),
        () => undefined,
      );
    };
    openSocket().then(
      (opened) => {
        if (isOver) return;
        socket = opened;
        opened.on('attempt', onAttempt);
        opened.on('connect', begin);
        if (opened.connected) begin();
        else opened.connect();
      },
      () => undefined,
    );
    return () => {
      isOver = true;
      socket?.off('attempt', onAttempt);
      socket?.off('connect', begin);
      socket?.unfeed({ election, unit });
      socket?.disconnect();
    };
  }, [election, unit]);
  return attempts;
}

function newest(attempts: readonly AttemptMessage[]): AttemptMessage[] {
  const byPlace = new Map(attempts.map((attempt) => [attempt.position, attempt]));
  return [...byPlace.values()]
    .sort((a, b) => (a.logTime < b.logTime ? 1 : a.logTime > b.logTime ? -1 : 0))
    .slice(0, KEPT);
}
