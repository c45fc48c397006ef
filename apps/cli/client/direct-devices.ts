/** Devices of an election of an installation, enrolled and revoked in this process. */
import { randomUUID } from 'node:crypto';
import { deviceIdOf, readDeviceKey } from '#domain';
import { devicesOf, enrolmentOf, type ServedElection, type View } from '#projection';
import type { Installation } from '../../server/installation.ts';
import { refused } from '../errors.ts';
import { unknownName } from '../suggest.ts';
import type { DevicesClient } from './client.ts';
import { decided } from './decided.ts';
import type { Identity } from './identity.ts';
import { unitNamed } from './names.ts';

interface Parts {
  readonly installation: Installation;
  readonly identity: Identity;
  readonly served: ServedElection;
}
type WithView = <T>(read: (view: View) => Promise<T>) => Promise<T>;

export function directDevices({ installation, identity, served }: Parts, withView: WithView): DevicesClient {
  const { election } = served;
  const managed = async () => {
    const devices = await withView((view) => devicesOf(view.snapshot));
    return devices.filter(({ unit }) => identity.tryActor('manage-devices', election.unit(unit)!, election));
  };
  return {
    async add({ key, role, ...wanted }) {
      const unit = unitNamed(election, wanted.unit);
      const device = deviceIdOf(readDeviceKey(key)!);
      const type = 'tally.device.enrolled.v1';
      const act = { type, id: randomUUID(), subject: unit.code, unit, data: { device, key, role } } as const;
      return decided(await installation.intake.act(served, act, identity.actor('manage-devices', unit, election)));
    },
    list: managed,
    async revoke(device, reason) {
      const devices = await managed();
      const target = enrolmentOf(devices, device);
      if (!target)
        throw refused(
          unknownName(
            'device',
            device,
            devices.map((one) => one.device),
          ),
        );
      const unit = unitNamed(election, target.unit);
      const type = 'tally.device.revoked.v1';
      const act = { type, id: randomUUID(), subject: unit.code, unit, data: { device, reason } } as const;
      return decided(await installation.intake.act(served, act, identity.actor('manage-devices', unit, election)));
    },
  };
}
