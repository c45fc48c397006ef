/** `GET/POST …/devices`, `POST …/devices/{device}/revoke`: devices that sign what they send, for units of a manager's area. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { may } from '#access';
import { deviceIdOf, readDeviceKey } from '#domain';
import { devicesOf, enrolmentOf, type ServedElection } from '#projection';
import type { DeviceAnswer } from '#wire';
import { accountOf, unauthenticated } from '../http/authentication.ts';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readJson, readParams } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { ACT_PROBLEMS, Acts, actRoute } from '../sheets/acts.ts';

const shared = { tag: 'accounts', access: 'manage-devices' } as const;

const enrol = {
  ...shared,
  ...actRoute,
  path: `${ELECTION}/devices`,
  summary: "Enrol a device's public key for a unit and all below it: what it signs can be checked by anybody",
  params: wire.electionParams,
  json: wire.enrolment,
  problems: [...ACT_PROBLEMS, 'unknown-unit'],
} as const satisfies RouteSpec;

const list = {
  ...shared,
  method: 'GET',
  path: `${ELECTION}/devices`,
  summary: "Devices of the manager's area, revoked ones too",
  params: wire.electionParams,
  answers: { 200: { description: 'By unit, in the order of enrolling', schema: wire.devicesAnswer } },
  problems: ['unknown-election'],
} as const satisfies RouteSpec;

const revoke = {
  ...shared,
  ...actRoute,
  path: `${ELECTION}/devices/:device/revoke`,
  summary: 'Revoke a device for good; what it signed before stays',
  params: wire.deviceParams,
  json: wire.act,
  problems: [...ACT_PROBLEMS, 'unknown-device'],
} as const satisfies RouteSpec;

@Controller()
export class Devices {
  readonly #desk: Desk;
  readonly #acts: Acts;
  constructor(@Inject(Desk) desk: Desk, @Inject(Acts) acts: Acts) {
    this.#desk = desk;
    this.#acts = acts;
  }

  @Handles(enrol)
  async enrol(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const served = await this.#desk.election(readParams(enrol.params, request).election);
    const { id, key, role = 'clerk', reason, ...wanted } = readJson(wire.enrolment, request);
    const unit = this.#desk.unit(served, wanted.unit);
    const actor = this.#desk.actor(request, 'manage-devices', unit, served);
    const device = deviceIdOf(readDeviceKey(key)!);
    await this.#acts.act(request, reply, served, actor, {
      type: 'tally.device.enrolled.v1',
      id,
      subject: unit.code,
      unit,
      data: { device, key, role, ...(reason !== undefined && { reason }) },
    });
  }

  @Handles(list)
  async list(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ devices: DeviceAnswer[] }> {
    const served = await this.#desk.election(readParams(list.params, request).election);
    reply.header('cache-control', 'no-store');
    return { devices: await this.#managed(request, served) };
  }

  @Handles(revoke)
  async revoke(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const params = readParams(revoke.params, request);
    const served = await this.#desk.election(params.election);
    const { id, reason } = readJson(wire.act, request);
    const target = enrolmentOf(await this.#managed(request, served), params.device);
    if (!target) throw new ProblemError('unknown-device');
    const unit = this.#desk.unit(served, target.unit);
    await this.#acts.act(request, reply, served, this.#desk.actor(request, 'manage-devices', unit, served), {
      type: 'tally.device.revoked.v1',
      id,
      subject: unit.code,
      unit,
      data: { device: params.device, reason },
    });
  }

  /** Those of the account's area. */
  async #managed(request: FastifyRequest, served: ServedElection): Promise<DeviceAnswer[]> {
    const account = accountOf(request);
    if (!account) throw unauthenticated();
    const devices = await this.#desk.reading(served, (view) => devicesOf(view.snapshot));
    return devices.filter(({ unit }) => may(account, 'manage-devices', served.election.unit(unit)!, served.election));
  }
}
