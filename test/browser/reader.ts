/** A reader with a real browser who also notes what a reader would not see: errors, refused loads, other hosts. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import type { Browser, BrowserContext, Page } from '../services/chromium.ts';

export type Language = 'en' | 'vi';
export interface Screen {
  readonly language: Language;
  readonly width: 1280 | 360;
}

export const SCREENS: readonly Screen[] = [
  { language: 'en', width: 1280 },
  { language: 'vi', width: 360 },
  { language: 'vi', width: 1280 },
  { language: 'en', width: 360 },
];

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Runs in the page before its own scripts: what the policy forbids is told as an error of the console. */
const TELL_VIOLATIONS = `addEventListener('securitypolicyviolation', (event) =>
  console.error('policy violated: ' + event.violatedDirective + ' by ' + event.blockedURI));`;

export class Reader {
  readonly page: Page;
  readonly language: Language;
  /** Every answer and message that the browser was given, shown or not. */
  readonly received: string[] = [];
  readonly #context: BrowserContext;
  readonly #trouble: string[] = [];
  readonly #hosts = new Set<string>();

  private constructor(page: Page, language: Language, context: BrowserContext) {
    this.page = page;
    this.language = language;
    this.#context = context;
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.#trouble.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.#trouble.push(`error: ${error.stack ?? error.message}`));
    page.on('crash', () => this.#trouble.push('the page crashed'));
    page.on('request', (request) => this.#hosts.add(new URL(request.url()).host));
    page.on('websocket', (socket) => {
      this.#hosts.add(new URL(socket.url()).host);
      socket.on('framereceived', ({ payload }) => this.received.push(String(payload)));
    });
    page.on('response', (response) => {
      if (response.status() >= 400) this.#trouble.push(`${response.status()} ${response.url()}`);
      const isAnswer = new URL(response.url()).pathname.startsWith('/api/');
      const isPage = response.headers()['content-type']?.startsWith('text/html') && response.status() < 300;
      if (!isAnswer && !isPage) return;
      response.text().then(
        (text) => this.received.push(`${response.url()} ${text}`),
        () => undefined,
      );
    });
  }

  static async open(browser: Browser, { language, width }: Screen): Promise<Reader> {
    const context = await browser.newContext({
      viewport: { width, height: width === 360 ? 740 : 900 },
      locale: language === 'vi' ? 'vi-VN' : 'en-GB',
      timezoneId: 'Asia/Ho_Chi_Minh',
      hasTouch: width === 360,
    });
    await context.addInitScript(TELL_VIOLATIONS);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    return new Reader(page, language, context);
  }

  async close(): Promise<void> {
    await this.#context.close();
  }

  /** What went wrong since the last time it was asked for. */
  takeTrouble(): string[] {
    return this.#trouble.splice(0);
  }

  /** Every host that was asked for anything, by HTTP or socket. */
  get hosts(): string[] {
    return [...this.#hosts].sort();
  }

  /** Text as a reader sees it, blanks made one. */
  async text(selector: string): Promise<string> {
    const element = this.page.locator(selector).first();
    await element.waitFor();
    return oneLine((await element.allInnerTexts())[0] ?? '');
  }

  async texts(selector: string): Promise<string[]> {
    return (await this.page.locator(selector).allInnerTexts()).map(oneLine);
  }

  /** Resolves once the text of an element is what is expected; rejects with what it was instead. */
  async waitForText(selector: string, expected: string | RegExp, timeout = 20_000): Promise<void> {
    const isIt = (text: string): boolean => (typeof expected === 'string' ? text === expected : expected.test(text));
    const end = Date.now() + timeout;
    for (;;) {
      const found = (await this.page.locator(selector).allInnerTexts()).map(oneLine);
      if (found.length > 0 && isIt(found[0]!)) return;
      if (Date.now() > end) throw new Error(`${selector} says ${JSON.stringify(found)}, not ${expected}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Candidates as the table prints them: `[number, name, votes, share]`. */
  async candidates(): Promise<string[][]> {
    const rows = await this.page.locator('.candidate-table tbody tr:not(.table-line)').all();
    return Promise.all(
      rows.map(async (row) => {
        const cells = (await row.locator('td').allInnerTexts()).map(oneLine);
        return [
          cells[0]!,
          oneLine((await row.locator('th .candidate-name').textContent()) ?? ''),
          cells[1]!,
          cells[2]!,
        ];
      }),
    );
  }

  /** The row of a unit in the table below: its texts, cell for cell. */
  async unitRow(name: string): Promise<string[]> {
    const link = this.page.getByRole('link', { name, exact: true });
    const row = this.page.locator('.unit-table tbody tr', { has: link });
    return (await row.locator('th, td').allInnerTexts()).map(oneLine);
  }

  /** How much wider than the screen the page is: more than 0 is a page that scrolls sideways. */
  async overflow(): Promise<number> {
    return (await this.page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
  }

  /** What axe-core finds by rule and place; all of its rules, or those that depend on colours. */
  async axe({ colours = false } = {}): Promise<string[]> {
    await this.page.evaluate(`window.axe ?? (() => { ${axe} })()`);
    const rules = colours ? 'runOnly: ["color-contrast", "link-in-text-block"],' : '';
    const { violations } = (await this.page.evaluate(
      `axe.run(document, { ${rules} resultTypes: ["violations"] })`,
    )) as {
      violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
    };
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  }

  /** Expects of the page, as it is now, that axe-core finds nothing and that it does not scroll sideways. */
  async mustSeemWell(): Promise<void> {
    expect(await this.axe()).toEqual([]);
    expect(await this.overflow()).toBeLessThanOrEqual(0);
  }

  /** Presses Tab until what has the focus reads so; rejects where no number of them gets there. */
  async tabTo(name: string, { back = false } = {}): Promise<void> {
    const passed: string[] = [];
    for (let presses = 0; presses < 150; presses += 1) {
      await this.page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
      const focused = oneLine(
        (await this.page.evaluate(
          'document.activeElement?.innerText ?? document.activeElement?.value ?? ""',
        )) as string,
      );
      if (focused === name) return;
      passed.push(focused.slice(0, 40));
    }
    throw new Error(`the keyboard does not reach "${name}", only ${JSON.stringify(passed)}`);
  }
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** A count as the language groups it; written here again, not taken from the page. */
export function printCount(value: number, language: Language): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, language === 'vi' ? '.' : ',');
}

/** Two decimals, half up, in whole numbers; `–` where there is nothing to divide by. */
export function printShare(part: number, whole: number | undefined, language: Language): string {
  if (!whole) return '–';
  const hundredths = (20_000n * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole));
  const digits = String(hundredths).padStart(3, '0');
  return `${digits.slice(0, -2)}${language === 'vi' ? ',' : '.'}${digits.slice(-2)}%`;
}
