/** What of transparency needs no more than the language itself, and so is shared with browsers. */
export { inclusionSides, type Side } from './inclusion-sides.ts';
export * from './receipt-ids.ts';
