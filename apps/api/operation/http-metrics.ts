/** The metrics of a process for Prometheus: what the process itself needs, and how long its answers take. */
import { Controller, Inject, Injectable, type OnModuleDestroy, Res } from '@nestjs/common';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { Handles, type RouteSpec } from '../http/route.ts';

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
export class HttpMetrics implements OnModuleDestroy {
  /** Others add theirs. */
  readonly registry = new Registry();
  readonly #durations: Histogram<'method' | 'route' | 'status'>;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.#durations = new Histogram({
      name: 'tally_http_request_duration_seconds',
      help: 'Time to answer a request',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [this.registry],
    });
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
    this.registry.clear();
  }
}

@Controller()
export class ReadMetrics {
  readonly #metrics: HttpMetrics;
  constructor(@Inject(HttpMetrics) metrics: HttpMetrics) {
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
