/** The corrections of an election as an Atom feed (RFC 4287). */
import { Feed } from 'feed';
import type { Texts } from '#domain';
import type { CorrectionAnswer, CorrectionsAnswer, ElectionAnswer } from '#wire';
import { links } from '../web/route.ts';
import type { UiLanguage } from '../web/text/languages.ts';
import { pagesEn } from '../web/text/pages-en.ts';
import { pagesVi } from '../web/text/pages-vi.ts';
import { escapeHtml } from './document.ts';

interface FeedPlace {
  readonly language: UiLanguage;
  /** Where the pages are, without a slash at its end. */
  readonly site: string;
}

export function correctionsFeed(
  { corrections, asOf }: CorrectionsAnswer,
  { id, name, rehearsal }: ElectionAnswer,
  { language, site }: FeedPlace,
): string {
  const words = (language === 'vi' ? pagesVi : pagesEn)(String);
  const mark = rehearsal ? (language === 'vi' ? '[DIỄN TẬP] ' : '[REHEARSAL] ') : '';
  const feed = new Feed({
    id: `urn:tally:${id}:corrections`,
    title: escapeHtml(`${mark}${words.corrections} – ${inLanguage(name, language, id)}`),
    description: words.correctionsLead,
    language,
    link: site + links.corrections(language, id),
    feedLinks: { atom: site + links.correctionsFeed(language, id) },
    updated: new Date(corrections[0]?.attempt.logTime ?? asOf ?? 0),
    generator: 'Tally',
    copyright: '',
  });
  for (const correction of corrections) {
    const { station, contest, attempt } = correction;
    feed.addItem({
      id: `urn:tally:${id}:${attempt.position}`,
      title: escapeHtml(
        `${mark}${inLanguage(station.names, language, station.name)} – ${inLanguage(contest.names, language, contest.name)}`,
      ),
      link: site + links.sheet(language, id, station.code, contest.id),
      date: new Date(attempt.logTime),
      content: contentOf(correction),
    });
  }
  return feed.atom1();
}

function contentOf({ attempt }: CorrectionAnswer): string {
  const changes = attempt.changed.map(
    ({ key, before, after }) =>
      `<li>${escapeHtml(key.slice(key.indexOf('.') + 1))}: ${before ?? '–'} → ${after ?? '–'}</li>`,
  );
  const reason = attempt.reason === undefined ? '' : `<p>${escapeHtml(attempt.reason)}</p>`;
  return reason + (changes.length > 0 ? `<ul>${changes.join('')}</ul>` : '');
}

function inLanguage(texts: Texts | undefined, language: UiLanguage, otherwise: string): string {
  return texts?.[language] ?? otherwise;
}
