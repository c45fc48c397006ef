/** The live feed as a Nest module. Needs `SERVICES`, `LIMITS` and `HttpMetrics` from a global module of the composition root. */
import { Module } from '@nestjs/common';
import { GatewayMetrics } from './gateway-metrics.ts';
import { LiveGateway } from './live.gateway.ts';

@Module({ providers: [GatewayMetrics, LiveGateway] })
export class GatewayModule {}
