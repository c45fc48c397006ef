/** What the live feed's clients ask for over HTTP: snapshots of results, health, metrics. */
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  Authentication,
  Desk,
  Health,
  KeptAnswers,
  Logins,
  Metrics,
  ReadElections,
  ReadMetrics,
  ReadResults,
  SharedAnswers,
} from '../api/index.ts';

@Module({
  controllers: [ReadElections, ReadResults, Health, ReadMetrics],
  providers: [Desk, Logins, KeptAnswers, SharedAnswers, Metrics, { provide: APP_GUARD, useClass: Authentication }],
})
export class SnapshotModule {}
