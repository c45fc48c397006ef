/** Whether anybody is looking: the tab is visible and the reader has not paused the updates. */
import { computed, effect, signal } from '@preact/signals';
import type { Feed, FeedWorld } from './feed.ts';
import { openSocket } from './socket.ts';

const visible = signal(typeof document === 'undefined' || document.visibilityState !== 'hidden');
export const paused = signal(false);
export const watching = computed(() => visible.value && !paused.value);

export function startWatching(): void {
  document.addEventListener('visibilitychange', () => {
    visible.value = document.visibilityState !== 'hidden';
  });
}

export const browser: FeedWorld = { openSocket, now: Date.now, random: Math.random };

/** Runs a feed while somebody is looking; a feed that comes back catches up. Returns what ends it. */
export function runWhileWatched(feed: Feed): () => void {
  let fresh = true;
  const end = effect(() => {
    if (watching.value) feed.start({ fresh });
    else feed.stop({ hangUp: true });
    fresh = false;
  });
  return () => {
    end();
    feed.stop();
  };
}
