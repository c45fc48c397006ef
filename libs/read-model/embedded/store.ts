/** The lmdb environment of one version of a model: what it is made of and how it is opened. */
import { type Database, open, type RootDatabase } from 'lmdb';
import type { AttemptDoc, Checkpoint, NoteDoc, SheetDoc, TotalsDoc } from '../port.ts';

export interface ModelStore {
  readonly root: RootDatabase<unknown, string>;
  /** By shard. */
  readonly checkpoints: Database<Checkpoint, number>;
  readonly attempts: Database<AttemptDoc, [number, number]>;
  readonly attemptsOn: Database<null, [string, string, number, number]>;
  readonly changesOf: Database<null, [string, string, number, number]>;
  readonly sheets: Database<SheetDoc, [string, string]>;
  readonly totals: Database<TotalsDoc, [string, string, number]>;
  readonly states: Database<TotalsDoc, [string, string, number, number]>;
  readonly notes: Database<NoteDoc, [string, string, number, number]>;
}

const MAP_BYTES = 2 ** 40;

export function openModelStore(path: string): ModelStore {
  const root = open<unknown, string>({ path, noSubdir: false, noSync: true, mapSize: MAP_BYTES, maxReaders: 1024 });
  const json = { encoding: 'json' } as const;
  return {
    root,
    checkpoints: root.openDB('checkpoints', json),
    attempts: root.openDB('attempts', json),
    attemptsOn: root.openDB('attemptsOn', json),
    changesOf: root.openDB('changesOf', json),
    sheets: root.openDB('sheets', json),
    totals: root.openDB('totals', json),
    states: root.openDB('states', json),
    notes: root.openDB('notes', json),
  };
}
