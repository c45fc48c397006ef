/** `tally device add|list|revoke`: devices that sign the sheets they send. */
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { ROLES } from '#access';
import { deviceIdOf, type Role, readDeviceKey } from '#domain';
import { wrongUsage } from '../errors.ts';
import type { Session } from '../session.ts';
import { table } from '../table.ts';

interface ToAdd {
  readonly unit: string;
  readonly key: string;
  readonly role: Role;
}

export function deviceCommand(program: Command, session: Session): void {
  const device = program.command('device').description('devices that sign the sheets they send');
  device
    .command('add')
    .description("enrol a device's public key; the log has it from then on")
    .argument('<election>')
    .requiredOption('--unit <code>', 'the unit whose sheets it may sign, and all below it')
    .requiredOption('--key <key>', 'its Ed25519 public key: a file in PEM, or 32 bytes in base64')
    .addOption(new Option('--role <role>', 'of whoever holds it').choices(ROLES).default('clerk'))
    .addHelpText('after', '\nExample:\n  $ tally device add my-election --unit 24846 --key phone-7.pub.pem')
    .action(async (id: string, { unit, key: given, role }: ToAdd) => {
      const key = await publicKey(given);
      const election = await (await session.client()).election(id);
      const { position } = await election.devices.add({ unit, key, role });
      const name = deviceIdOf(readDeviceKey(key)!);
      if (session.json) return session.out.json({ device: name, unit, role, key, position });
      await session.complain(`enrolled at ${position} for ${unit}; sheets name the device by the id below`);
      await session.out.line(name);
    });
  device
    .command('list')
    .description('devices of your area, revoked ones too')
    .argument('<election>')
    .addHelpText('after', '\nExample:\n  $ tally device list my-election --json')
    .action(async (id: string) => {
      const devices = await (await (await session.client()).election(id)).devices.list();
      if (session.json) return session.out.json(devices);
      const heads = ['device', 'unit', 'role', 'enrolled', 'revoked', 'why'].map((head) => ({ head }));
      const rows = devices.map(({ device: name, unit, role, enrolled, revoked }) => [
        name,
        unit,
        role,
        enrolled.at,
        revoked?.at ?? '',
        revoked?.reason ?? '',
      ]);
      await session.out.write(rows.length > 0 ? table(heads, rows) : 'no devices\n');
    });
  device
    .command('revoke')
    .description('end a device; what it signed before stays')
    .argument('<election>')
    .argument('<device>', 'as `tally device list` shows it')
    .requiredOption('--reason <text>', 'why; it becomes part of the log')
    .addHelpText(
      'after',
      '\nExample:\n  $ tally device revoke my-election 9f86d081884c7d659a2feaa0c55ad015 --reason "lost"',
    )
    .action(async (id: string, name: string, { reason }: { reason: string }) => {
      const election = await (await session.client()).election(id);
      const { position } = await election.devices.revoke(name, reason);
      if (session.json) return session.out.json({ device: name, revoked: true, position });
      await session.out.line(`revoked ${name} at ${position}`);
    });
}

/** 32 bytes in base64, from such or from the PEM of a file. */
async function publicKey(given: string): Promise<string> {
  if (readDeviceKey(given)) return given;
  let pem: string;
  try {
    pem = await readFile(given, 'utf8');
  } catch (error) {
    throw wrongUsage(`--key ${given} is no public key of 32 bytes in base64, and no file: ${(error as Error).message}`);
  }
  const { crv, x } = jwkOf(pem);
  if (crv !== 'Ed25519' || x === undefined || /PRIVATE KEY/.test(pem))
    throw wrongUsage(`--key ${given} holds no public Ed25519 key in PEM (a private key stays on its device).`);
  return Buffer.from(x, 'base64url').toString('base64');
}

function jwkOf(pem: string): { crv?: string; x?: string } {
  try {
    return createPublicKey(pem).export({ format: 'jwk' });
  } catch {
    return {};
  }
}
