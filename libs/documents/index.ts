/**
 * Documents: what is handed out as files. The export of an election: its definition, its log with tiles and signed
 * checkpoints, its results. May import the domain, transparency and the port of the log.
 */
export * from './export/export-election.ts';
export { ExportError, ExportFolder } from './export/export-folder.ts';
