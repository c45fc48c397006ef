/** `/health/live` and `/health/ready` of a projector. */
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Draining } from '../api/index.ts';
import { PROJECTOR, type ProjectorParts } from './projector-metrics.ts';

@Controller('/health')
export class ProjectorHealth {
  readonly #parts: ProjectorParts;
  readonly #draining: Draining;
  constructor(@Inject(PROJECTOR) parts: ProjectorParts, @Inject(Draining) draining: Draining) {
    this.#parts = parts;
    this.#draining = draining;
  }

  @Get('/live')
  live(): { status: 'up' } {
    return { status: 'up' };
  }

  /** Not ready: it is stopping, or something that it needs can't be reached. One without slots stands by. */
  @Get('/ready')
  ready(@Res() reply: FastifyReply): void {
    const [fault] = this.#parts.faults.entries();
    const why = this.#draining.isStopping ? 'stopping' : fault && `${fault[0]}: ${fault[1].message}`;
    reply
      .code(why ? 503 : 200)
      .header('cache-control', 'no-store')
      .send(why ? { status: 'down', detail: why } : { status: 'up' });
  }
}
