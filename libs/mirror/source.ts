/** Where a copy is taken from: the routes of one election on a server (contracts §5). */
export interface LogSource {
  /** Where it is, for messages. */
  readonly address: string;
  /** What lies at a path below the election, as `log/0/checkpoint`; null where it is not public (403). */
  read(path: string, query?: Readonly<Record<string, string>>): Promise<Uint8Array | null>;
  /** The same; null also where there is no such path (404), as on servers that are older. */
  find(path: string): Promise<Uint8Array | null>;
  /** The same as it arrives; throws where it is not public. */
  stream(path: string, query?: Readonly<Record<string, string>>): AsyncIterable<Uint8Array>;
}

export async function readText(
  source: LogSource,
  path: string,
  query?: Readonly<Record<string, string>>,
): Promise<string | null> {
  const bytes = await source.read(path, query);
  return bytes && Buffer.from(bytes).toString('utf8');
}
