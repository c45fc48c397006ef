/**
 * Verification: checks an export of an election and counts it anew. It shares the pure code with the rest (the domain,
 * the definition, transparency) and nothing of the server: no store, no read model, no projection.
 */
export type { CheckedDevices } from './check-devices.ts';
export type { CheckedReceipt, KeptReceipt } from './check-receipts.ts';
export type { KeptNote, Witnessed } from './cosigned.ts';
export type { Fault } from './faults.ts';
export { type VerifyOptions, type VerifyReport, verifyExport } from './verify-export.ts';
