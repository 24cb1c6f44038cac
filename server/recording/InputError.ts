/** What was given cannot be analysed; the message is one sentence for the user. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
