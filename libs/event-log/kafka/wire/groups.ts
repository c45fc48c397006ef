/** Requests of a member of a group: Kafka's classic group protocol, with an assignment of Tally's own. */
import {
  FIND_COORDINATOR,
  HEARTBEAT,
  JOIN_GROUP,
  LEAVE_GROUP,
  mustSucceed,
  type Request,
  SYNC_GROUP,
} from './request.ts';
import type { Node } from './topics.ts';
import { Writer } from './writer.ts';

/** A member in one generation of its group. */
export interface Membership {
  readonly group: string;
  readonly generation: number;
  readonly member: string;
}

/** The broker that looks after a group. */
export function coordinatorOf(group: string): Request<Node> {
  return {
    api: FIND_COORDINATOR,
    body: new Writer().string(group).int8(0).finish(),
    read: (answer) => {
      answer.int32();
      const code = answer.int16();
      const detail = answer.string();
      answer.int32();
      const node = { host: answer.string() ?? '', port: answer.int32() };
      mustSucceed(code, detail);
      return node;
    },
  };
}

export interface JoinSettings {
  readonly group: string;
  /** Empty at first; then as the coordinator named it. */
  readonly member: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocol: string;
  /** What the leading member is told of this one. */
  readonly about: Uint8Array;
}

export interface Joined extends Membership {
  /** For the leading member, who assigns: all members, with what they told; else empty. */
  readonly members: readonly { readonly member: string; readonly about: Buffer }[];
}

export const MEMBER_ID_REQUIRED = 79;

/** Waits until all members have joined. With no name yet, the answer is only a name (KIP-394). */
export function joinGroup(settings: JoinSettings): Request<Joined | { readonly member: string }> {
  const { group, member, sessionTimeoutMs, rebalanceTimeoutMs, protocol, about } = settings;
  const body = new Writer().string(group).int32(sessionTimeoutMs).int32(rebalanceTimeoutMs).string(member).string(null);
  body.string('tally').array([protocol], (name) => body.string(name).bytes(about));
  return {
    api: JOIN_GROUP,
    body: body.finish(),
    read: (answer) => {
      answer.int32();
      const code = answer.int16();
      const generation = answer.int32();
      answer.string();
      const leader = answer.string();
      const named = answer.string() ?? '';
      const members = answer.array(() => {
        const other = answer.string() ?? '';
        answer.string();
        return { member: other, about: answer.bytes() };
      });
      if (code === MEMBER_ID_REQUIRED) return { member: named };
      mustSucceed(code);
      return { group, generation, member: named, members: named === leader ? members : [] };
    },
  };
}

/** Waits for the leading member's assignment and returns this member's. `assignments` is empty but for the leading one. */
export function syncGroup(
  membership: Membership,
  assignments: readonly { readonly member: string; readonly work: Uint8Array }[],
): Request<Buffer> {
  const body = asMember(membership).string(null);
  body.array(assignments, ({ member, work }) => body.string(member).bytes(work));
  return {
    api: SYNC_GROUP,
    body: body.finish(),
    read: (answer) => {
      answer.int32();
      const code = answer.int16();
      const work = answer.bytes();
      mustSucceed(code);
      return work;
    },
  };
}

export function heartbeat(membership: Membership): Request<void> {
  return { api: HEARTBEAT, body: asMember(membership).string(null).finish(), read: succeeded };
}

export function leaveGroup({ group, member }: Membership): Request<void> {
  const body = new Writer().string(group);
  body.array([member], (leaving) => body.string(leaving).string(null));
  return { api: LEAVE_GROUP, body: body.finish(), read: succeeded };
}

function asMember({ group, generation, member }: Membership): Writer {
  return new Writer().string(group).int32(generation).string(member);
}

function succeeded(answer: { int32(): number; int16(): number }): void {
  answer.int32();
  mustSucceed(answer.int16());
}
