/** What is used of the Web Speech API, which TypeScript's DOM library leaves out. https://webaudio.github.io/web-speech-api/ */

export interface SpeechResult {
  readonly isFinal: boolean;
  readonly length: number;
  readonly [index: number]: { readonly transcript: string };
}

export interface SpeechResultEvent extends Event {
  readonly resultIndex: number;
  readonly results: { readonly length: number; readonly [index: number]: SpeechResult };
}

export interface SpeechErrorEvent extends Event {
  readonly error: string;
}

export interface SpeechRecogniser extends EventTarget {
  continuous: boolean;
  interimResults: boolean;
  lang: string;
  onresult: ((event: SpeechResultEvent) => void) | null;
  onerror: ((event: SpeechErrorEvent) => void) | null;
  onend: (() => void) | null;
  start(): void;
  abort(): void;
}

type Constructor = new () => SpeechRecogniser;

/** The browser's recogniser, where it has one. */
export function speechRecogniser(): Constructor | undefined {
  const scope = globalThis as { SpeechRecognition?: Constructor; webkitSpeechRecognition?: Constructor };
  return scope.SpeechRecognition ?? scope.webkitSpeechRecognition;
}
