/**
 * Intake: sheets and acts in, the fold's word out; and files of sheets, read as a stream.
 * May import domain, definition, event-log, read-model and projection.
 */
export * from './intake.ts';
export * from './sheet-json.ts';
