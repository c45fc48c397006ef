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
  /** Events (`SHARD:OFFSET`) of sheets that were accepted though, earlier in their own shard, their device was revoked. */
  readonly afterRevocation: readonly string[];
}

interface Enrolment {
  readonly key: DeviceKey;
  /** Of its revocation too: both lie under the key of the unit. */
  readonly shard: string;
  /** By what was read so far. */
  isRevoked: boolean;
}

interface Signed {
  readonly place: string;
  readonly event: TallyEvent<'tally.sheet.submitted.v1'>;
}

export class DeviceChecks {
  readonly #election: Election;
  readonly #faults: Faults;
  readonly #devices = new Map<string, Map<UnitCode, Enrolment>>();
  /** Shards have no common order: those whose device may be enrolled in a later one. Mostly none, as both lie in one. */
  #waiting: Signed[] = [];
  /** Whose device was revoked, unless a later shard has another enrolment of it. */
  #late: Signed[] = [];
  #counts = { enrolled: 0, revoked: 0, signed: 0, verified: 0, unknown: 0 };

  constructor(election: Election, faults: Faults) {
    this.#election = election;
    this.#faults = faults;
  }

  /** The next event of a shard, as the fold took it. */
  take(place: string, event: AnyEvent, isAccepted: boolean): void {
    if (event.type === 'tally.device.enrolled.v1' && isAccepted) this.#enrol(place, event);
    else if (event.type === 'tally.device.revoked.v1' && isAccepted) this.#revoke(event);
    else if (event.type === 'tally.sheet.submitted.v1' && event.data.signature !== undefined) {
      this.#counts.signed += 1;
      const signed = { place, event };
      const enrolments = this.#enrolmentsFor(event);
      if (enrolments.length === 0) this.#waiting.push(signed);
      else if (this.#isRight(signed, enrolments) && isAccepted && areRevoked(enrolments, place))
        this.#late.push(signed);
    }
  }

  /** After the last event. */
  end(): CheckedDevices {
    for (const signed of this.#waiting) {
      const enrolments = this.#enrolmentsFor(signed.event);
      if (enrolments.length > 0) this.#isRight(signed, enrolments);
      else this.#counts.unknown += 1;
    }
    this.#waiting = [];
    const late = this.#late.filter(({ place, event }) => areRevoked(this.#enrolmentsFor(event), place));
    return { ...this.#counts, afterRevocation: late.map(({ place }) => place) };
  }

  #enrol(place: string, { subject, data }: TallyEvent<'tally.device.enrolled.v1'>): void {
    this.#counts.enrolled += 1;
    const known = this.#devices.get(data.device) ?? new Map<UnitCode, Enrolment>();
    known.set(subject, { key: deviceKey(readDeviceKey(data.key)!), shard: shardOf(place), isRevoked: false });
    this.#devices.set(data.device, known);
  }

  #revoke({ subject, data }: TallyEvent<'tally.device.revoked.v1'>): void {
    this.#counts.revoked += 1;
    this.#devices.get(data.device)!.get(subject)!.isRevoked = true;
  }

  /** Of its device, for the station or a unit above. */
  #enrolmentsFor({ data }: Signed['event']): Enrolment[] {
    const known = this.#devices.get(String(data.device));
    const found: Enrolment[] = [];
    for (let at = this.#election.unit(data.sheet.station) ?? null; known && at; at = at.parent) {
      const enrolment = known.get(at.code);
      if (enrolment) found.push(enrolment);
    }
    return found;
  }

  /** Whether the signature is right; told where it is not. All enrolments of a device have one key. */
  #isRight({ place, event }: Signed, enrolments: readonly Enrolment[]): boolean {
    const { device, signature, sheet } = event.data;
    const election = event.source.slice('/elections/'.length);
    const signed = { election, id: event.id, device: String(device), sheet };
    const isRight = isSignedBy(enrolments[0]!.key, signed, String(signature));
    if (isRight) this.#counts.verified += 1;
    else
      this.#faults.add(
        'device-signature-wrong',
        place,
        `event ${place} has a signature that is not that of its device ${signed.device} over this sheet: it is of another event, or something was changed after signing`,
      );
    return isRight;
  }
}

/** Whether all of them were revoked in the shard of an event; what lies in other shards has no order with it. */
function areRevoked(enrolments: readonly Enrolment[], place: string): boolean {
  return enrolments.every(({ shard, isRevoked }) => isRevoked && shard === shardOf(place));
}

function shardOf(place: string): string {
  return place.slice(0, place.indexOf(':'));
}
