/** `GET /copy/{language}/{election}[/{unit}[/{contest}]]`: a public page as one file for any host of files. */
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ElectionAnswer } from '#wire';
import { encodingFor, ProblemError } from '../../api/index.ts';
import { addresses } from '../../web/live/addresses.ts';
import { languageOf, type Route, readRoute } from '../../web/route.ts';
import type { UiLanguage } from '../../web/text/languages.ts';
import { pagesEn } from '../../web/text/pages-en.ts';
import { pagesVi } from '../../web/text/pages-vi.ts';
import { BUILT_PAGES, type BuiltPages } from '../built-pages.ts';
import { KeptPages, PACKED } from '../kept-pages.ts';
import { PageAnswers } from '../page-answers.ts';
import { isPageKnown, pageTag } from '../page-tags.ts';
import { siteOf } from '../read-pages.ts';
import type { Answers, Found } from '../reading.ts';

const COPIED: readonly Route['page'][] = ['overview', 'unit', 'sheet', 'corrections', 'about'];

@Controller()
export class ReadCopy {
  readonly #built: BuiltPages;
  readonly #answers: PageAnswers;
  readonly #kept: KeptPages;

  constructor(
    @Inject(BUILT_PAGES) built: BuiltPages,
    @Inject(PageAnswers) answers: PageAnswers,
    @Inject(KeptPages) kept: KeptPages,
  ) {
    this.#built = built;
    this.#answers = answers;
    this.#kept = kept;
  }

  @Get('copy/*')
  async copy(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { pathname, search } = new URL(request.url, 'http://page');
    const path = pathname.slice('/copy'.length);
    const route = readRoute(path, search);
    if (route.page === 'start' || !COPIED.includes(route.page)) throw new ProblemError('not-found');
    const found = await this.#answers.find(route);
    if (found.kind === 'moved')
      reply
        .headers({ 'cache-control': 'no-cache', location: `/copy${found.to}` })
        .code(302)
        .send();
    else if (found.kind !== 'found') throw new ProblemError('not-found');
    else
      try {
        await this.#send(request, reply, { route, path, search }, found);
      } finally {
        found.close();
      }
  }

  async #send(
    request: FastifyRequest,
    reply: FastifyReply,
    { route, path, search }: { route: Exclude<Route, { page: 'start' }>; path: string; search: string },
    { tag, read }: Extract<Found, { kind: 'found' }>,
  ): Promise<void> {
    const site = siteOf(request);
    const etag = pageTag('copy', tag, this.#built.id, site, path, search);
    reply.header('vary', 'Accept-Encoding');
    if (isPageKnown(request, reply, etag)) return;
    const encoding = encodingFor(request, PACKED);
    const bytes = await this.#kept.of(etag, encoding, async () => {
      const answers = await read();
      const language = languageOf(route);
      const words = wordsOf(language, answers, route, Date.now());
      return this.#built.copy(
        { language, site, path, search },
        { at: 0, answers },
        { site, path: path + search, ...words },
      );
    });
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    // A file to be kept: shown from here, the policy of the pages would take its styles away.
    const name = path.split('/').filter(Boolean).map(encodeURIComponent).join('-');
    reply.type('text/html; charset=utf-8').header('content-disposition', `attachment; filename="${name}.html"`);
    reply.send(bytes);
  }
}

/** Says of when the copy is, in the election's own time. */
function wordsOf(
  language: UiLanguage,
  answers: Answers,
  route: Exclude<Route, { page: 'start' }>,
  now: number,
): { title: string; text: string } {
  const words = (language === 'vi' ? pagesVi : pagesEn)(String).copy;
  const election = 'election' in route ? (answers[addresses.election(route.election)]?.body as ElectionAnswer) : null;
  const print = (style: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
      ...style,
      ...(election && { timeZone: election.timezone }),
    }).format(now);
  return { title: words.title, text: words.text(`${print({ timeStyle: 'medium' })}, ${print({ dateStyle: 'long' })}`) };
}
