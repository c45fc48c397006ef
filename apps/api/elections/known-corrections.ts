/** Where the corrections of all elections lie. A log that is there already is read as soon as the process has started. */
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Corrections } from '#projection';
import { Desk } from '../http/desk.ts';

@Injectable()
export class KnownCorrections extends Corrections implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #desk: Desk;
  readonly #closing = new AbortController();
  #reading: Promise<void> = Promise.resolve();

  constructor(@Inject(Desk) desk: Desk) {
    super();
    this.#desk = desk;
  }

  /** Nobody waits for it: who asks before it is done waits then. */
  onApplicationBootstrap(): void {
    this.#reading = this.#readAll().catch((error) => this.#desk.services.report?.(error));
  }

  async onModuleDestroy(): Promise<void> {
    this.#closing.abort();
    await this.#reading;
  }

  async #readAll(): Promise<void> {
    const { elections, projection } = this.#desk.services;
    for (const served of await elections.list())
      if (!this.#closing.signal.aborted && (await projection.model(served.election.definition.id)))
        await this.#desk.reading(served, (view) => this.readUpTo(view, this.#closing.signal));
  }
}
