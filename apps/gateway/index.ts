/** The live feed: rooms with totals at one position, fed by the changes of the projection. */
export * from './gateway.module.ts';
export * from './live.gateway.ts';
