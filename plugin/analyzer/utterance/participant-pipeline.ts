import {
  asyncScheduler,
  identity,
  observeOn,
  queueScheduler,
  Subject,
  tap,
  type MonoTypeOperatorFunction,
  type Observable,
  type Observer,
  type SchedulerLike,
} from 'rxjs';
import type { UtteranceOptions } from './UtteranceTypes.ts';
import { alignWords } from './align-words.ts';
import { assemble } from './assemble.ts';
import { audioFrames } from './audio-frames.ts';
import { cutUtterances } from './cut-utterances.ts';
import { markInterims } from './mark-interims.ts';
import { markSpeech } from './mark-speech.ts';
import { onlyAvailable } from './only-available.ts';
import { scheduleFinals } from './schedule-finals.ts';
import { timeWords } from './time-words.ts';
import { createCounters } from './counters.ts';
import type { AlignedEvent, SpokenInput, WindowEvent } from './StageTypes.ts';
import type { Tracer } from './tracer.ts';
import type {
  CloseTrigger,
  UtteranceCounters,
  UtteranceEncoder,
  UtteranceInput,
  UtteranceSignal,
} from './UtteranceTypes.ts';

export interface ParticipantPipelineOptions<A, V, T> {
  participantId: string;
  options: UtteranceOptions;
  encoder: UtteranceEncoder<A, V, T>;
  /** Gives each utterance its id. */
  newId: () => string;
  /** For waiting: on words, on the encoder. @default asyncScheduler */
  scheduler?: SchedulerLike;
  /** Wall time in ms, for words that come without times. @default Date.now */
  now?: () => number;
  /**
   * How many of the participant's own turns before it the text tower reads with an utterance. What it is given then is
   * `utterance [SEP] last turn [SEP] turn before`, of final words of the minute before the utterance.
   * @default 0
   */
  contextTurns?: number;
  /** How long a result waits for the encoder before it goes without. @default 5000 */
  encodeWaitMs?: number;
  /** Is told what the operators do. */
  tracer?: Tracer;
}

export interface ClosePipelineOptions {
  /** Throw away what is in flight instead of finishing it: no result follows. @default false */
  drop?: boolean;
}

export interface ParticipantPipeline<A, V, T> {
  /**
   * Where media, words and the states of modalities go in.
   * @throws TypeError for words of another participant: they are never attributed to this one
   */
  readonly input: Observer<UtteranceInput>;
  /** Hot: subscribe before the first input. Completes when the last result is out after `close`. */
  readonly output: Observable<UtteranceSignal<A, V, T>>;
  readonly counters: Readonly<UtteranceCounters>;
  /**
   * Ends the open utterance and, when the last result is out, the output. Words are awaited as long as for any
   * utterance, but not on `shutdown`.
   */
  close(trigger: CloseTrigger, options?: ClosePipelineOptions): void;
}

/**
 * What makes utterances of one participant's sound, faces and words.
 *
 * Nothing of a modality is taken until a `modality` input says that it is available. When its reason for not being so
 * is `no-consent`, everything of it that has not been delivered is let go. Turns that were kept as context are forgotten
 * whenever text is not available any more.
 *
 * @example
 * const pipeline = createParticipantPipeline({ participantId, options, encoder, newId: randomUUID });
 * pipeline.output.subscribe((signal) => ...);
 * pipeline.input.next({ kind: 'modality', modality: 'audio', available: true });
 * pipeline.input.next({ kind: 'audio', startMs, pcm, vad, concealedMs: 0 });
 * pipeline.close('leave');
 */
export function createParticipantPipeline<A, V, T>({
  participantId,
  options,
  encoder,
  newId,
  scheduler = asyncScheduler,
  now = Date.now,
  contextTurns = 0,
  encodeWaitMs = 5000,
  tracer,
}: ParticipantPipelineOptions<A, V, T>): ParticipantPipeline<A, V, T> {
  const { maxMs, minMs, interimMs, transcriptGraceMs } = options;
  const counters = createCounters();
  const source = new Subject<UtteranceInput>();
  const output = new Subject<UtteranceSignal<A, V, T>>();
  /** Ended and without a result. */
  const undelivered = new Set<string>();
  let closing = false;
  let dropped = false;

  const windows = source.pipe(
    // An input that a listener makes while it hears an output waits for its turn.
    observeOn(queueScheduler),
    onlyAvailable(counters),
    audioFrames(counters),
    markSpeech(),
    overheard(tracer && ((input: SpokenInput) => tracer.heard(input))),
    timeWords(now),
    cutUtterances(options, newId),
    overheard(tracer && ((event: WindowEvent) => tracer.cut(event))),
    alignWords(counters),
  );
  const running = windows
    .pipe(
      overheard(tracer && ((event: AlignedEvent) => tracer.aligned(event))),
      scheduleFinals({ transcriptGraceMs, scheduler }),
      markInterims(interimMs),
      assemble({ participantId, encoder, maxMs, minMs, contextTurns, encodeWaitMs, scheduler, counters }),
    )
    .subscribe({
      next: (signal) => {
        if (signal.kind === 'end') undelivered.add(signal.utteranceId);
        if (signal.kind === 'final') {
          if (dropped) return;
          undelivered.delete(signal.utterance.utteranceId);
        }
        output.next(signal);
        if (closing && undelivered.size === 0) source.complete();
      },
      error: (error: unknown) => output.error(error),
      complete: () => output.complete(),
    });

  const input: Observer<UtteranceInput> = {
    next: (value) => {
      if (value.kind === 'words' && value.segment.participantId !== participantId) {
        throw new TypeError(
          `segment.participantId is '${value.segment.participantId}' in the pipeline of '${participantId}'; ` +
            'give each participant their own words.',
        );
      }
      source.next(value);
    },
    error: (error) => source.error(error),
    complete: () => source.complete(),
  };

  const close = (trigger: CloseTrigger, { drop = false }: ClosePipelineOptions = {}): void => {
    if (closing) return;
    dropped = drop;
    source.next({ kind: 'close', trigger, atMs: now() });
    closing = true;
    if (drop) {
      running.unsubscribe();
      output.complete();
    } else if (trigger === 'shutdown' || undelivered.size === 0) {
      source.complete();
    } else {
      running.add(scheduler.schedule(() => source.complete(), transcriptGraceMs));
    }
  };

  return { input, output: output.asObservable(), counters, close };
}

/** Without a listener the values pass by themselves. */
function overheard<T>(listen: ((value: T) => void) | undefined): MonoTypeOperatorFunction<T> {
  return listen ? tap(listen) : identity;
}
