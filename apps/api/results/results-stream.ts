/** Results of national size, written out as they are read, from one view that is closed at the end. */
import { Readable } from 'node:stream';
import { atPosition, bodyCsv, resultNodes, resultsCsv, spellNode, type View } from '#projection';
import type { Asked } from './asked.ts';

/** Bytes of output that wait for a slow reader at most. */
const WAITING_BYTES = 256 * 1024;

/** A `ResultsAnswer` as JSON text. */
export function resultsStream(view: View, wanted: Asked): Readable {
  return closing(view, jsonOf(view, wanted));
}

/** The long form. */
export function csvStream(view: View, { query, body, tracks }: Asked): Readable {
  return closing(view, body === undefined ? resultsCsv(view, query, tracks) : bodyCsv(view, query, body, tracks));
}

async function* jsonOf(view: View, { query, tracks }: Asked): AsyncGenerator<string> {
  const { election, position, asOf } = atPosition(view);
  const head = JSON.stringify({ election, position, asOf }).slice(0, -1);
  let chunk = `${head},"nodes":[`;
  let separator = '';
  for await (const node of resultNodes(view, query)) {
    chunk += separator + JSON.stringify(spellNode(view, node, tracks, query.sight));
    separator = ',';
    if (chunk.length < 65_536) continue;
    yield chunk;
    chunk = '';
  }
  yield `${chunk}]}`;
}

function closing(view: View, chunks: AsyncGenerator<string>): Readable {
  const stream = Readable.from(buffers(chunks), { objectMode: false, highWaterMark: WAITING_BYTES });
  return stream.once('close', () => view.close());
}

async function* buffers(chunks: AsyncGenerator<string>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) if (chunk !== '') yield Buffer.from(chunk);
}
