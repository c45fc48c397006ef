/** The Nest module of a process: what all of its modules share, and the modules it is made of. */
import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { Draining, HttpMetrics, LIMITS, type Limits, SERVICES, type Services } from '../api/index.ts';

@Global()
@Module({})
class SharedModule {
  static with(services: Services | null, limits: Limits, draining: Draining): DynamicModule {
    return {
      module: SharedModule,
      providers: [
        { provide: SERVICES, useValue: services },
        { provide: LIMITS, useValue: limits },
        { provide: Draining, useValue: draining },
        HttpMetrics,
      ],
      exports: [SERVICES, LIMITS, Draining, HttpMetrics],
    };
  }
}

@Module({})
export class ServerModule {
  static with(
    services: Services | null,
    limits: Limits,
    draining: Draining,
    modules: readonly (Type | DynamicModule)[],
  ): DynamicModule {
    return { module: ServerModule, imports: [SharedModule.with(services, limits, draining), ...modules] };
  }
}
