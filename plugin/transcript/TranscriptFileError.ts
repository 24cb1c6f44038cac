/** A transcript file cannot be read; the message names the line or the field and what is allowed there. */
export class TranscriptFileError extends Error {
  override readonly name: string = 'TranscriptFileError';

  /** @param place format and line or field, e.g. `SRT line 3` */
  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`);
  }
}
