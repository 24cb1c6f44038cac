import { forkJoin, Subscription, type ObservableInput, type SchedulerLike, type Subscriber } from 'rxjs';
import type { Modality } from '../../events/contract/v1/types.ts';
import { SAMPLE_RATE } from './audio-frames.ts';
import { Encoding, type Pending } from './encoding.ts';
import { FaceShelf } from './face-shelf.ts';
import { RecentTurns } from './recent-turns.ts';
import type { MarkedEvent, OpenEvent } from './StageTypes.ts';
import { UtteranceDraft, type ModalityStates } from './utterance-draft.ts';
import type { ModalityInput, UtteranceCounters, UtteranceEncoder, UtteranceSignal } from './UtteranceTypes.ts';

export interface AssemblerOptions<A, V, T> {
  participantId: string;
  encoder: UtteranceEncoder<A, V, T>;
  /** Longest utterance. */
  maxMs: number;
  /** A start is told when there has been as much speech: from then on it is not discarded. */
  minMs: number;
  /** How many of the participant's turns before it the text tower reads with an utterance. */
  contextTurns: number;
  /** How long a result waits for the encoder before it goes without. */
  encodeWaitMs: number;
  scheduler: SchedulerLike;
  counters: UtteranceCounters;
}

/** A draft and what has been sent of it. */
interface Job<A, V, T> {
  readonly draft: UtteranceDraft<A, V, T>;
  readonly start: Extract<UtteranceSignal<A, V, T>, { kind: 'start' }>;
  /** The start has been told. */
  told: boolean;
  /** Number of the next final. */
  revision: number;
  delivering: boolean;
  interimWaiting: boolean;
  /** Modalities that the newest final rests on. */
  restsOn: Set<Modality>;
  /** What was sent is to be forgotten, and nothing more is to be sent. */
  retracted: boolean;
}

const MODALITIES: readonly Modality[] = ['audio', 'video', 'text'];

/** Encodes the parts of a participant's utterances as they come and puts the results together. */
export class Assembler<A, V, T> {
  readonly #options: AssemblerOptions<A, V, T>;
  readonly #output: Subscriber<UtteranceSignal<A, V, T>>;
  readonly #shelf: FaceShelf<V>;
  readonly #turns: RecentTurns;
  readonly #jobs = new Map<string, Job<A, V, T>>();
  readonly #waiting = new Subscription();
  readonly #states: ModalityStates = {
    audio: { available: false, reason: 'no-consent' },
    video: { available: false, reason: 'no-consent' },
    text: { available: false, reason: 'no-consent' },
  };
  #deliveries = 0;
  #ended = false;

  constructor(options: AssemblerOptions<A, V, T>, output: Subscriber<UtteranceSignal<A, V, T>>) {
    this.#options = options;
    this.#output = output;
    this.#turns = new RecentTurns(options.contextTurns, options.maxMs);
    this.#shelf = new FaceShelf(options.maxMs, (pixels) => this.#encode(() => options.encoder.encodeFace(pixels)));
  }

  next(event: MarkedEvent): void {
    if (event.kind === 'face') return this.#shelf.add(event);
    if (event.kind === 'modality') return this.#modality(event);
    if (event.kind === 'progress') return this.#turns.expire(event.atMs);
    if (event.kind === 'open') {
      const job = this.#createJob(event);
      this.#jobs.set(event.utteranceId, job);
      this.#shelf.open(event.startMs);
      return;
    }
    const job = this.#jobs.get(event.utteranceId);
    if (!job) return;
    switch (event.kind) {
      case 'sound':
        job.draft.addSound(event);
        if (event.speech && event.endMs - job.start.startMs >= this.#options.minMs) this.#tellStart(job);
        return;
      case 'lull':
        return job.draft.anticipateClose();
      case 'text':
        if (this.#states.text.available) this.#turns.set(event.utteranceId, job.start.startMs, event.final);
        job.draft.setWords(event);
        if (event.live) this.#tellStart(job);
        return;
      case 'interim':
        return this.#interim(job);
      case 'close': {
        const { utteranceId, span, trigger } = event;
        job.draft.close(event, this.#shelf.close(span), this.#states);
        this.#tellStart(job);
        return this.#output.next({ kind: 'end', utteranceId, span, trigger });
      }
      case 'discard':
        job.draft.cancel();
        this.#turns.set(event.utteranceId, job.start.startMs, null);
        this.#shelf.abandon();
        this.#jobs.delete(event.utteranceId);
        return this.#takeBack(job);
      case 'deliver':
        return this.#deliver(job);
      case 'forget':
        this.#jobs.delete(event.utteranceId);
    }
  }

  /** Completes the output as soon as the last result is out. */
  complete(): void {
    this.#ended = true;
    if (this.#deliveries === 0) this.#output.complete();
  }

  dispose(): void {
    this.#waiting.unsubscribe();
    for (const { draft } of this.#jobs.values()) draft.cancel();
    this.#shelf.clear();
    this.#turns.clear();
    this.#jobs.clear();
  }

  #tellStart(job: Job<A, V, T>): void {
    if (job.told) return;
    job.told = true;
    this.#output.next(job.start);
  }

  /** What was told as started has to end, although its words were taken back and nothing is left of it. */
  #takeBack({ told, start: { utteranceId, startMs } }: Job<A, V, T>): void {
    if (!told) return;
    this.#options.counters.withheld += 1;
    this.#output.next({ kind: 'end', utteranceId, span: { startMs, endMs: startMs + 1 }, trigger: 'words' });
  }

  #createJob({ utteranceId, startMs, trigger }: OpenEvent): Job<A, V, T> {
    const { participantId, encoder } = this.#options;
    const draft = new UtteranceDraft<A, V, T>(utteranceId, participantId, startMs, {
      chunkSamples: encoder.chunkSamples ?? SAMPLE_RATE,
      audio: (pcm) => this.#encode(() => encoder.encodeAudio(pcm)),
      text: (text) => this.#encode(() => encoder.encodeText(text)),
      turnsBefore: () => this.#turns.before(startMs),
    });
    return {
      draft,
      start: { kind: 'start', utteranceId, startMs, trigger },
      told: false,
      revision: 0,
      delivering: false,
      interimWaiting: false,
      restsOn: new Set(),
      retracted: false,
    };
  }

  #encode<X>(request: () => ObservableInput<X>): Encoding<X> {
    const { encodeWaitMs: waitMs, scheduler, counters } = this.#options;
    return new Encoding(request, { waitMs, scheduler, onFailure: () => (counters.encodingsFailed += 1) });
  }

  #modality({ modality, available, reason }: ModalityInput): void {
    this.#states[modality] = { available, reason };
    if (modality === 'text' && !available) this.#turns.clear();
    if (available || reason !== 'no-consent') return;
    if (modality === 'video') this.#shelf.clear();
    for (const [utteranceId, job] of this.#jobs) {
      if (job.restsOn.has(modality)) {
        job.retracted = true;
        this.#jobs.delete(utteranceId);
      }
      job.draft.withdraw(modality);
    }
  }

  #deliver(job: Job<A, V, T>): void {
    // What is being waited for comes with the words of now: one result will do.
    if (job.delivering) return;
    job.delivering = true;
    this.#deliveries += 1;
    this.#whenSettled(
      () => job.draft.unsettled(),
      () => {
        job.delivering = false;
        this.#deliveries -= 1;
        this.#sendFinal(job);
        if (this.#ended && this.#deliveries === 0) this.#output.complete();
      },
    );
  }

  #sendFinal(job: Job<A, V, T>): void {
    if (job.retracted) return;
    const utterance = job.draft.composeFinal();
    job.restsOn = new Set(MODALITIES.filter((modality) => utterance.modalities[modality].used));
    if (job.restsOn.size === 0 && job.draft.isCurtailed) {
      this.#options.counters.withheld += 1;
      return;
    }
    const { revision } = job;
    job.revision += 1;
    this.#output.next({ kind: 'final', utterance, revision });
  }

  #interim(job: Job<A, V, T>): void {
    const { draft } = job;
    if (job.interimWaiting || draft.isClosed) return;
    job.interimWaiting = true;
    const words = draft.encodeLiveWords();
    this.#whenSettled(
      () => (words && !words.outcome ? [words] : []),
      () => {
        job.interimWaiting = false;
        if (draft.isClosed || !this.#jobs.has(draft.utteranceId)) return;
        const utterance = draft.composeInterim(this.#shelf.peek(draft.spanSoFar), this.#states);
        const rests = MODALITIES.some((modality) => utterance.modalities[modality].used);
        if (!rests) return;
        this.#tellStart(job);
        this.#output.next({ kind: 'interim', utterance, revision: 0 });
      },
    );
  }

  /** Acts once none is unsettled, at once where that is so already. */
  #whenSettled(unsettled: () => Pending[], act: () => void): void {
    const pending = unsettled();
    if (pending.length === 0) return act();
    const settled = forkJoin(pending.map((encoding) => encoding.settled));
    this.#waiting.add(settled.subscribe(() => this.#whenSettled(unsettled, act)));
  }
}
