import { setImmediate } from 'node:timers/promises';
import { VirtualTimeScheduler } from 'rxjs';
import type { InferenceClient } from './inference/index.ts';
import type { FromRecording, RecordedSignal, RecordingStart } from './recording-protocol.ts';
import { SAMPLE_RATE, type RecordedFace } from './recording/index.ts';
import { RecordingParticipant, type EncodedSignal } from './RecordingParticipant.ts';
import type { Heard, RecordingVoice } from './RecordingVoice.ts';
import { scoreUtterance } from './score-utterance.ts';
import { VAD_FRAME_SAMPLES } from './speech/index.ts';
import type { UtteranceOptions } from './protocol.ts';

/** What is fed before the model catches up: 1.024 s. */
export const STEP = 32 * VAD_FRAME_SAMPLES;
const STEP_MS = (STEP / SAMPLE_RATE) * 1000;
/** Longer than anything waits, or an utterance lasts: what is over by then rests on nothing from before. */
const SETTLED_MS = 60_000;

/** One participant's media, open. */
export interface RunTrack {
  voice: RecordingVoice;
  /** Faces seen before a time that were not told yet; undefined where there is no video. */
  faces?: { until: (ms: number) => Promise<RecordedFace[]>; skipTo: (ms: number) => Promise<void> };
  lengthMs: number;
}

export interface RunOptions {
  start: RecordingStart;
  tracks: readonly RunTrack[];
  inference: InferenceClient;
  labelSetId: string;
  utterance: UtteranceOptions;
  send: (message: FromRecording) => Promise<void>;
}

interface Step {
  heard: Heard;
  faces: RecordedFace[];
}

/**
 * All participants of a recording on one clock, as fast as the model allows. Time moves on only when the model has done what is
 * due, so nothing is ever late or shed; while it is at work, the next step is decoded and listened to.
 */
export class RecordingRun {
  readonly #options: RunOptions;
  readonly #clock = new VirtualTimeScheduler();
  readonly #participants: RecordingParticipant[];
  readonly #open: Set<number>;
  #made: { participant: number; signal: Promise<RecordedSignal['signal']>; atMs: number; order: number }[] = [];
  #toldMs = 0;
  /** False while what happens has been told by an earlier run. */
  #isNew = true;

  constructor(options: RunOptions) {
    this.#options = options;
    const { start, tracks, inference, utterance } = options;
    this.#participants = start.participants.map(
      ({ participantId, transcript }, index) =>
        new RecordingParticipant({
          participantId,
          transcript,
          hasVideo: tracks[index]!.faces !== undefined,
          seed: start.seed,
          utterance,
          inference,
          scheduler: this.#clock,
          trace: start.trace,
          signal: (signal) => this.#signal(index, signal),
        }),
    );
    this.#open = new Set(this.#participants.keys());
  }

  async run(): Promise<void> {
    const { tracks, start, send } = this.#options;
    const doneMs = start.resume?.untilMs ?? 0;
    const encodeFromMs = doneMs - SETTLED_MS;
    let skipped = encodeFromMs <= 0;
    const prepare = async (endMs: number): Promise<Step[]> => {
      const looks = endMs > encodeFromMs;
      if (looks && !skipped) {
        skipped = true;
        await Promise.all(tracks.flatMap(({ faces }) => (faces ? [faces.skipTo(endMs - STEP_MS)] : [])));
      }
      return Promise.all(
        tracks.map(async ({ voice, faces }) => {
          const seen = looks ? faces?.until(endMs) : undefined;
          // Listening keeps this thread busy; pictures are looked at in others meanwhile.
          const heard = await voice.listen(STEP);
          return { heard, faces: (await seen) ?? [] };
        }),
      );
    };
    const lengthMs = Math.max(...tracks.map((track) => track.lengthMs));
    let next = prepare(STEP_MS);
    for (let startMs = 0; ; startMs += STEP_MS) {
      const endMs = startMs + STEP_MS;
      const steps = await next;
      const more = steps.some(({ heard }) => heard.pcm.length > 0);
      if (!more) break;
      this.#isNew = endMs > doneMs;
      this.#takeStep(startMs, endMs, endMs > encodeFromMs, steps);
      next = prepare(endMs + STEP_MS);
      // Where this fails the run has ended by then.
      next.catch(() => undefined);
      const signals = await this.#until(endMs);
      const listeners = this.#isNew ? steps.map(({ heard: { vad, memory } }) => ({ vad, memory })) : [];
      await send({ type: 'step', untilMs: endMs, signals, listeners, last: false });
      await this.#tellTrace();
    }
    this.#isNew = true;
    this.#closeAll([...this.#open]);
    const signals = await this.#until(this.#clock.frame + 60_000);
    await Promise.all(this.#participants.map(({ ended }) => ended));
    await send({ type: 'step', untilMs: lengthMs, signals, listeners: [], last: true });
    await this.#tellTrace();
  }

  #takeStep(startMs: number, endMs: number, encodes: boolean, steps: readonly Step[]): void {
    // All that a step asks of the model goes together: fewer batches, and the same ones whenever it is run again.
    this.#options.inference.hold();
    // Whose sound is over has left.
    this.#closeAll([...this.#open].filter((index) => steps[index]!.heard.pcm.length === 0));
    for (const index of this.#open) {
      const participant = this.#participants[index]!;
      participant.encodes = encodes;
      participant.take(startMs, endMs, steps[index]!.heard, steps[index]!.faces);
    }
  }

  #closeAll(indices: readonly number[]): void {
    for (const index of indices) {
      this.#open.delete(index);
      this.#participants[index]!.close();
    }
  }

  /** Lets everything that is due at `ms` happen, waits for it, and gives what came of it in the order of time. */
  async #until(ms: number): Promise<RecordedSignal[]> {
    const { inference, start } = this.#options;
    this.#clock.maxFrames = ms;
    this.#clock.flush();
    this.#clock.frame = ms;
    inference.release();
    await inference.drain();
    await setImmediate();
    const made = this.#made;
    this.#made = [];
    const signals = await Promise.all(
      made.map(async ({ participant, signal, ...rest }) => ({ ...rest, participant, signal: await signal })),
    );
    signals.sort((a, b) => a.atMs - b.atMs || a.order - b.order || a.participant - b.participant);
    return signals.map(({ participant, atMs, signal }) => {
      // Some things show only later that they were: time does not run backwards for it.
      this.#toldMs = Math.max(this.#toldMs, atMs);
      return { participantId: start.participants[participant]!.participantId, atMs: this.#toldMs, signal };
    });
  }

  #signal(participant: number, signal: EncodedSignal): void {
    if (!this.#isNew) return;
    switch (signal.kind) {
      case 'start':
        return this.#make(participant, Promise.resolve(signal), signal.startMs, 0);
      case 'end':
        return this.#make(participant, Promise.resolve(signal), signal.span.endMs, 1);
      case 'final':
        return this.#make(participant, this.#score(participant, signal), signal.utterance.span.endMs, 2);
      case 'interim':
        if (this.#options.start.trace) void this.#tellInterim(participant, signal);
    }
  }

  #make(participant: number, signal: Promise<RecordedSignal['signal']>, atMs: number, order: number): void {
    signal.catch(() => undefined);
    this.#made.push({ participant, signal, atMs, order });
  }

  async #score(
    participant: number,
    { kind, utterance, revision }: Extract<EncodedSignal, { kind: 'final' | 'interim' }>,
  ) {
    const { inference, labelSetId, start } = this.#options;
    const key = start.participants[participant]!.participantId;
    const now = () => utterance.span.endMs;
    const result = await scoreUtterance(inference, utterance, { kind, revision, labelSetId, key, now });
    return { kind: 'final' as const, result };
  }

  async #tellInterim(participant: number, signal: Extract<EncodedSignal, { kind: 'interim' }>): Promise<void> {
    const { participantId } = this.#options.start.participants[participant]!;
    const { result } = await this.#score(participant, signal);
    await this.#options.send({ type: 'interim', participantId, result });
  }

  async #tellTrace(): Promise<void> {
    if (!this.#options.start.trace) return;
    for (const participant of this.#participants) {
      const batch = participant.traced();
      if (batch) await this.#options.send({ type: 'trace', participantId: participant.participantId, batch });
    }
  }
}
