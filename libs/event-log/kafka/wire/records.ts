/** Requests about the records of one partition. */
import { FETCH, INIT_PRODUCER_ID, LIST_OFFSETS, mustSucceed, PRODUCE, type Request } from './request.ts';
import { Writer } from './writer.ts';

export interface Partition {
  readonly topic: string;
  readonly partition: number;
}

const ALL_IN_SYNC = -1;
const READ_UNCOMMITTED = 0;
const NO_EPOCH = -1;
/** As the time in a request for offsets. */
export const EARLIEST = -2;
export const LATEST = -1;

export interface Produced {
  readonly baseOffset: number;
  readonly logTime: number;
}

/** Appends one batch; the broker answers once all in-sync replicas have it. */
export function produce({ topic, partition }: Partition, batch: Buffer, timeoutMs: number): Request<Produced> {
  const body = new Writer().string(null).int16(ALL_IN_SYNC).int32(timeoutMs);
  body.array([topic], (name) => {
    body.string(name).array([partition], (index) => body.int32(index).bytes(batch));
  });
  return {
    api: PRODUCE,
    body: body.finish(),
    read: (answer) => {
      const [produced] = answer.array(() => {
        answer.string();
        return answer.array(() => {
          answer.int32();
          const code = answer.int16();
          const stored = { baseOffset: answer.int64(), logTime: answer.int64() };
          answer.int64();
          mustSucceed(code);
          return stored;
        });
      });
      return produced![0]!;
    },
  };
}

export interface Fetched {
  /** Below it, records are on all in-sync replicas; none beyond it is sent. */
  readonly highWater: number;
  /** Whole batches, the first of which may begin before the offset asked for; the last may be cut. */
  readonly batches: Buffer;
}

/** Waits so long for a first record; a first batch is sent however large it is. */
export function fetchRecords(
  { topic, partition }: Partition,
  from: number,
  maxBytes: number,
  waitMs: number,
): Request<Fetched> {
  const body = new Writer().int32(-1).int32(waitMs).int32(1).int32(maxBytes).int8(READ_UNCOMMITTED).int32(0).int32(-1);
  body.array([topic], (name) => {
    body.string(name).array([partition], (index) => {
      body.int32(index).int32(NO_EPOCH).int64(from).int64(-1).int32(maxBytes);
    });
  });
  body.array([], () => undefined).string('');
  return {
    api: FETCH,
    body: body.finish(),
    read: (answer) => {
      answer.int32();
      mustSucceed(answer.int16());
      answer.int32();
      const [fetched] = answer.array(() => {
        answer.string();
        return answer.array(() => {
          answer.int32();
          const code = answer.int16();
          const highWater = answer.int64();
          answer.int64();
          answer.int64();
          answer.array(() => [answer.int64(), answer.int64()]);
          answer.int32();
          const batches = answer.bytes();
          mustSucceed(code);
          return { highWater, batches };
        });
      });
      return fetched![0]!;
    },
  };
}

/** The first offset whose record is at least as late as a time; −1 if there is none. Or `EARLIEST`, or `LATEST` (the high-water mark). */
export function offsetAt({ topic, partition }: Partition, time: number): Request<number> {
  const body = new Writer().int32(-1).int8(READ_UNCOMMITTED);
  body.array([topic], (name) => {
    body.string(name).array([partition], (index) => body.int32(index).int32(NO_EPOCH).int64(time));
  });
  return {
    api: LIST_OFFSETS,
    body: body.finish(),
    read: (answer) => {
      answer.int32();
      const [offsets] = answer.array(() => {
        answer.string();
        return answer.array(() => {
          answer.int32();
          const code = answer.int16();
          answer.int64();
          const offset = answer.int64();
          answer.int32();
          mustSucceed(code);
          return offset;
        });
      });
      return offsets![0]!;
    },
  };
}

export interface Producer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** A name for a producer, by which the brokers know its repeats. */
export function newProducer(): Request<Producer> {
  return {
    api: INIT_PRODUCER_ID,
    body: new Writer().string(null).int32(60_000).finish(),
    read: (answer) => {
      answer.int32();
      mustSucceed(answer.int16());
      return { producerId: BigInt(answer.int64()), producerEpoch: answer.int16() };
    },
  };
}
