/** A crowd of clients, dealt out among processes so that one that is busy does not make all others seem late. */
import { Child } from '../child.ts';
import type { CrowdAnswer, CrowdRequest, Message } from './crowd-task.ts';

const PROCESSES = 2;

export interface Report {
  /** One list a client, in the order of the wishes. */
  readonly heard: readonly (readonly Message[])[];
  readonly positions: readonly Message[];
  /** Places of those who were cut off. */
  readonly lost: ReadonlySet<number>;
}

export class Crowd {
  readonly #children: readonly Child[] = Array.from({ length: PROCESSES }, () => new Child('live/crowd-task'));

  /** Resolves once everybody is in. */
  async come<T>(all: readonly T[], request: (dealt: readonly T[]) => CrowdRequest): Promise<void> {
    await this.#ask((place) => request(all.filter((_, i) => i % PROCESSES === place)));
  }

  async stall(places: readonly number[]): Promise<void> {
    await this.#ask((child) => ({
      do: 'stall',
      places: places.filter((place) => place % PROCESSES === child).map((place) => Math.floor(place / PROCESSES)),
    }));
  }

  async report(): Promise<Report> {
    const answers = await this.#ask(() => ({ do: 'report' }));
    const clients = answers.reduce((sum, { heard }) => sum + heard.length, 0);
    return {
      heard: Array.from({ length: clients }, (_, i) => answers[i % PROCESSES]!.heard[Math.floor(i / PROCESSES)]!),
      positions: answers[0]!.positions,
      lost: new Set(answers.flatMap(({ lost }, child) => lost.map((place) => place * PROCESSES + child))),
    };
  }

  async leave(): Promise<void> {
    await this.#ask(() => ({ do: 'leave' }));
  }

  async end(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.end()));
  }

  #ask(request: (child: number) => CrowdRequest): Promise<CrowdAnswer[]> {
    return Promise.all(this.#children.map((child, i) => child.ask<CrowdRequest, CrowdAnswer>(request(i))));
  }
}
