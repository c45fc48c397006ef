/** `GET /` and every address below `/{language}`: the page with its figures in it. `/embed/…` and `/screen/…` beside. */
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { encodingFor, languageFor, ProblemError, problemOf, Rounds } from '../api/index.ts';
import { languageOf, links, movedPage, readRoute } from '../web/route.ts';
import { UI_LANGUAGES } from '../web/text/languages.ts';
import { BUILT_PAGES, type BuiltPages } from './built-pages.ts';
import { correctionsFeed } from './corrections-feed.ts';
import type { PageAddress } from './document.ts';
import { type Encoding, KeptPages, PACKED } from './kept-pages.ts';
import { PageAnswers } from './page-answers.ts';
import { isPageKnown, pageTag } from './page-tags.ts';
import type { Found } from './reading.ts';

type FoundPage = Extract<Found, { kind: 'found' }>;

interface Rendered {
  readonly etag: string;
  readonly bytes: Buffer;
}

@Controller()
export class ReadPages {
  readonly #built: BuiltPages;
  readonly #answers: PageAnswers;
  readonly #kept: KeptPages;
  /** While sheets come in, every request would find a page of its own to render. */
  readonly #rounds = new Rounds<Rendered>();

  constructor(
    @Inject(BUILT_PAGES) built: BuiltPages,
    @Inject(PageAnswers) answers: PageAnswers,
    @Inject(KeptPages) kept: KeptPages,
  ) {
    this.#built = built;
    this.#answers = answers;
    this.#kept = kept;
  }

  /** The reader's language, and the only election or the list of them. */
  @Get()
  async start(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const language = languageFor(request, UI_LANGUAGES);
    const only = await this.#answers.onlyElection();
    const to = only ? links.overview(language, only) : links.elections(language);
    reply.headers({ 'cache-control': 'no-cache', vary: 'Accept-Language', location: to }).code(302).send();
  }

  /** May stand in a frame of any site: it shows what is public, and no cookie of ours reaches it there. */
  @Get('embed/*')
  async embed(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const policy = String(reply.getHeader('content-security-policy') ?? '');
    reply.removeHeader('x-frame-options');
    reply.header('content-security-policy', policy.replace(/frame-ancestors [^;]*/, 'frame-ancestors *'));
    await this.page(request, reply);
  }

  @Get(['vi', 'vi/*', 'en', 'en/*', 'screen/*'])
  async page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { pathname: path, search } = new URL(request.url, 'http://page');
    const route = readRoute(path, search);
    if (route.page === 'start') return this.start(request, reply);
    const address: PageAddress = { language: languageOf(route), site: siteOf(request), path, search };
    let found: Found;
    try {
      found = await this.#answers.find(route);
    } catch (error) {
      this.#unavailable(reply, address, error);
      return;
    }
    if (found.kind === 'missing') {
      const to = movedPage(path, search);
      if (to !== undefined) found = { kind: 'moved', to };
    }
    if (found.kind === 'moved') reply.headers({ 'cache-control': 'no-cache', location: found.to }).code(302).send();
    else if (found.kind === 'private')
      this.#html(reply).header('cache-control', 'no-cache').send(this.#built.empty(address));
    else if (found.kind === 'missing')
      this.#html(reply).header('cache-control', 'no-cache').code(404).send(this.#built.missing(address.language));
    else
      try {
        await this.#send(request, reply, address, found, () => this.#answers.find(route));
      } finally {
        found.close();
      }
  }

  @Get(['vi/:election/~corrections.atom', 'en/:election/~corrections.atom'])
  async feed(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { election: id } = request.params as { election: string };
    const language = request.url.startsWith('/vi/') ? 'vi' : 'en';
    const found = await this.#answers.corrections(id);
    if (!found) throw new ProblemError('unknown-election', 'There is no such election.');
    const xml = correctionsFeed(found.answer, found.election, { language, site: siteOf(request) });
    reply.type('application/atom+xml; charset=utf-8');
    if (!isPageKnown(request, reply, pageTag(xml))) reply.send(xml);
  }

  async #send(
    request: FastifyRequest,
    reply: FastifyReply,
    address: PageAddress,
    found: FoundPage,
    findAgain: () => Promise<Found>,
  ): Promise<void> {
    this.#html(reply).header('vary', 'Accept-Encoding');
    if (isPageKnown(request, reply, this.#tagOf(address, found))) return;
    const encoding = encodingFor(request, PACKED);
    const { path, search, site } = address;
    const rendered = await this.#rounds.of([encoding, site, path, search].join('|'), async (isLater) => {
      const later = isLater ? await findAgain() : found;
      if (later.kind !== 'found') return this.#rendered(address, found, encoding);
      try {
        return await this.#rendered(address, later, encoding);
      } finally {
        if (later !== found) later.close();
      }
    });
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    reply.header('etag', rendered.etag).send(rendered.bytes);
  }

  async #rendered(address: PageAddress, found: FoundPage, encoding: Encoding): Promise<Rendered> {
    const etag = this.#tagOf(address, found);
    const bytes = await this.#kept.of(etag, encoding, async () => {
      const at = Date.now();
      return this.#built.render({ ...address, card: found.card }, { at, answers: await found.read() });
    });
    return { etag, bytes };
  }

  #tagOf({ site, path, search }: PageAddress, { tag }: FoundPage): string {
    return pageTag(tag, this.#built.id, site, path, search);
  }

  /** The style that lies in the page is allowed by its digest; no other is. */
  #html(reply: FastifyReply): FastifyReply {
    const policy = String(reply.getHeader('content-security-policy') ?? '');
    reply.header('content-security-policy', `${policy};style-src 'self' ${this.#built.styleSource}`);
    return reply.type('text/html; charset=utf-8');
  }

  /** A store that is away: the page asks again by itself. */
  #unavailable(reply: FastifyReply, address: PageAddress, error: unknown): void {
    if (problemOf(error)?.code !== 'unavailable') throw error;
    this.#html(reply)
      .headers({ 'cache-control': 'no-store', 'retry-after': '1' })
      .code(503)
      .send(this.#built.empty(address));
  }
}

/** Where the pages are as the reader asked for them, without a slash at its end. */
export function siteOf({ protocol, host }: FastifyRequest): string {
  return `${protocol}://${host}`;
}
