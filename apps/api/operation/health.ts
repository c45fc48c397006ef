/** `/health/live` and `/health/ready`: whether the process lives, and whether it should be sent requests. */
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Draining } from '../http/draining.ts';
import { Handles, type RouteSpec } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { SERVICES, type Services } from '../services.ts';
import { lagOf } from './lag.ts';

const live = {
  method: 'GET',
  path: '/health/live',
  tag: 'operation',
  summary: 'The process lives',
  access: 'public',
  answers: { 200: { description: 'It does', schema: wire.healthAnswer } },
  problems: [],
} as const satisfies RouteSpec;

const ready = {
  method: 'GET',
  path: '/health/ready',
  tag: 'operation',
  summary: 'The server answers, and its answers are not behind',
  access: 'public',
  answers: {
    200: { description: 'Ready', schema: wire.healthAnswer },
    503: { description: 'Stopping, or the read model is far behind the log', schema: wire.healthAnswer },
  },
  problems: [],
} as const satisfies RouteSpec;

/** A read model further behind the log than this is not what people should be shown. */
const BEHIND_MS = 30_000;

@Controller()
export class Health {
  readonly #services: Services;
  readonly #draining: Draining;
  constructor(@Inject(SERVICES) services: Services, @Inject(Draining) draining: Draining) {
    this.#services = services;
    this.#draining = draining;
  }

  @Handles(live)
  live(): { status: 'up' } {
    return { status: 'up' };
  }

  @Handles(ready)
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const why = this.#draining.isStopping ? 'stopping' : await this.#behind();
    reply
      .code(why ? 503 : 200)
      .header('cache-control', 'no-store')
      .send(why ? { status: 'down', detail: why } : { status: 'up' });
  }

  async #behind(): Promise<string | null> {
    const { elections, projection } = this.#services;
    for (const served of await elections.list()) {
      const { id } = served.election.definition;
      if (!(await projection.model(id))) return `${id} is not projected`;
      const { events, ms } = await lagOf(served, projection.position(id));
      if (ms > BEHIND_MS) return `${id} is ${events} events behind its log`;
    }
    return null;
  }
}
