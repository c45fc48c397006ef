/** Checks at the door that sheets are signed by devices that are enrolled for their stations. */
import {
  deviceKey,
  type Election,
  isSignedBy,
  readDeviceKey,
  type Signature,
  type StructureProblem,
  type Unit,
} from '#domain';
import { devicesOf } from '#projection';
import type { ModelSnapshot } from '#read-model';
import type { Sound } from './sound.ts';

/** Looks devices up in one snapshot, each unit once. */
export class Signatures {
  readonly #election: Election;
  readonly #snapshot: ModelSnapshot;
  readonly #units = new Map<Unit, ReturnType<typeof devicesOf>>();

  constructor(election: Election, snapshot: ModelSnapshot) {
    this.#election = election;
    this.#snapshot = snapshot;
  }

  /** What is wrong with the device or signature of a sheet; null where nothing is, or it has none. */
  async problem({ value, actor }: Sound): Promise<StructureProblem | null> {
    const { signed, station, id, sheet } = value;
    if (!signed) return null;
    const found = await this.#enrolled(signed, station);
    const name = `Device ${signed.device}`;
    if (found.length === 0)
      return {
        pointer: '/device',
        code: 'unknown-device',
        message: `${name} is enrolled neither for ${station.code} nor for a unit above it.`,
      };
    const device = found.find(({ revoked }) => revoked === null);
    if (!device) return { pointer: '/device', code: 'device-revoked', message: `${name} was revoked.` };
    if (device.role !== actor.role)
      return {
        pointer: '/device',
        code: 'device-of-another-role',
        message: `${name} is enrolled for a ${device.role}, and a ${actor.role} sent this.`,
      };
    const key = deviceKey(readDeviceKey(device.key)!);
    const { device: by, signature } = signed;
    if (isSignedBy(key, { election: this.#election.definition.id, id, device: by, sheet }, signature)) return null;
    return {
      pointer: '/signature',
      code: 'bad-signature',
      message: `The signature is not that of ${by} over what was sent: it was changed after signing, or signed otherwise.`,
    };
  }

  /** Its enrolments for the station or a unit above. */
  async #enrolled({ device }: Signature, station: Unit) {
    const units: Unit[] = [];
    for (let at: Unit | null = station; at; at = at.parent) units.push(at);
    const lists = await Promise.all(units.map((unit) => this.#of(unit)));
    return lists.flat().filter((one) => one.device === device);
  }

  #of(unit: Unit): ReturnType<typeof devicesOf> {
    const known = this.#units.get(unit) ?? devicesOf(this.#snapshot, unit.code);
    this.#units.set(unit, known);
    return known;
  }
}
