/** `/metrics` for Prometheus: what came in and was rejected, how far behind the read model is, how long answers take. */
import { Controller, Inject, Injectable, type OnModuleDestroy, Res } from '@nestjs/common';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Changes } from '#projection';
import { Handles, type RouteSpec } from '../http/route.ts';
import { SERVICES, type Services } from '../services.ts';
import { lagOf } from './lag.ts';

const route = {
  method: 'GET',
  path: '/metrics',
  tag: 'operation',
  summary: 'Metrics for Prometheus',
  access: 'public',
  answers: { 200: { description: 'Text exposition format', type: 'text/plain' } },
  problems: [],
} as const satisfies RouteSpec;

@Injectable()
export class Metrics implements OnModuleDestroy {
  readonly registry = new Registry();
  readonly #services: Services;
  readonly #unsubscribe: () => void;
  readonly #attempts: Counter<'election' | 'outcome'>;
  readonly #rejections: Counter<'election' | 'reason'>;
  readonly #durations: Histogram<'method' | 'route' | 'status'>;
  #sockets: () => number = () => 0;

  constructor(@Inject(SERVICES) services: Services) {
    this.#services = services;
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#attempts = new Counter({
      name: 'tally_attempts_total',
      help: 'Attempts folded',
      labelNames: ['election', 'outcome'],
      registers,
    });
    this.#rejections = new Counter({
      name: 'tally_rejections_total',
      help: 'Attempts rejected, by reason',
      labelNames: ['election', 'reason'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'tally_http_request_duration_seconds',
      help: 'Time to answer a request',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.#gauges(registers);
    this.#unsubscribe = services.projector.subscribe((changes) => this.#count(changes));
  }

  #gauges(registers: Registry[]): void {
    const sockets = (): number => this.#sockets();
    const lag = (set: (labels: { election: string; shard: string }, events: number) => void): Promise<void> =>
      this.#lag(set);
    new Gauge({
      name: 'tally_sockets',
      help: 'Connected clients of the live feed',
      registers,
      collect() {
        this.set(sockets());
      },
    });
    new Gauge({
      name: 'tally_projection_lag_events',
      help: 'Records of the log that are not folded yet',
      labelNames: ['election', 'shard'],
      registers,
      async collect() {
        await lag((labels, events) => this.set(labels, events));
      },
    });
    const lagMs = (set: (election: string, seconds: number) => void): Promise<void> => this.#lagSeconds(set);
    new Gauge({
      name: 'tally_projection_lag_seconds',
      help: 'Age of the oldest record that is not folded yet',
      labelNames: ['election'],
      registers,
      async collect() {
        await lagMs((election, seconds) => this.set({ election }, seconds));
      },
    });
  }

  async #lag(set: (labels: { election: string; shard: string }, events: number) => void): Promise<void> {
    for (const { election, log } of await this.#services.elections.list()) {
      const position = this.#services.projector.position(election.definition.id);
      for (let shard = 0; shard < log.shards; shard += 1)
        set(
          { election: election.definition.id, shard: String(shard) },
          Math.max(0, (await log.end(shard)) - (position[shard] ?? 0)),
        );
    }
  }

  async #lagSeconds(set: (election: string, seconds: number) => void): Promise<void> {
    for (const served of await this.#services.elections.list()) {
      const { id } = served.election.definition;
      set(id, (await lagOf(served, this.#services.projector.position(id))).ms / 1_000);
    }
  }

  #count({ election, attempts }: Changes): void {
    for (const { outcome, rejection } of attempts) {
      this.#attempts.inc({ election, outcome });
      if (rejection) this.#rejections.inc({ election, reason: rejection });
    }
  }

  countSockets(count: () => number): void {
    this.#sockets = count;
  }

  /** Times every answer, by the pattern of its route. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', async (request, reply) => {
      const labels = {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: String(reply.statusCode),
      };
      this.#durations.observe(labels, reply.elapsedTime / 1_000);
    });
  }

  onModuleDestroy(): void {
    this.#unsubscribe();
    this.registry.clear();
  }
}

@Controller()
export class ReadMetrics {
  readonly #metrics: Metrics;
  constructor(@Inject(Metrics) metrics: Metrics) {
    this.#metrics = metrics;
  }

  @Handles(route)
  async handle(@Res() reply: FastifyReply): Promise<void> {
    reply
      .header('cache-control', 'no-store')
      .type(this.#metrics.registry.contentType)
      .send(await this.#metrics.registry.metrics());
  }
}
