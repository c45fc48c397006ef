/** Addresses of the HTTP API (contracts §5). */
import type { Track } from '#domain';

const base = '/api/v1/elections';
const part = encodeURIComponent;

export interface NodeAddress {
  readonly election: string;
  readonly unit: string;
  readonly contest: string;
  readonly track: Track;
}

function query({ contest, track }: NodeAddress, at?: string): string {
  return `?contest=${part(contest)}&track=${track}${at === undefined ? '' : `&at=${part(at)}`}`;
}

function results(node: NodeAddress, name: string): string {
  return `${base}/${part(node.election)}/results/${part(node.unit)}${name}`;
}

function asOf(at: string | undefined): string {
  return at === undefined ? '' : `?at=${part(at)}`;
}

/** A part of the operations board. */
function board(name: string) {
  return (election: string, unit: string, query: Readonly<Record<string, string | undefined>> = {}): string => {
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const text = new URLSearchParams(given).toString();
    return `${base}/${part(election)}/board/${part(unit)}${name}${text && `?${text}`}`;
  };
}

export const addresses = {
  session: '/api/v1/session',
  board: board(''),
  minutes: board('/minutes'),
  arrivals: board('/arrivals'),
  ruleCounts: board('/rules'),
  attempts: board('/attempts'),
  replay: (election: string): string => `${base}/${part(election)}/replay`,
  /** All histories; with `format` the whole of what fits. */
  search: (election: string, query: Readonly<Record<string, string | undefined>>): string => {
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return `${base}/${part(election)}/attempts?${new URLSearchParams(given)}`;
  },
  table: (election: string, contest: string, query: Readonly<Record<string, string>>): string =>
    `${base}/${part(election)}/tables/${part(contest)}?${new URLSearchParams(query)}`,
  operation: (election: string): string => `${base}/${part(election)}/operation`,
  elections: base,
  overview: (election: string, at?: string): string => `${base}/${part(election)}/overview${asOf(at)}`,
  corrections: (election: string, at?: string): string => `${base}/${part(election)}/corrections${asOf(at)}`,
  units: (election: string, wanted: string): string => `${base}/${part(election)}/units?q=${part(wanted)}`,
  fingerprint: (election: string): string => `${base}/${part(election)}/fingerprint`,
  election: (election: string): string => `${base}/${part(election)}`,
  /** `contest`: one that must be among those listed. */
  unit: (election: string, unit: string, contest?: string): string =>
    `${base}/${part(election)}/units/${part(unit)}?contests=near${contest === undefined ? '' : `&contest=${part(contest)}`}`,
  /** `at`: a position or a time. */
  totals: (node: NodeAddress, at?: string): string => results(node, query(node, at)),
  children: (node: NodeAddress, at?: string): string => results(node, `/children${query(node, at)}`),
  /** Totals of the unit and of those directly below it, at one position. */
  withChildren: (node: NodeAddress, at?: string): string => results(node, `${query(node, at)}&depth=1`),
  timeline: (node: NodeAddress, at?: string): string => results(node, `/timeline${query(node, at)}`),
  lineage: (node: NodeAddress, key: string, at?: string): string =>
    results(node, `/lineage${query(node, at)}&key=${part(key)}`),
  logKey: (election: string): string => `${base}/${part(election)}/log/key`,
  receipt: (election: string, id: string): string => `${base}/${part(election)}/receipts/${part(id)}`,
  sheet: (election: string, station: string, contest: string, at?: string): string =>
    `${base}/${part(election)}/sheets/${part(station)}/${part(contest)}${asOf(at)}`,
  history: (election: string, station: string, contest: string, at?: string): string =>
    `${base}/${part(election)}/sheets/${part(station)}/${part(contest)}/history${asOf(at)}`,
  csv: (node: Omit<NodeAddress, 'track'>): string =>
    `${base}/${part(node.election)}/results.csv?unit=${part(node.unit)}&contest=${part(node.contest)}&depth=1`,
  csvOfEverything: (election: string): string => `${base}/${part(election)}/results.csv`,
};
