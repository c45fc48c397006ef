/**
 * The live feed: Socket.IO, namespace `/live` (contracts §6). WebSocket transport only, no compression of messages; what
 * a client misses, the next message or a snapshot over HTTP makes good.
 */
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import {
  Ack,
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import type { Namespace } from 'socket.io';
import { may } from '#access';
import { parsePosition } from '#domain';
import type { Changes } from '#projection';
import type { PositionMessage } from '#wire';
import { ProblemError } from '../api/http/problems.ts';
import { lagOf } from '../api/operation/lag.ts';
import { LIMITS, type Limits, SERVICES, type Services } from '../api/services.ts';
import { Doors } from './doors.ts';
import type { ElectionHall } from './election-hall.ts';
import { Feed } from './feed.ts';
import { GatewayMetrics } from './gateway-metrics.ts';
import { Halls } from './halls.ts';
import { type Refusal, readFeed, readWatch, refusal, unitOf, wishOf } from './requests.ts';
import { roomName } from './room.ts';
import { keepPace, type LiveSocket, letIn, positionRoom, positionRooms, SLOW, watchSlowness } from './sockets.ts';

const MESSAGE_BYTES = 8_192;
const SUBSCRIPTIONS = 100;
const TICK_MS = 1_000;
/** How long a client that is ahead is kept waiting at most. */
const CATCH_UP_MS = 2_000;

type Answer = (answer: unknown) => void;

@Injectable()
@WebSocketGateway({
  namespace: '/live',
  transports: ['websocket'],
  perMessageDeflate: false,
  maxHttpBufferSize: MESSAGE_BYTES,
  serveClient: false,
})
export class LiveGateway implements OnGatewayInit, OnGatewayConnection, OnModuleDestroy {
  readonly #services: Services;
  readonly #metrics: GatewayMetrics;
  readonly #halls: Halls;
  readonly #feeds = new Map<string, Feed>();
  readonly #doors: Doors;
  #live: Namespace | null = null;
  #ticker: NodeJS.Timeout | null = null;

  constructor(
    @Inject(SERVICES) services: Services,
    @Inject(LIMITS) limits: Limits,
    @Inject(GatewayMetrics) metrics: GatewayMetrics,
  ) {
    this.#services = services;
    this.#metrics = metrics;
    this.#doors = new Doors(limits, metrics);
    const count = (): number => this.#live?.sockets.size ?? 0;
    metrics.countSockets(count);
    services.processes.countClients(count);
    this.#halls = new Halls(
      services,
      {
        totals: (room, message) => {
          watchSlowness(this.#live, room.name, this.#metrics);
          this.#live?.to(room.name).except(SLOW).emit('totals', message);
        },
        isEmpty: (room) => !this.#live?.adapter.rooms.has(room.name),
        failed: (error) => this.#failed(error),
      },
      (changes) => this.#feed(changes),
    );
  }

  afterInit(live: Namespace): void {
    this.#live = live;
    this.#doors.guard(live.server);
    live.use((socket, next) => {
      letIn(socket as LiveSocket, this.#services.accounts).then(
        () => next(),
        (error: Error) => next(error),
      );
    });
    live.adapter.on('delete-room', (name: string) => this.#left(name));
    this.#ticker = setInterval(() => {
      this.#tick().catch((error) => this.#failed(error));
    }, TICK_MS);
  }

  handleConnection(socket: LiveSocket): void {
    this.#doors.entered(socket);
    // The request with its headers is of no more use: thousands of them would be.
    (socket.conn as unknown as { request: unknown }).request = null;
  }

  onModuleDestroy(): void {
    if (this.#ticker) clearInterval(this.#ticker);
    this.#halls.close();
    for (const feed of this.#feeds.values()) feed.close();
    this.#live?.disconnectSockets(true);
  }

  @SubscribeMessage('watch')
  async watch(@MessageBody() data: unknown, @ConnectedSocket() socket: LiveSocket, @Ack() ack?: Answer): Promise<void> {
    await this.#answering(socket, ack, async () => {
      const request = readWatch(data);
      const hall = await this.#halls.of(request.election);
      const wish = wishOf(hall, request, socket.data.account);
      mustHaveRoomFor(socket, roomName(wish));
      await this.#isWhere(request.position, hall);
      await hall.watch(wish, (room, snapshot) => {
        if (!socket.connected) return;
        socket.join([room.name, positionRoom(request.election, socket)]);
        ack?.(snapshot);
      });
    });
  }

  /** Who comes from another gateway may be further than this one is: waits a moment, so that no figure goes back. */
  async #isWhere(text: string | undefined, { served }: ElectionHall): Promise<void> {
    const position = text === undefined ? null : parsePosition(text, served.log.shards);
    if (position) await this.#services.projection.reached(served.election.definition.id, position, CATCH_UP_MS);
  }

  @SubscribeMessage('unwatch')
  async unwatch(
    @MessageBody() data: unknown,
    @ConnectedSocket() socket: LiveSocket,
    @Ack() ack?: Answer,
  ): Promise<void> {
    await this.#answering(socket, ack, async () => {
      const request = readWatch(data);
      const hall = await this.#halls.of(request.election);
      const wish = wishOf(hall, request, socket.data.account);
      for (const isPublic of [true, false]) socket.leave(roomName({ ...wish, isPublic }));
      ack?.({ ok: true });
    });
  }

  @SubscribeMessage('feed')
  async feed(@MessageBody() data: unknown, @ConnectedSocket() socket: LiveSocket, @Ack() ack?: Answer): Promise<void> {
    await this.#answering(socket, ack, async () => {
      const request = readFeed(data);
      const hall = await this.#halls.of(request.election);
      const unit = unitOf(hall, request.unit);
      const { account } = socket.data;
      if (!account) throw new ProblemError('unauthenticated');
      if (!may(account, 'read', unit, hall.served.election))
        throw new ProblemError('not-permitted', `${unit.code} is not in the account's area.`);
      const name = `feed|${request.election}|${unit.code}`;
      mustHaveRoomFor(socket, name);
      if (!this.#feeds.has(name))
        this.#feeds.set(
          name,
          new Feed(name, hall.served.election, unit, (lines, skipped) => {
            watchSlowness(this.#live, name, this.#metrics);
            const readers = this.#live?.to(name).except(SLOW);
            for (const line of lines) readers?.emit('attempt', line);
            if (skipped > 0) readers?.emit('feed-gap', { election: request.election, unit: unit.code, skipped });
          }),
        );
      socket.join([name, positionRoom(request.election, socket)]);
      ack?.({ ok: true, position: hall.live.positionText, asOf: hall.live.asOf });
    });
  }

  @SubscribeMessage('unfeed')
  async unfeed(
    @MessageBody() data: unknown,
    @ConnectedSocket() socket: LiveSocket,
    @Ack() ack?: Answer,
  ): Promise<void> {
    await this.#answering(socket, ack, async () => {
      const request = readFeed(data);
      socket.leave(`feed|${request.election}|${request.unit}`);
      ack?.({ ok: true });
    });
  }

  #feed(changes: Changes): void {
    const prefix = `feed|${changes.election}|`;
    for (const feed of this.#feeds.values()) if (feed.name.startsWith(prefix)) feed.take(changes);
  }

  #left(name: string): void {
    const feed = this.#feeds.get(name);
    feed?.close();
    this.#feeds.delete(name);
    if (!name.startsWith('totals|')) return;
    this.#halls.ready(name.split('|', 2)[1]!)?.dropIfEmpty(name);
  }

  /** Each second: where every election is, whether the clock made something public, who can't keep up. */
  async #tick(): Promise<void> {
    if (!this.#live) return;
    for (const hall of this.#halls.all) {
      void hall.look();
      await this.#tellPosition(this.#live, hall);
    }
    await keepPace(this.#live, this.#metrics, (socket, name) => {
      const hall = this.#halls.ready(name.split('|', 2)[1] ?? '');
      const room = hall?.room(name);
      if (hall && room) socket.emit('totals', hall.nudge(room));
    });
  }

  async #tellPosition(live: Namespace, { served, live: { position, positionText, asOf }, frozen }: ElectionHall) {
    const election = served.election.definition.id;
    const { accounts, everybody } = positionRooms(election);
    if (!live.adapter.rooms.has(accounts) && !live.adapter.rooms.has(everybody)) return;
    const lag = await lagOf(served, position);
    const now: PositionMessage = { election, position: positionText, asOf, lag };
    const freeze = frozen?.answer;
    live.to(accounts).volatile.emit('position', { ...now, ...(freeze && { freeze }) });
    const then = frozen && { position: frozen.answer.position, asOf: frozen.asOf };
    live.to(everybody).volatile.emit('position', { ...now, ...then, ...(freeze && { freeze }) });
  }

  /** Problems are acknowledged; what nobody expected is told as such and passed on. */
  async #answering(socket: LiveSocket, ack: Answer | undefined, act: () => Promise<void>): Promise<void> {
    try {
      this.#doors.mustBeCalm(socket);
      await act();
    } catch (error) {
      const known = error instanceof ProblemError ? error : new ProblemError('internal');
      const answer: Refusal = refusal(known);
      ack?.(answer);
      if (known !== error) throw error;
    }
  }

  #failed(error: unknown): void {
    this.#services.report?.(error);
  }
}

function mustHaveRoomFor(socket: LiveSocket, name: string): void {
  const held = [...socket.rooms].filter((room) => room.startsWith('totals|') || room.startsWith('feed|'));
  if (held.length >= SUBSCRIPTIONS && !held.includes(name))
    throw new ProblemError('too-many-requests', `A client watches at most ${SUBSCRIPTIONS} things at once.`);
}
