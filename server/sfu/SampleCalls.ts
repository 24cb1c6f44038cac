import { randomBytes } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import type { types as mediasoup } from 'mediasoup';
import type { Logger } from '../../plugin/UndertoneTypes.ts';
import type { TranscriptSegment } from '../../plugin/transcript/TranscriptTypes.ts';
import { sampleRelease } from '../sample/sampleRelease.ts';
import type { Participant } from './Participant.ts';
import { pendingUtterances } from './pendingUtterances.ts';
import { RequestError } from './RequestError.ts';
import type { Room } from './Room.ts';
import type { Rooms } from './Rooms.ts';

/** What is needed of a sample call's player. */
export interface SamplePlayer extends EventEmitter<{ transcript: [TranscriptSegment]; ended: [] }> {
  readonly durationMs: number;
  readonly speakers: readonly { participantId: string; displayName: string }[];
  start(): Promise<void>;
  stop(): Promise<void> | void;
}

export type CreateSamplePlayer = (options: { router: mediasoup.Router }) => SamplePlayer | Promise<SamplePlayer>;

export interface SampleCallsOptions {
  rooms: Rooms;
  createPlayer: CreateSamplePlayer;
  /** Sample calls at a time. */
  limit: number;
  /** How long the last results may take after the last sound. */
  lastResultsMs: number;
  log: Logger;
}

export interface StartedSampleCall {
  room: Room;
  viewer: Participant;
  durationMs: number;
  speakers: { participantId: string; displayName: string }[];
}

/** Long enough for a page to open its connections; afterwards nobody watches any more. */
const UNWATCHED_MS = 10_000;

/** Plays the sample call, a room for each who asks; a room ends with its call or when nobody watches. */
export class SampleCalls {
  readonly #options: SampleCallsOptions;
  #running = 0;

  constructor(options: SampleCallsOptions) {
    this.#options = options;
  }

  /** Whether this server plays it at all. */
  get available(): boolean {
    return this.#options.limit > 0;
  }

  /** @throws RequestError `full` when as many are running as may */
  async start(): Promise<StartedSampleCall> {
    const { limit, rooms } = this.#options;
    if (this.#running >= limit) {
      const message =
        limit === 0 ? 'the sample call is turned off' : `${limit} sample calls are running; try again soon`;
      throw new RequestError(limit === 0 ? 'forbidden' : 'full', message);
    }
    this.#running += 1;
    let room: Room | undefined;
    try {
      room = await rooms.open(`sample-${randomBytes(8).toString('hex')}`, {
        emptyGraceMs: UNWATCHED_MS,
        source: 'sample',
      });
      room.once('close', () => (this.#running -= 1));
      return await this.#play(room);
    } catch (error) {
      if (room) room.close('failed');
      else this.#running -= 1;
      throw error;
    }
  }

  async #play(room: Room): Promise<StartedSampleCall> {
    const { createPlayer, lastResultsMs, log } = this.#options;
    // Listened for first: the player makes its producers in the router itself, perhaps before it is returned.
    const list = this.#listProducers(room);
    const player = await createPlayer({ router: room.router });
    const stop = () =>
      void Promise.resolve(player.stop()).catch((error: Error) => log.warn({ reason: error.message }, 'sample'));
    if (room.closed) {
      stop();
      throw new RequestError('unavailable', 'the sample call could not be started; try again');
    }
    room.once('close', stop);
    const speakers = player.speakers.map(({ participantId, displayName }) => ({ participantId, displayName }));
    for (const { participantId, displayName } of speakers) {
      room.register(displayName, 'sample', participantId);
      room.observer.addParticipant(participantId, { displayName });
      // Nobody stands behind these voices: the host may say yes for them.
      const { consent } = room.observer;
      const given = { by: 'host', noticeVersion: consent.notice, release: sampleRelease() } as const;
      consent.set(participantId, { audio: true, video: true, text: true }, given);
    }
    list();
    player.on('transcript', (segment) => room.observer.pushTranscript(segment));
    const pending = pendingUtterances(room.observer);
    player.once('ended', () => {
      void pending.settled(lastResultsMs).then(() => room.close('ended'));
    });
    const viewer = room.register('', 'viewer');
    await player.start();
    return { room, viewer, durationMs: player.durationMs, speakers };
  }

  /** Lists the player's producers like everybody's, from the returned call on. */
  #listProducers(room: Room): () => void {
    let waiting: mediasoup.Producer[] | undefined = [];
    const add = (producer: mediasoup.Producer) => {
      const participant = room.participant(String(producer.appData['participantId']));
      if (participant?.role === 'sample' && !producer.closed) room.addProducer(participant, producer);
    };
    room.router.observer.on('newtransport', (transport) => {
      transport.observer.on('newproducer', (producer) => (waiting ? waiting.push(producer) : add(producer)));
    });
    return () => {
      for (const producer of waiting ?? []) add(producer);
      waiting = undefined;
    };
  }
}
