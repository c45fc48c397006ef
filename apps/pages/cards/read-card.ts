/** `GET /card/{language}/{election}/{unit}.png?contest=`: the picture of a shared address, 1200 × 630. */
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Contest, Texts, Unit } from '#domain';
import { certifiedThen, type ServedElection } from '#projection';
import { Desk, ProblemError, publicViewer } from '../../api/index.ts';
import { en } from '../../web/text/en.ts';
import { isUiLanguage } from '../../web/text/languages.ts';
import { vi } from '../../web/text/vi.ts';
import { type CardWords, cardSvg } from './card-svg.ts';
import { drawPng } from './draw-card.ts';

const CACHE = 'public, max-age=300, stale-while-revalidate=600';
const MOST_KEPT = 200;
/** Drawing takes the process's only thread some 50 ms: more new cards than this a second have to wait. */
const NEW_PER_SECOND = 4;

const DAYS = {
  vi: new Intl.DateTimeFormat('vi-VN', { dateStyle: 'long', timeZone: 'UTC' }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }),
};

interface CardParams {
  readonly language: string;
  readonly election: string;
  readonly file: string;
}

@Controller()
export class ReadCard {
  readonly #desk: Desk;
  /** Oldest use first. */
  readonly #kept = new Map<string, Promise<Buffer>>();
  #second = 0;
  #drawn = 0;

  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Get('card/:language/:election/:file')
  async card(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { language, election: id, file } = request.params as CardParams;
    const { contest: wanted } = request.query as { contest?: unknown };
    const served = await this.#desk.election(id);
    if (!isUiLanguage(language) || !file.endsWith('.png')) throw new ProblemError('not-found');
    const unit = this.#desk.unit(served, file.slice(0, -'.png'.length));
    const contest = typeof wanted === 'string' ? this.#desk.contestAt(served, wanted, unit) : undefined;
    const svg = cardSvg(await this.#words(served, unit, contest, language));
    const png = await this.#drawing(svg);
    reply.type('image/png').header('cache-control', CACHE).send(png);
  }

  #drawing(svg: string): Promise<Buffer> {
    const known = this.#kept.get(svg);
    if (known) return known;
    const second = Math.floor(Date.now() / 1_000);
    this.#drawn = second === this.#second ? this.#drawn + 1 : 1;
    this.#second = second;
    if (this.#drawn > NEW_PER_SECOND) throw new ProblemError('too-many-requests', { headers: { 'retry-after': '1' } });
    const png = drawPng(svg);
    this.#kept.set(svg, png);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(oldest!);
    return png;
  }

  /** What the public may know now; of one contest, or of the unit. */
  async #words(
    served: ServedElection,
    unit: Unit,
    contest: Contest | undefined,
    language: 'vi' | 'en',
  ): Promise<CardWords> {
    const { definition } = served.election;
    const t = language === 'vi' ? vi(String) : en(String);
    const nameOf = ({ name, names }: { name: string; names?: Texts }): string => names?.[language] ?? name;
    const contests = contest ? [contest] : served.election.contestsAt(unit);
    const { isPublic, isCertified } = await this.#desk.publicReading(served, async (view) => {
      const { sight } = await publicViewer(view, Date.now());
      const certified = await certifiedThen(view);
      return {
        isPublic: contests.some((one) => sight.results(one, unit.level)),
        isCertified: contests.every(({ id }) => certified.has(id)),
      };
    });
    return {
      election: definition.name[language] ?? Object.values(definition.name)[0] ?? definition.id,
      day: DAYS[language].format(new Date(`${definition.date}T12:00:00Z`)),
      unit: nameOf(unit.row),
      contest: contest && nameOf(contest.row),
      state: !isPublic ? t.states.unpublished : isCertified ? t.states.certified : t.card.preliminary,
      note: t.card.note,
      rehearsal: definition.rehearsal ? t.rehearsalMark : undefined,
    };
  }
}
