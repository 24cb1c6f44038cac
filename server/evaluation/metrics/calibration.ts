/**
 * Expected calibration error (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017): the distance between
 * how often predictions are right and how sure they are, over bins of equal width, weighted by how many fall in each.
 *
 * @param confidence 0..1 each
 * @param correct whether each prediction is right
 */
export function expectedCalibrationError(
  confidence: readonly number[],
  correct: readonly boolean[],
  bins = 15,
): number {
  const sure = new Array<number>(bins).fill(0);
  const right = new Array<number>(bins).fill(0);
  confidence.forEach((p, i) => {
    const bin = Math.min(Math.floor(p * bins), bins - 1);
    sure[bin]! += p;
    right[bin]! += correct[i] ? 1 : 0;
  });
  return sure.reduce((error, sum, bin) => error + Math.abs(right[bin]! - sum), 0) / confidence.length;
}
