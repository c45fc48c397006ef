/** The totals of a whole tree, added up from what each sheet is at one position. */
import type { Contest, Election, Unit } from './election.ts';
import type { SheetView } from './sheet.ts';
import { type Accumulator, addSheet, emptyTotals, type NodeTotals } from './totals.ts';

/** The totals of a station are what its one sheet contributes. */
export function stationTotals(contest: Contest, station: Unit, view: SheetView | null): NodeTotals {
  const totals = emptyTotals(contest.layout);
  if (view) addSheet(totals, contest.layout, view, contest.registeredAt(station.code), 1);
  return totals;
}

export class TreeTotals {
  readonly #election: Election;
  readonly #nodes = new Map<number, Accumulator>();

  constructor(election: Election) {
    this.#election = election;
  }

  /** Adds a sheet to every unit above its station; each is added once. */
  add(station: Unit, contest: Contest, view: SheetView): void {
    const registered = contest.registeredAt(station.code);
    for (const unit of this.#election.ancestors(station)) {
      const key = this.#key(unit, contest);
      let totals = this.#nodes.get(key);
      if (!totals) {
        totals = emptyTotals(contest.layout);
        this.#nodes.set(key, totals);
      }
      addSheet(totals, contest.layout, view, registered, 1);
    }
  }

  /** Of a unit above the stations; all zero where nothing was received. */
  totals(unit: Unit, contest: Contest): NodeTotals {
    return this.#nodes.get(this.#key(unit, contest)) ?? emptyTotals(contest.layout);
  }

  #key(unit: Unit, contest: Contest): number {
    return unit.index * this.#election.contests.length + contest.index;
  }
}
