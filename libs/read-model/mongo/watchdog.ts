/**
 * Gives a client new connections where the driver's watch over a server has got stuck.
 *
 * The driver (7.8.0) may write to a socket that is destroyed already and whose end it has not been told of yet; it then
 * waits for that socket to drain for ever. Where its own watch (the heartbeat) does so, as when a network takes all
 * connections at one moment, the server stays unknown to it however well it is. Every heartbeat ends in bounded time, so
 * one that does not shows it: then the client is closed and connected anew, and all that holds it goes on by itself.
 */
import type { Connection } from 'mongoose';

export interface WatchLimits {
  /** A heartbeat takes no longer, milliseconds; one that waits for news takes `heartbeatMs` more. */
  readonly answerTimeoutMs: number;
  readonly heartbeatMs: number;
}

const SLACK_MS = 1_000;

/** Ends with the connection. */
export function watchHeartbeats(connection: Connection, { answerTimeoutMs, heartbeatMs }: WatchLimits): void {
  const client = connection.getClient();
  /** By address: until when the heartbeat that is under way must have ended. */
  const due = new Map<string, number>();
  let isReviving = false;
  let isOver = false;

  client.on('serverHeartbeatStarted', ({ connectionId, awaited }) => {
    due.set(connectionId, performance.now() + answerTimeoutMs + SLACK_MS + (awaited ? heartbeatMs : 0));
  });
  client.on('serverHeartbeatSucceeded', ({ connectionId }) => due.delete(connectionId));
  client.on('serverHeartbeatFailed', ({ connectionId }) => due.delete(connectionId));
  client.on('serverClosed', ({ address }) => due.delete(address));

  const revive = async (): Promise<void> => {
    await client.close();
    let isAway = true;
    // A server that is away now is looked for until it is found; whoever asks meanwhile is told that it is away.
    while (isAway && !isOver)
      isAway = await client.connect().then(
        () => false,
        () => true,
      );
    if (isOver) await client.close();
  };

  const timer = setInterval(() => {
    const now = performance.now();
    if (isReviving || ![...due.values()].some((until) => until < now)) return;
    isReviving = true;
    due.clear();
    void revive().finally(() => {
      isReviving = false;
    });
  }, SLACK_MS / 2).unref();
  connection.once('close', () => {
    isOver = true;
    clearInterval(timer);
  });
}
