/** A media file that cannot be what its name says; the message names the file, the place and what was expected. */
export class MediaFileError extends Error {
  override readonly name = 'MediaFileError';
  readonly file: string;

  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.file = file;
  }
}
