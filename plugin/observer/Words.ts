import type { AnalyzerLink } from '../analyzer/AnalyzerLink.ts';
import type { TranscriptSegment, TranscriptSource } from '../transcript/TranscriptTypes.ts';
import { parseSegment, toWallClock, TranscriptSegmentError } from '../transcript/index.ts';
import type { Participant } from './Participant.ts';
import { TranscriptSources, type TranscriptSourcesContext } from './TranscriptSources.ts';

type TranscriptProblem = Parameters<TranscriptSourcesContext['tell']>[0] | 'words-unattributed' | 'words-untimed';

export interface WordsContext {
  readonly roomId: string;
  /** What times that count from the beginning of the room are counted from. */
  readonly startedAtMs: number;
  readonly link: AnalyzerLink;
  /** Those who are here. */
  present(): Iterable<Participant>;
  /** Whether their words may be analysed now. */
  takes(participantId: string): boolean;
  /** Somebody whose words have come, be they seen or heard or not. */
  participant(participantId: string): Participant;
  tell(problem: { code: TranscriptProblem; message: string; retryable: boolean; participantId?: string }): void;
  /** Words are to be expected, or are not any more. */
  changed(): void;
}

/** Where a room's words come from, whose they are, and whether they come. */
export class Words {
  readonly #context: WordsContext;
  readonly #sources: TranscriptSources;
  #recogniserTrouble: string | undefined;
  #toldUnattributed = false;

  constructor(context: WordsContext) {
    this.#context = context;
    this.#sources = new TranscriptSources({
      push: (segment) => void this.push(segment),
      tell: (code, message) => context.tell({ code, message: message.slice(0, 500), retryable: false }),
      changed: () => context.changed(),
    });
  }

  /** Whether the sources fail that the room was given. */
  get sourcesFail(): boolean {
    return this.#sources.trouble !== undefined;
  }

  /** Why there are no words; undefined where all is well. */
  get trouble(): string | undefined {
    return this.#recogniserTrouble ?? this.#sources.trouble;
  }

  add(source: TranscriptSource, signal: AbortSignal): void {
    this.#sources.add(source, signal);
  }

  /**
   * Gives words to whose they are; returns whether they were taken.
   * @throws TranscriptSegmentError for a segment that is none
   */
  push(segment: TranscriptSegment): boolean {
    const { roomId, startedAtMs, link, takes, participant: find } = this.#context;
    const checked = parseSegment(segment);
    const participantId = this.#speakerOf(checked);
    if (participantId === undefined) return this.#unattributed();
    if (!takes(participantId)) return false;
    const wall = toWallClock({ ...checked, participantId }, startedAtMs, Date.now());
    // Somebody who has no camera or microphone on may still be captioned.
    const participant = find(participantId);
    void participant.reconcile();
    const trackId = wall.clock === 'media' ? participant.trackOf(wall.producerId!) : undefined;
    if (wall.clock === 'media' && trackId === undefined) return this.#untimed(participantId);
    link.send({ type: 'words', roomId, segment: wall, trackId });
    if (checked.text !== '') this.#sources.words();
    return true;
  }

  /** Somebody has spoken who allows their words to be used. */
  spoke(participantId: string, ms: number): void {
    this.#sources.spoke(participantId, ms);
  }

  /** How speech recognition does; undefined where all is well. */
  recogniser(trouble: string | undefined): void {
    this.#recogniserTrouble = trouble;
    this.#context.changed();
  }

  /** The analyzer has gone, and its recognisers with it. */
  reset(): void {
    this.#recogniserTrouble = undefined;
  }

  /** Whose words they are, as far as the segment tells. */
  #speakerOf({ participantId, producerId }: TranscriptSegment): string | undefined {
    if (producerId === undefined) return participantId;
    const owner = [...this.#context.present()].find((participant) => participant.has(producerId))?.id;
    if (owner !== undefined && participantId !== undefined && owner !== participantId) {
      throw new TranscriptSegmentError('producerId', 'is a producer of somebody else and must be one of participantId');
    }
    return participantId ?? owner;
  }

  #unattributed(): false {
    if (this.#toldUnattributed) return false;
    this.#toldUnattributed = true;
    const message =
      'words without a speaker are given to nobody: set participantId, or the producerId in whose sound they were heard';
    this.#context.tell({ code: 'words-unattributed', message, retryable: false });
    return false;
  }

  #untimed(participantId: string): false {
    const message =
      "words in media time need the sound of their producer: it is not analysed, or was not yet; use clock 'wall'";
    this.#context.tell({ code: 'words-untimed', message, retryable: true, participantId });
    return false;
  }
}
