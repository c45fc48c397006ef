/**
 * Fuzzing of the HTTP doors: damaged bodies of every kind against a running server. It holds that each is answered with
 * a status below 500 and a problem where it is refused, that the process stays up, and that no total changes by what was
 * refused.
 */
import fc from 'fast-check';

export interface BodyFuzzOptions {
  /** `…/api/v1/elections/<id>` */
  readonly address: string;
  readonly token: string;
  /** A sound sheet, as an object. */
  readonly sheet: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly runs: number;
  readonly onRun?: (run: number) => void;
}

export interface BodyFuzzReport {
  readonly runs: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
}

const ROUTES = ['sheets', 'sheets', 'sheets:batch'] as const;
const TYPES = { sheets: 'application/json', 'sheets:batch': 'application/x-ndjson' } as const;
const OTHER_TYPES = ['text/plain', 'application/zip', 'application/json', ''] as const;

/** One damaged body: where it goes, as what, and its bytes. */
const attempts = (sheet: BodyFuzzOptions['sheet']) => {
  const text = JSON.stringify(sheet);
  const whole = fc.constant(Buffer.from(text));
  const cut = fc.nat({ max: text.length }).map((at) => Buffer.from(text.slice(0, at)));
  const spliced = fc
    .tuple(fc.nat({ max: text.length }), fc.nat({ max: 12 }), fc.uint8Array({ maxLength: 12 }))
    .map(([at, gone, put]) => Buffer.concat([Buffer.from(text.slice(0, at)), put, Buffer.from(text.slice(at + gone))]));
  const otherValue = fc
    .tuple(fc.constantFrom(...Object.keys(sheet)), fc.jsonValue({ maxDepth: 3 }))
    .map(([name, value]) => Buffer.from(JSON.stringify({ ...sheet, [name]: value })));
  const anything = fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)));
  const nested = fc.integer({ min: 100, max: 20_000 }).map((deep) => Buffer.from('['.repeat(deep) + ']'.repeat(deep)));
  const noise = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));
  const body = fc.oneof(cut, spliced, otherValue, anything, nested, noise, whole);
  const type = fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, fc.constantFrom(...OTHER_TYPES));
  return fc
    .record({ route: fc.constantFrom(...ROUTES), type, body })
    .map(({ route, type, body }) => ({ route, body, type: type ?? TYPES[route] }));
};

export async function fuzzBodies(options: BodyFuzzOptions): Promise<BodyFuzzReport> {
  const statuses: Record<string, number> = {};
  const failures: string[] = [];
  const samples = fc.sample(attempts(options.sheet), { seed: options.seed, numRuns: options.runs });
  for (const [run, { route, type, body }] of samples.entries()) {
    const told = `seed ${options.seed}, run ${run}: ${route} as "${type}" ${body.toString('latin1').slice(0, 120)}`;
    try {
      const answer = await fetch(`${options.address}/${route}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${options.token}`, ...(type !== '' && { 'content-type': type }) },
        body,
      });
      const text = await answer.text();
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (answer.status >= 500 && answer.status !== 503) failures.push(`${told}: ${answer.status}`);
      else if (/\n\s+at .+:\d+:\d+/.test(text)) failures.push(`${told}: a stack trace is shown`);
      else if (answer.status >= 400 && !(answer.headers.get('content-type') ?? '').includes('problem+json'))
        failures.push(`${told}: ${answer.status} without a problem`);
    } catch (error) {
      failures.push(`${told}: ${error instanceof Error ? (error.cause ?? error.message) : String(error)}`);
    }
    options.onRun?.(run);
  }
  return { runs: samples.length, statuses, failures };
}
