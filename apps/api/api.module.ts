/** The HTTP API as a Nest module: one controller for each use, listed here. */
import { Module, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Sessions } from './accounts/session.ts';
import { Tokens } from './accounts/tokens.ts';
import { Fingerprints } from './audit/fingerprints.ts';
import { ReadFindings } from './audit/read-findings.ts';
import { ReadFingerprint } from './audit/read-fingerprint.ts';
import { Rebuilds } from './audit/rebuilds.ts';
import { Replay } from './audit/replay.ts';
import { SearchAttempts } from './audit/search-attempts.ts';
import { Attempts } from './board/attempts.ts';
import { Board } from './board/board.ts';
import { DecideContest } from './contests/decide-contest.ts';
import { Devices } from './devices/devices.ts';
import { Documents, ROUTES } from './documents/documents.ts';
import { routesOf } from './documents/openapi.ts';
import { FreezePublication } from './elections/freeze-publication.ts';
import { KnownCorrections } from './elections/known-corrections.ts';
import { OpenElection } from './elections/open-election.ts';
import { ReadElections } from './elections/read-elections.ts';
import { ReadOverview } from './elections/read-overview.ts';
import { Authentication } from './http/authentication.ts';
import { Desk } from './http/desk.ts';
import { Logins } from './http/logins.ts';
import { HeadKeeper } from './log/head-keeper.ts';
import { ReadHeads } from './log/read-heads.ts';
import { ReadLog } from './log/read-log.ts';
import { ReadReceipt, Receipts } from './log/receipts.ts';
import { RotateKey } from './log/rotate-key.ts';
import { Witnesses } from './log/witnesses.ts';
import { Health } from './operation/health.ts';
import { ReadMetrics } from './operation/http-metrics.ts';
import { Metrics } from './operation/metrics.ts';
import { Patrol } from './operation/patrol.ts';
import { KeptAnswers } from './results/kept-answers.ts';
import { ReadResults } from './results/read-results.ts';
import { ReadTable } from './results/read-table.ts';
import { ResultsCsv } from './results/results-csv.ts';
import { SharedAnswers } from './results/shared-answers.ts';
import { TraceResults } from './results/trace-results.ts';
import { Acts } from './sheets/acts.ts';
import { DecideSheet, SheetDecisions } from './sheets/decide-sheet.ts';
import { ReadEvent } from './sheets/read-event.ts';
import { ReadSheet } from './sheets/read-sheet.ts';
import { SubmitBatch } from './sheets/submit-batch.ts';
import { SubmitSheet } from './sheets/submit-sheet.ts';
import { Stations } from './stations/close-station.ts';

export const CONTROLLERS: readonly Type[] = [
  OpenElection,
  ReadElections,
  ReadOverview,
  FreezePublication,
  SubmitSheet,
  SubmitBatch,
  ReadSheet,
  DecideSheet,
  ReadEvent,
  Stations,
  DecideContest,
  ReadResults,
  TraceResults,
  ResultsCsv,
  ReadTable,
  ReadFindings,
  ReadFingerprint,
  SearchAttempts,
  ReadHeads,
  ReadLog,
  RotateKey,
  ReadReceipt,
  Replay,
  Board,
  Attempts,
  Tokens,
  Devices,
  Sessions,
  Health,
  ReadMetrics,
  Documents,
];

/** Needs `SERVICES`, `LIMITS` and `Draining` from a global module of the composition root. */
@Module({
  controllers: [...CONTROLLERS],
  providers: [
    Desk,
    Logins,
    SheetDecisions,
    Acts,
    Fingerprints,
    Rebuilds,
    Receipts,
    HeadKeeper,
    Witnesses,
    KeptAnswers,
    SharedAnswers,
    KnownCorrections,
    Metrics,
    Patrol,
    { provide: ROUTES, useValue: () => routesOf(CONTROLLERS) },
    { provide: APP_GUARD, useClass: Authentication },
  ],
  exports: [Desk, KnownCorrections],
})
export class ApiModule {}
