/** Lines of a streamed answer, as far as it came; a last line that is cut off is none. */
export async function* linesOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body!) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
  } catch {
    // The server died while it answered; what came of the answer holds.
  }
}
