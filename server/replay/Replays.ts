import type { Config } from '../config/schema.ts';
import type { Logger } from '../../plugin/UndertoneTypes.ts';
import { RequestError } from '../sfu/RequestError.ts';
import type { ErasureScope, ErasureTarget } from '../store/index.ts';
import type { MeetingViews } from './MeetingViews.ts';
import type { OpenReplay } from './OpenReplay.ts';
import { ReplayConnection, type Viewer } from './ReplayConnection.ts';

export interface ReplaysOptions {
  views: MeetingViews;
  limits: Pick<Config['limits'], 'replaysPerConnection' | 'replaysPerAddress'>;
  log: Logger;
}

/** All replays of this server. What they have read ahead is a copy, so erasures reach it. */
export class Replays implements ErasureTarget {
  readonly name = 'replays';
  readonly views: MeetingViews;
  readonly log: Logger;
  readonly #limits: ReplaysOptions['limits'];
  readonly #open = new Set<OpenReplay>();
  readonly #byAddress = new Map<string, number>();

  constructor({ views, limits, log }: ReplaysOptions) {
    this.views = views;
    this.log = log;
    this.#limits = limits;
    views.kept?.addErasureTarget(this);
  }

  /** Replays that are open. */
  get size(): number {
    return this.#open.size;
  }

  connect(viewer: Viewer): ReplayConnection {
    return new ReplayConnection(this, viewer);
  }

  /**
   * Takes a place for a replay.
   * @returns gives it back
   * @throws RequestError `full`
   */
  admit(address: string, onConnection: number): () => void {
    const { replaysPerConnection, replaysPerAddress } = this.#limits;
    if (onConnection >= replaysPerConnection) {
      throw new RequestError(
        'full',
        `a connection plays ${replaysPerConnection} meetings at a time; close one`,
        'replayId',
      );
    }
    const count = this.#byAddress.get(address) ?? 0;
    if (count >= replaysPerAddress) {
      throw new RequestError(
        'full',
        `${replaysPerAddress} meetings are being played from your address; close one`,
        'replayId',
      );
    }
    this.#byAddress.set(address, count + 1);
    return () => {
      const left = (this.#byAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#byAddress.set(address, left);
      else this.#byAddress.delete(address);
    };
  }

  add(replay: OpenReplay): void {
    this.#open.add(replay);
  }

  remove(replay: OpenReplay): void {
    this.#open.delete(replay);
  }

  /** Takes out what was read ahead, and tells viewers what to forget. Counts events that were held. */
  async erase(scope: ErasureScope): Promise<number> {
    let dropped = 0;
    for (const replay of [...this.#open]) {
      const { meetingId, roomId } = replay.meeting;
      if (scope.meetingId !== undefined && scope.meetingId !== meetingId) continue;
      if (scope.roomId !== undefined && scope.roomId !== roomId) continue;
      dropped += replay.session.forget((participantId) => scope.matches(participantId));
      // Nobody is named where a meeting is deleted as a whole.
      if (scope.meetingId === meetingId && scope.participantId === undefined) await replay.endIfGone();
    }
    return dropped;
  }
}
