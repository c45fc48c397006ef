/** Nest's own messages in our log: what it does when starting is for debugging. */
import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

export function nestLogger(log: Logger): LoggerService {
  const at =
    (level: 'debug' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...context: unknown[]): void =>
      log[level](
        { context: context.map(String) },
        message instanceof Error ? (message.stack ?? message.message) : String(message),
      );
  return {
    log: at('debug'),
    debug: at('debug'),
    verbose: at('debug'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  };
}
