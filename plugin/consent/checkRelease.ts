import type { ConsentRelease } from './ConsentTypes.ts';

/** Clocks of who signs and who checks differ a little. */
const CLOCK_TOLERANCE_MS = 60_000;
const REFERENCE = /^[\w.:/#-]{1,100}$/;

/** @throws TypeError naming the field */
export function checkRelease(release: ConsentRelease, nowMs: number): ConsentRelease {
  const { reference, signedAtMs, recordedBy } = release;
  if (typeof reference !== 'string' || !REFERENCE.test(reference)) {
    throw new TypeError('release.reference: 1 to 100 of letters, digits and . : / # _ - are needed; an id, not a name');
  }
  if (typeof signedAtMs !== 'number' || !(signedAtMs > 0)) {
    throw new TypeError('release.signedAtMs: a time in ms since 1970 is needed');
  }
  if (signedAtMs > nowMs + CLOCK_TOLERANCE_MS) throw new TypeError('release.signedAtMs: lies in the future');
  if (typeof recordedBy !== 'string' || recordedBy.length < 1 || recordedBy.length > 200) {
    throw new TypeError('release.recordedBy: who recorded it is needed, 1 to 200 characters');
  }
  return { reference, signedAtMs, recordedBy };
}
