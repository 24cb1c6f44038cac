/** Items, or a file that they name, cannot be used; the message is one sentence that says where and why. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}
