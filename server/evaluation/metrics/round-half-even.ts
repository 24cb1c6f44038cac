/** The nearest whole number, of two that are as near the even one, as numpy and Python round; Math.round goes up. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const part = value - below;
  const up = part === 0.5 ? below % 2 !== 0 : part > 0.5;
  // No negative zero, which would be found among no labels' values.
  return below + (up ? 1 : 0) + 0;
}
