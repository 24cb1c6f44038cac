/** Something that the user can put right: the message is one sentence, the exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
