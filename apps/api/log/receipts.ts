/** Receipts of what lies in the log: given with the answer to a sheet, and anew, with its proof, by its id. */
import type { KeyObject } from 'node:crypto';
import { Controller, Inject, Injectable, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { signReceipt, TreeError } from '#log-tree';
import type { ServedElection } from '#projection';
import { formatHash, parseReceiptId } from '#transparency';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readParams } from '../http/route.ts';
import type { Receipt } from '../schemas.ts';
import * as wire from '../schemas.ts';

/** A place of the log, and the record there where it is at hand. */
interface Placed {
  readonly shard: number;
  readonly offset: number;
  readonly value?: Uint8Array;
}

@Injectable()
export class Receipts {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  /** The receipt of a record; null where the installation signs nothing. */
  async of(served: ServedElection, { shard, offset, value }: Placed): Promise<Receipt | null> {
    const election = served.election.definition.id;
    const key = await this.key(election);
    if (!key) return null;
    return signReceipt(election, { shard, offset, value: value ?? (await this.#read(served, shard, offset)) }, key);
  }

  /** The key that signs them; null where the installation signs nothing. */
  async key(election: string): Promise<KeyObject | null> {
    try {
      return await this.#desk.services.publicLog.key(election);
    } catch (error) {
      if (error instanceof TreeError && error.code === 'no-key') return null;
      throw error;
    }
  }

  async #read(served: ServedElection, shard: number, offset: number): Promise<Uint8Array> {
    const [record] = await served.log.read(shard, offset, { maxRecords: 1 });
    if (record?.offset !== offset) throw new ProblemError('unknown-receipt');
    return record.value;
  }
}

const route = {
  method: 'GET',
  path: `${ELECTION}/receipts/:receipt`,
  tag: 'audit',
  summary: 'A receipt, with the proof that its event is in the log',
  description:
    'Says nothing of what is on the sheet or what became of it: its digest, where it lies, and its proof under a signed checkpoint.',
  access: 'public',
  params: wire.receiptParams,
  answers: {
    200: { description: 'With checkpoint and inclusion proof', schema: wire.provenReceipt },
    202: { description: 'In the log, not in the tree yet; ask again', schema: wire.receipt },
  },
  problems: ['unknown-election', 'unknown-receipt', 'no-signing-key'],
} as const satisfies RouteSpec;

@Controller()
export class ReadReceipt {
  readonly #desk: Desk;
  readonly #receipts: Receipts;
  constructor(@Inject(Desk) desk: Desk, @Inject(Receipts) receipts: Receipts) {
    this.#desk = desk;
    this.#receipts = receipts;
  }

  @Handles(route)
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const params = readParams(route.params, request);
    const served = await this.#desk.election(params.election);
    const place = parseReceiptId(params.receipt);
    if (!place || place.shard >= served.log.shards) throw new ProblemError('unknown-receipt');
    const receipt = await this.#receipts.of(served, { shard: place.shard, offset: place.offset });
    if (!receipt) throw new ProblemError('no-signing-key');
    if (receipt.code !== place.code) throw new ProblemError('unknown-receipt');
    const { publicLog } = this.#desk.services;
    const { id } = served.election.definition;
    const reads = await publicLog.reads(id, place.shard);
    reply.header('cache-control', 'no-store');
    if (reads.size <= place.offset) {
      reply.code(202).header('retry-after', '1').send(receipt);
      return;
    }
    reply.send({
      ...receipt,
      checkpoint: await publicLog.checkpoint(id, place.shard, reads),
      proof: (await reads.inclusion(place.offset)).map(formatHash),
    });
  }
}
