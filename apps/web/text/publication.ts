/** When results come, where they are not out yet (contracts §1, `publish`). */
import type { ElectionAnswer } from '#wire';
import type { Locale } from './locale.ts';

export function publicationSentence(locale: Locale, { publish, polls, levels }: ElectionAnswer, level: string): string {
  const { t, moment, pick } = locale;
  const placeOf = (id: string): number => levels.findIndex((candidate) => candidate.id === id);
  if (placeOf(level) > placeOf(publish.lowestLevel))
    return t.units.notBelow(pick(levels[placeOf(publish.lowestLevel)]?.name, publish.lowestLevel));
  switch (publish.results) {
    case 'never':
      return t.publication.never;
    case 'certified':
      return t.publication.certified;
    case 'closed':
    case 'always':
      return t.publication.closed(moment(polls.closes));
    default: {
      const isLater = Date.parse(publish.results) > Date.parse(polls.closes);
      return isLater ? t.publication.time(moment(publish.results)) : t.publication.closed(moment(polls.closes));
    }
  }
}
