/** Answers about figures as they are sent: the public's present one is worked out once for all who ask meanwhile. */
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Position } from '#domain';
import type { View } from '#projection';
import { cachingHeaders } from '../http/caching.ts';
import { Desk } from '../http/desk.ts';
import { encodingFor } from '../http/negotiation.ts';
import { publicViewer, type Viewer } from '../http/viewer.ts';
import { KeptAnswers } from './kept-answers.ts';
import { Rounds } from './rounds.ts';

interface Answered {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly isGzip: boolean;
}

export interface Asking {
  readonly view: View;
  readonly viewer: Viewer;
  /** The position asked for; undefined: the present one. */
  readonly at: Position | undefined;
}

@Injectable()
export class SharedAnswers {
  readonly #desk: Desk;
  readonly #kept: KeptAnswers;
  readonly #rounds = new Rounds<Answered>();
  constructor(@Inject(Desk) desk: Desk, @Inject(KeptAnswers) kept: KeptAnswers) {
    this.#desk = desk;
    this.#kept = kept;
  }

  /** Sends as JSON what `read` finds, which depends on nothing but the address, the view and what is seen of it. */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    { view, viewer, at }: Asking,
    read: (view: View, viewer: Viewer) => Promise<unknown>,
  ): Promise<void> {
    const takesGzip = encodingFor(request, ['gzip']) === 'gzip';
    const answerOf = async (view: View, viewer: Viewer): Promise<Answered> => {
      const headers = cachingHeaders(view, viewer, at);
      const key = `${headers.etag} ${request.url}`;
      return { headers, ...(await this.#kept.of(key, takesGzip, () => read(view, viewer))) };
    };
    // The public's present answer is the same for all; an old one, or an account's, is seldom asked for twice at once.
    const isShared = viewer.isPublic && at === undefined;
    const { headers, bytes, isGzip } = isShared
      ? await this.#rounds.of(`${takesGzip} ${request.url}`, (isLater) =>
          isLater
            ? this.#desk.publicReading(view.served, async (later) =>
                answerOf(later, await publicViewer(later, Date.now())),
              )
            : answerOf(view, viewer),
        )
      : await answerOf(view, viewer);
    reply.type('application/json; charset=utf-8');
    reply.headers({ ...headers, ...(isGzip && { 'content-encoding': 'gzip' }) }).send(bytes);
  }
}
