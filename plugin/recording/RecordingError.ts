/** The recording or its transcript cannot be used; the message is one sentence for the user. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  /** Which of several inputs is meant, from 0. */
  readonly input: number | undefined;

  constructor(message: string, input?: number) {
    super(message);
    this.input = input;
  }
}
