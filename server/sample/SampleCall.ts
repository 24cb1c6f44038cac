import { EventEmitter } from 'node:events';
import type { types as mediasoup } from 'mediasoup';
import type { TranscriptSegment } from '../../plugin/transcript/index.ts';
import { Pacer } from './Pacer.ts';
import { readRecording, type Recording } from './recording.ts';
import { SpeakerSender, type SpeakerIdentity } from './SpeakerSender.ts';
import { CAPTION_DELAY_MS, SEND_DELAY_MS, timetable, type TimetableItem } from './timetable.ts';

export interface SampleCallOptions {
  /** Must speak `audio/opus` and `video/VP8`. */
  router: mediasoup.Router;
  /** Begin again after the end, until stopped. @default false */
  loop?: boolean;
  /** Comes before each speaker's id, so that several calls go into one router. @default '' */
  idPrefix?: string;
  /** Play only the first so many speakers. @default all */
  maxSpeakers?: number;
  /** A folder with another call.json. @default the shipped sample */
  directory?: string;
}

export interface SampleCallEvents {
  /** A sentence, shortly after it was said; times are wall clock. */
  transcript: [TranscriptSegment];
  /** All has been sent; the producers stay until `stop()`, as of somebody who has fallen silent. */
  ended: [];
}

/** A recorded call whose speakers take part in a router as if they sat before a camera: RTP in, no browser. */
export class SampleCall extends EventEmitter<SampleCallEvents> {
  readonly speakers: readonly Readonly<SpeakerIdentity>[];
  readonly title: string;
  /** Of one pass. */
  readonly durationMs: number;
  readonly #router: mediasoup.Router;
  readonly #recording: Recording;
  readonly #loop: boolean;
  #senders: SpeakerSender[] = [];
  #pacer: Pacer<TimetableItem> | undefined;
  #state: 'new' | 'started' | 'stopped' = 'new';

  /** Use {@link createSampleCall}. */
  constructor(router: mediasoup.Router, recording: Recording, idPrefix: string, loop: boolean) {
    super();
    this.#router = router;
    this.#recording = recording;
    this.#loop = loop;
    this.title = recording.title;
    this.durationMs = recording.durationMs;
    this.speakers = recording.speakers.map(({ id, displayName }) => ({ participantId: idPrefix + id, displayName }));
  }

  /**
   * Makes the speakers' transports and producers, whose `appData` is `{ participantId, displayName, sample: true }`, and
   * begins to send.
   *
   * @throws Error when called twice, or when the router is closed or lacks a codec
   */
  async start(): Promise<void> {
    if (this.#state !== 'new') throw new Error('a sample call starts once; make another with createSampleCall()');
    if (this.#router.closed) throw new Error('the router is closed; a sample call needs an open one');
    this.#state = 'started';
    const opened = await Promise.allSettled(this.speakers.map((speaker) => SpeakerSender.open(this.#router, speaker)));
    this.#senders = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = opened.find((result) => result.status === 'rejected');
    if (failed) {
      await this.stop();
      throw failed.reason;
    }
    if (this.#stopped) return this.stop();
    for (const sender of this.#senders) sender.onClose(() => void this.stop());
    const wallStartMs = Date.now();
    this.#pacer = new Pacer(timetable(this.#recording, this.#loop), {
      now: () => performance.now(),
      send: (item, timeMs) => this.#send(item, timeMs, wallStartMs),
      done: () => this.emit('ended'),
    });
    this.#pacer.start();
  }

  /** Closes sockets, transports and producers; nothing is emitted afterwards. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#pacer?.stop();
    for (const sender of this.#senders) sender.close();
  }

  get #stopped(): boolean {
    return this.#state === 'stopped';
  }

  #send(item: TimetableItem, timeMs: number, wallStartMs: number): void {
    switch (item.kind) {
      case 'audio':
        return this.#senders[item.speaker]?.sendAudio(item.frame, timeMs - SEND_DELAY_MS);
      case 'video':
        return this.#senders[item.speaker]?.sendVideo(item.frame, timeMs - SEND_DELAY_MS);
      case 'report':
        for (const sender of this.#senders) sender.sendReports(timeMs, wallStartMs + timeMs);
        return;
      case 'caption':
        this.#caption(item, wallStartMs + timeMs - CAPTION_DELAY_MS - item.cue.endMs);
    }
  }

  #caption({ cue, id, speaker }: Extract<TimetableItem, { kind: 'caption' }>, wallOriginMs: number): void {
    const { participantId } = this.speakers[speaker]!;
    const toWall = (ms: number): number => Math.round(wallOriginMs + ms);
    this.emit('transcript', {
      participantId,
      segmentId: `${participantId}-${id}`,
      text: cue.text,
      final: true,
      startMs: toWall(cue.startMs),
      endMs: toWall(cue.endMs),
      clock: 'wall',
      lang: this.#recording.lang,
      ...(cue.words && {
        words: cue.words.map(({ text, startMs, endMs }) => ({ text, startMs: toWall(startMs), endMs: toWall(endMs) })),
      }),
    });
  }
}

/**
 * Reads the sample call and makes it ready; its speakers come into the router with `start()`.
 *
 * @throws MediaFileError when a file of the call is missing or malformed
 * @throws RangeError when maxSpeakers is below 1
 * @example
 * const call = await createSampleCall({ router });
 * call.on('transcript', (segment) => observer.pushTranscript(segment));
 * call.once('ended', () => call.stop());
 * await call.start();
 */
export async function createSampleCall(options: SampleCallOptions): Promise<SampleCall> {
  const { router, loop = false, idPrefix = '', maxSpeakers = Infinity, directory } = options;
  if (!(maxSpeakers >= 1)) throw new RangeError(`maxSpeakers is ${maxSpeakers}; it must be 1 or more.`);
  const recording = await readRecording(directory);
  return new SampleCall(router, { ...recording, speakers: recording.speakers.slice(0, maxSpeakers) }, idPrefix, loop);
}
