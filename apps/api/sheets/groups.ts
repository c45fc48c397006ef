/** Gathers what arrives in a stream into groups: full, or as old as the first of them may get, or the end. */

export interface GroupLimits {
  readonly most: number;
  readonly ms: number;
}

/**
 * Items in groups of at most `most`; a group waits for more at most `ms` after its first. Nothing is read ahead of the
 * group that is asked for but the one item that came too late for it.
 */
export async function* inGroups<T>(items: AsyncIterable<T>, { most, ms }: GroupLimits): AsyncGenerator<T[]> {
  const source = items[Symbol.asyncIterator]();
  let next = read(source);
  try {
    for (;;) {
      const first = await next;
      if (first.done) return;
      const group = [first.value];
      next = read(source);
      const isOver = await fill(
        group,
        most,
        deadlineIn(ms),
        () => next,
        () => {
          next = read(source);
        },
      );
      yield group;
      if (isOver) return;
    }
  } finally {
    // Not awaited: a source that waits for more would keep us waiting with it.
    source.return?.()?.catch(noop);
  }
}

interface Deadline {
  readonly late: Promise<'late'>;
  clear(): void;
}

/** Adds what comes before the deadline; whether the source has ended. */
async function fill<T>(
  group: T[],
  most: number,
  deadline: Deadline,
  current: () => Promise<IteratorResult<T>>,
  advance: () => void,
): Promise<boolean> {
  try {
    while (group.length < most) {
      const item = await Promise.race([current(), deadline.late]);
      if (item === 'late') return false;
      if (item.done) return true;
      group.push(item.value);
      advance();
    }
    return false;
  } finally {
    deadline.clear();
  }
}

/** A failure is met where the item is awaited; until then it must not count as unhandled. */
function read<T>(source: AsyncIterator<T>): Promise<IteratorResult<T>> {
  const next = source.next();
  next.catch(noop);
  return next;
}

function deadlineIn(ms: number): Deadline {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, ms, 'late');
  });
  return { late, clear: () => clearTimeout(timer) };
}

function noop(): undefined {
  return undefined;
}
