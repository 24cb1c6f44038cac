import { Store } from '../api/Store.ts';
import type { Caption } from '../emotion/EmotionClient.ts';
import type { SfuClock } from '../emotion/SfuClock.ts';
import { speechRecogniser, type SpeechRecogniser, type SpeechResultEvent } from './speechTypes.ts';

export interface SpeechState {
  available: boolean;
  on: boolean;
  /** Why it went off by itself. */
  problem?: string;
}

/** Recognisers give up after some silence and are started again; not faster than this when they fail at once. */
const RESTART_MS = 300;

const PROBLEMS: Record<string, string> = {
  'not-allowed': 'The browser does not allow speech recognition on this page.',
  'service-not-allowed': 'The browser does not allow speech recognition on this page.',
  'audio-capture': 'The browser’s speech recognition hears no microphone.',
  network: 'The browser’s speech recognition cannot reach its service.',
  'language-not-supported': 'The browser’s speech recognition does not know this language.',
};

/** Words from the browser's own speech recognition. */
export class SpeechCaptions {
  readonly state = new Store<SpeechState>({ available: speechRecogniser() !== undefined, on: false });
  readonly #clock: SfuClock;
  readonly #push: (caption: Caption) => void;
  #recogniser: SpeechRecogniser | undefined;
  #restart: ReturnType<typeof setTimeout> | undefined;
  /** When the words of a result that is not yet final were first and last heard, by its index. */
  #heard = new Map<number, { startMs: number; endMs: number; text: string }>();
  #run = '';

  constructor(clock: SfuClock, push: (caption: Caption) => void) {
    this.#clock = clock;
    this.#push = push;
  }

  start(): void {
    const Recogniser = speechRecogniser();
    if (!Recogniser || this.state.value.on) return;
    const recogniser = new Recogniser();
    recogniser.continuous = true;
    recogniser.interimResults = true;
    recogniser.lang = navigator.language;
    recogniser.onresult = (event) => this.#result(event, recogniser.lang);
    recogniser.onerror = ({ error }) => {
      const problem = PROBLEMS[error];
      if (problem) this.#off(problem);
    };
    recogniser.onend = () => {
      if (!this.state.value.on) return;
      this.#restart = setTimeout(() => this.#begin(), RESTART_MS);
    };
    this.#recogniser = recogniser;
    this.state.update(({ available }) => ({ available, on: true }));
    this.#begin();
  }

  stop(): void {
    this.#off();
  }

  #begin(): void {
    this.#heard.clear();
    // Result indices start at zero with every run.
    this.#run = crypto.randomUUID();
    try {
      this.#recogniser?.start();
    } catch {
      this.#off('The browser’s speech recognition did not start.');
    }
  }

  #off(problem?: string): void {
    clearTimeout(this.#restart);
    this.state.update(({ available }) => ({ available, on: false, ...(problem && { problem }) }));
    this.#recogniser?.abort();
    this.#recogniser = undefined;
  }

  #result({ resultIndex, results }: SpeechResultEvent, lang: string): void {
    for (let index = resultIndex; index < results.length; index += 1) {
      const result = results[index];
      const text = result?.[0]?.transcript.trim();
      if (!result || !text) continue;
      const nowMs = this.#clock.nowMs;
      const before = this.#heard.get(index);
      const unchanged = before?.text === text;
      const heard = { startMs: before?.startMs ?? nowMs, endMs: unchanged ? before.endMs : nowMs, text };
      this.#heard.set(index, heard);
      if (unchanged && !result.isFinal) continue;
      const { startMs, endMs } = heard;
      this.#push({
        segmentId: `${this.#run}:${index}`,
        text,
        final: result.isFinal,
        lang,
        // A recogniser tells no times. Without those of its interim results the server takes the time of arrival.
        ...(this.#clock.known && endMs > startMs && { startMs: Math.round(startMs), endMs: Math.round(endMs) }),
      });
    }
  }
}
