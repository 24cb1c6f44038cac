import { Store } from '../../../client/Store.ts';
import type { Caption } from '../emotion/EmotionClient.ts';
import type { SfuClock } from '../emotion/SfuClock.ts';
import { speechRecogniser, type SpeechRecogniser, type SpeechResultEvent } from './speechTypes.ts';

export interface SpeechState {
  available: boolean;
  on: boolean;
  /** Why it went off by itself. */
  problem?: string;
}

interface Heard {
  startMs: number;
  endMs: number;
  text: string;
  final: boolean;
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
  /** When the words of a result were first and last heard, by its index. */
  #heard = new Map<number, Heard>();
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
      this.#settle(recogniser.lang);
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
    if (this.#recogniser) this.#settle(this.#recogniser.lang);
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
      const final = result.isFinal || before?.final === true;
      const heard = { startMs: before?.startMs ?? nowMs, endMs: unchanged ? before.endMs : nowMs, text, final };
      this.#heard.set(index, heard);
      if (!unchanged || before.final !== final) this.#tell(index, heard, lang);
    }
  }

  /** The run is over: what it did not come to a conclusion about stays as it was heard last. */
  #settle(lang: string): void {
    for (const [index, heard] of this.#heard) if (!heard.final) this.#tell(index, { ...heard, final: true }, lang);
    this.#heard.clear();
  }

  #tell(index: number, { startMs, endMs, text, final }: Heard, lang: string): void {
    this.#push({
      segmentId: `${this.#run}:${index}`,
      text,
      final,
      lang,
      // A recogniser tells no times. Without those of its interim results the server takes the time of arrival.
      ...(this.#clock.known && endMs > startMs && { startMs: Math.round(startMs), endMs: Math.round(endMs) }),
    });
  }
}
