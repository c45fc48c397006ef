/** The live feed as a Nest module. Needs `SERVICES` and `LIMITS` from a global module of the composition root. */
import { Module } from '@nestjs/common';
import { LiveGateway } from './live.gateway.ts';

@Module({ providers: [LiveGateway], exports: [LiveGateway] })
export class GatewayModule {}
