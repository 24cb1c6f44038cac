import { createRecogniser, ParticipantEar, type Recogniser } from './asr/index.ts';
import type { TranscriptOptions, AttributedSegment } from './protocol.ts';

/** Speech recognition for all participants of an analyzer, and whether it works. */
export class Transcriber {
  readonly #lang: string | undefined;
  readonly #changed: (trouble: string | undefined) => void;
  #recogniser: Recogniser | undefined;
  #trouble: string | undefined;

  private constructor(lang: string | undefined, changed: (trouble: string | undefined) => void) {
    this.#lang = lang;
    this.#changed = changed;
  }

  /**
   * @param changed hears why there are no words, and with undefined that there are again
   * @throws RecogniserError when the recogniser that was asked for cannot be had
   */
  static async start(options: TranscriptOptions, changed: (trouble: string | undefined) => void): Promise<Transcriber> {
    const transcriber = new Transcriber(options.lang, changed);
    transcriber.#recogniser = await createRecogniser(options, {
      failed: (reason) => transcriber.#set(reason),
      recovered: () => transcriber.#set(undefined),
    });
    return transcriber;
  }

  /** Why there are no words at present. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** @returns undefined where no recogniser is asked for */
  ear(participantId: string, words: (segment: AttributedSegment) => void): ParticipantEar | undefined {
    if (!this.#recogniser) return undefined;
    return new ParticipantEar({ participantId, recogniser: this.#recogniser, lang: this.#lang, words });
  }

  async close(): Promise<void> {
    await this.#recogniser?.close();
  }

  #set(trouble: string | undefined): void {
    if (this.#trouble === trouble) return;
    this.#trouble = trouble;
    this.#changed(trouble);
  }
}
