/** The projection spread over processes: workers that tell what they wrote, and followers that hear it. */
export { type FollowedParts, FollowedProjection } from './followed-projection.ts';
export { Repeated } from './repeated.ts';
export { Teller, type TellerOptions } from './teller.ts';
export { SLOTS, slotOf, type WorkerState, Workers, type WorkersParts } from './workers.ts';
