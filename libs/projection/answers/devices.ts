/** Devices that were enrolled: joined from the notes of units, which may lie in any shard (contracts §3). */
import { compareBytes, type Role, type UnitCode } from '#domain';
import type { ModelSnapshot, NoteDoc } from '#read-model';
import type { DeviceAnswer } from '#wire';

/** Of all units, or of one: by unit, in the order of enrolling. */
export async function devicesOf(snapshot: ModelSnapshot, unit?: UnitCode): Promise<DeviceAnswer[]> {
  const revoked = new Map<string, NoteDoc>();
  for (const note of await snapshot.notes('device.revoked', unit))
    if (note.event.type === 'tally.device.revoked.v1') revoked.set(`${note.subject}/${note.event.data.device}`, note);
  const devices = (await snapshot.notes('device.enrolled', unit)).flatMap(({ event, subject, ...note }) => {
    if (event.type !== 'tally.device.enrolled.v1') return [];
    const { device, key, role, actor } = event.data;
    const end = revoked.get(`${subject}/${device}`);
    const enrolled = placed(note, actor.id);
    return [{ device, unit: subject, role, key, enrolled, revoked: end ? revocation(end) : null }];
  });
  return devices.sort((a, b) => compareBytes(a.unit, b.unit));
}

/** The enrolment that revoking a device is about; where none is left the last one: the fold says so, or that it is a repeat. */
export function enrolmentOf(devices: readonly DeviceAnswer[], device: string): DeviceAnswer | undefined {
  const enrolled = devices.filter((one) => one.device === device);
  return enrolled.find(({ revoked }) => revoked === null) ?? enrolled.at(-1);
}

function placed({ shard, offset, logTime }: Omit<NoteDoc, 'event' | 'subject'>, by: string): DeviceAnswer['enrolled'] {
  return { at: new Date(logTime).toISOString(), position: `${shard}:${offset}`, by };
}

function revocation(note: NoteDoc): DeviceAnswer['revoked'] {
  const { actor, reason = '' } = note.event.data as { actor: { id: string; role: Role }; reason?: string };
  return { ...placed(note, actor.id), reason };
}
