import type { ReplyOf, RequestOf } from '../../plugin/events/contract/v1/types.ts';
import { CONTRACT_VERSION } from '../../plugin/events/contract/v1/version.ts';
import type { Claims } from '../gateway/access/claims.ts';
import { RateLimiter } from '../gateway/RateLimiter.ts';
import { RequestError } from '../sfu/RequestError.ts';
import { OpenReplay } from './OpenReplay.ts';
import type { Pressure } from './Pressure.ts';
import type { Replays } from './Replays.ts';
import type { ReplaySession } from './session/ReplaySession.ts';
import { SocketOutlet, type Send } from './SocketOutlet.ts';
import { summaryOf } from './toAnswer.ts';

/** Who watches, and by what line. */
export interface Viewer {
  /** Undefined for somebody without a token, who sees the sample. */
  claims: Claims | undefined;
  address: string;
  send: Send;
  pressure: Pressure;
}

/** Leaps a second, each of which asks the database; enough for a hand that drags a slider. */
const SEEKS_PER_SECOND = 10;

interface Entry {
  /** Undefined while it is being opened. */
  replay?: OpenReplay;
  giveBack: () => void;
}

/** The replays of one connection. They end with it. */
export class ReplayConnection {
  readonly #replays: Replays;
  readonly #viewer: Viewer;
  readonly #open = new Map<string, Entry>();
  readonly #seeks = new RateLimiter(SEEKS_PER_SECOND);

  constructor(replays: Replays, viewer: Viewer) {
    this.#replays = replays;
    this.#viewer = viewer;
  }

  /** @throws RequestError `conflict`, `full`, `rate-limited`; `not-found` or `forbidden` for what the token does not show */
  async open({ replayId, meetingId, from = 0, after, speed = 1, paused = false }: RequestOf<'replay.open'>) {
    this.#takeSeek();
    if (this.#open.has(replayId)) {
      throw new RequestError('conflict', 'there is a replay of that name on this connection', 'replayId');
    }
    const entry: Entry = { giveBack: this.#replays.admit(this.#viewer.address, this.#open.size) };
    this.#open.set(replayId, entry);
    try {
      const replay = await this.#begin(replayId, meetingId, speed, paused);
      if (this.#open.get(replayId) !== entry) throw new RequestError('conflict', 'the replay was closed', 'replayId');
      entry.replay = replay;
      this.#replays.add(replay);
      await replay.session.seek(from, after);
      const reply: Omit<ReplyOf<'replay.open'>, 'ok'> = {
        contract: CONTRACT_VERSION,
        meeting: summaryOf(replay.meeting),
        participants: (await replay.participants()).map(({ expiresMs: _, ...one }) => one),
        ...replay.session.position,
      };
      return reply;
    } catch (error) {
      if (this.#open.get(replayId) === entry) this.close(replayId);
      throw error;
    }
  }

  async seek({ replayId, to }: RequestOf<'replay.seek'>) {
    this.#takeSeek();
    const session = this.#find(replayId);
    await session.seek(to);
    return session.position;
  }

  rate({ replayId, speed }: RequestOf<'replay.rate'>) {
    const session = this.#find(replayId);
    session.rate(speed);
    return session.position;
  }

  pause({ replayId }: RequestOf<'replay.pause'>) {
    const session = this.#find(replayId);
    session.pause();
    return session.position;
  }

  resume({ replayId }: RequestOf<'replay.resume'>) {
    const session = this.#find(replayId);
    session.resume();
    return session.position;
  }

  /** @returns whether there was one */
  close(replayId: string): boolean {
    const entry = this.#open.get(replayId);
    if (!entry) return false;
    this.#open.delete(replayId);
    entry.giveBack();
    entry.replay?.session.close();
    if (entry.replay) this.#replays.remove(entry.replay);
    return true;
  }

  /** The connection has ended. */
  end(): void {
    for (const replayId of [...this.#open.keys()]) this.close(replayId);
  }

  async #begin(replayId: string, meetingId: string, speed: number, paused: boolean): Promise<OpenReplay> {
    const { views, log } = this.#replays;
    const { claims, send, pressure } = this.#viewer;
    const seen = await views.see(claims, meetingId);
    if (seen.meeting.endMs === undefined) {
      throw new RequestError(
        'conflict',
        'the meeting still goes on; subscribe to its room with `since`, or wait for its end',
        'meetingId',
      );
    }
    views.checkDifferencing(claims, seen);
    log.info({ meetingId, participantId: claims?.participantId }, 'replay opened');
    return new OpenReplay({
      seen,
      outlet: new SocketOutlet(replayId, send, pressure),
      speed,
      paused,
      ended: ({ code, message }) => {
        if (this.close(replayId)) send('replay.closed', { replayId, code, message });
      },
    });
  }

  #find(replayId: string): ReplaySession {
    const replay = this.#open.get(replayId)?.replay;
    if (!replay) throw new RequestError('not-found', 'there is no such replay on this connection', 'replayId');
    return replay.session;
  }

  #takeSeek(): void {
    if (!this.#seeks.take()) throw new RequestError('rate-limited', 'too many leaps at once; try again in a moment');
  }
}
