/** The projector's small HTTP side: health and metrics. Needs `HttpMetrics` and `Draining` from a global module. */
import { type DynamicModule, Module } from '@nestjs/common';
import { ReadMetrics } from '../api/index.ts';
import { ProjectorHealth } from './projector-health.ts';
import { PROJECTOR, ProjectorMetrics, type ProjectorParts } from './projector-metrics.ts';

@Module({})
export class ProjectorModule {
  static with(parts: ProjectorParts): DynamicModule {
    return {
      module: ProjectorModule,
      controllers: [ProjectorHealth, ReadMetrics],
      providers: [{ provide: PROJECTOR, useValue: parts }, ProjectorMetrics],
    };
  }
}
