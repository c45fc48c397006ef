/** All of Tally in one process. */
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ApiModule, Draining, LIMITS, type Limits, SERVICES, type Services } from '../api/index.ts';
import { GatewayModule } from '../gateway/index.ts';

@Global()
@Module({})
class SharedModule {
  static with(services: Services, limits: Limits, draining: Draining): DynamicModule {
    return {
      module: SharedModule,
      providers: [
        { provide: SERVICES, useValue: services },
        { provide: LIMITS, useValue: limits },
        { provide: Draining, useValue: draining },
      ],
      exports: [SERVICES, LIMITS, Draining],
    };
  }
}

@Module({})
export class StandaloneModule {
  static with(services: Services, limits: Limits, draining: Draining): DynamicModule {
    return {
      module: StandaloneModule,
      imports: [SharedModule.with(services, limits, draining), ApiModule, GatewayModule],
    };
  }
}
