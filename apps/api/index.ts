/** The HTTP API: commands, queries, OpenAPI. Given its adapters by a composition root. */
export * from './api.module.ts';
export * from './http/adapter.ts';
export * from './http/draining.ts';
export * from './http/problem-filter.ts';
export { Metrics } from './operation/metrics.ts';
export * from './services.ts';
