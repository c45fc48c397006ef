/**
 * Schemas (zod) of what crosses HTTP and the socket: they validate what comes in and describe it in the OpenAPI and
 * AsyncAPI documents. Apart from `#wire`, which is types only, so that pages carry no validator.
 */

export * from './answers.ts';
export * from './board.ts';
export * from './common.ts';
export * from './live.ts';
export * from './outcomes.ts';
export * from './pages.ts';
export * from './requests.ts';
export * from './session.ts';
export * from './table.ts';
