/** Checks the signatures of devices in a log against the keys that were enrolled in it. */
import {
  type AnyEvent,
  type DeviceKey,
  deviceKey,
  type Election,
  isSignedBy,
  readDeviceKey,
  type TallyEvent,
  type UnitCode,
} from '#domain';
import type { Faults } from './faults.ts';

export interface CheckedDevices {
  readonly enrolled: number;
  readonly revoked: number;
  /** Sheets with a signature, accepted or not. */
  readonly signed: number;
  readonly verified: number;
  /** By devices that were enrolled neither for the station nor for a unit above it. */
  readonly unknown: number;
}

interface Device {
  readonly key: DeviceKey;
  readonly units: Set<UnitCode>;
}

interface Signed {
  readonly place: string;
  readonly event: TallyEvent<'tally.sheet.submitted.v1'>;
}

export class DeviceChecks {
  readonly #election: Election;
  readonly #faults: Faults;
  readonly #devices = new Map<string, Device>();
  /** Shards have no common order: those whose device may be enrolled in a later one. Mostly none, as both lie in one. */
  #waiting: Signed[] = [];
  #counts = { enrolled: 0, revoked: 0, signed: 0, verified: 0, unknown: 0 };

  constructor(election: Election, faults: Faults) {
    this.#election = election;
    this.#faults = faults;
  }

  /** The next event of a shard, as the fold took it. */
  take(place: string, event: AnyEvent, isAccepted: boolean): void {
    if (event.type === 'tally.device.enrolled.v1' && isAccepted) this.#enrol(event);
    else if (event.type === 'tally.device.revoked.v1' && isAccepted) this.#counts.revoked += 1;
    else if (event.type === 'tally.sheet.submitted.v1' && event.data.signature !== undefined) {
      this.#counts.signed += 1;
      const signed = { place, event };
      const device = this.#deviceFor(event);
      if (device) this.#check(signed, device);
      else this.#waiting.push(signed);
    }
  }

  /** After the last event. */
  end(): CheckedDevices {
    for (const signed of this.#waiting) {
      const device = this.#deviceFor(signed.event);
      if (device) this.#check(signed, device);
      else this.#counts.unknown += 1;
    }
    this.#waiting = [];
    return { ...this.#counts };
  }

  #enrol({ subject, data }: TallyEvent<'tally.device.enrolled.v1'>): void {
    this.#counts.enrolled += 1;
    const known = this.#devices.get(data.device) ?? { key: deviceKey(readDeviceKey(data.key)!), units: new Set() };
    known.units.add(subject);
    this.#devices.set(data.device, known);
  }

  /** Its device, where it is enrolled for the station or a unit above. */
  #deviceFor({ data }: Signed['event']): Device | undefined {
    const device = this.#devices.get(String(data.device));
    for (let at = this.#election.unit(data.sheet.station) ?? null; device && at; at = at.parent)
      if (device.units.has(at.code)) return device;
    return undefined;
  }

  #check({ place, event }: Signed, { key }: Device): void {
    const { device, signature, sheet } = event.data;
    const election = event.source.slice('/elections/'.length);
    const signed = { election, id: event.id, device: String(device), sheet };
    if (isSignedBy(key, signed, String(signature))) this.#counts.verified += 1;
    else
      this.#faults.add(
        'device-signature-wrong',
        place,
        `event ${place} has a signature that is not that of its device ${signed.device} over this sheet: it is of another event, or something was changed after signing`,
      );
  }
}
