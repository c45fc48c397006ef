/** The languages that the pages speak. */
export const UI_LANGUAGES = ['vi', 'en'] as const;
export type UiLanguage = (typeof UI_LANGUAGES)[number];

export function isUiLanguage(text: string | undefined): text is UiLanguage {
  return (UI_LANGUAGES as readonly (string | undefined)[]).includes(text);
}
