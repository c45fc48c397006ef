/** The HTTP API: commands, queries, OpenAPI. Given its adapters by a composition root. */
export * from './api.module.ts';
export { ReadElections } from './elections/read-elections.ts';
export { KnownCorrections } from './elections/read-overview.ts';
export * from './http/adapter.ts';
export { Authentication } from './http/authentication.ts';
export { entityTag, isMatch } from './http/caching.ts';
export { Desk } from './http/desk.ts';
export * from './http/draining.ts';
export { Logins } from './http/logins.ts';
export * from './http/problem-filter.ts';
export { publicViewer, type Viewer } from './http/viewer.ts';
export { AttemptMetrics } from './operation/attempt-metrics.ts';
export { Health } from './operation/health.ts';
export { HttpMetrics, ReadMetrics } from './operation/http-metrics.ts';
export { Metrics } from './operation/metrics.ts';
export { KeptAnswers } from './results/kept-answers.ts';
export { ReadResults } from './results/read-results.ts';
export * from './services.ts';
