import type { ConsentRelease } from '../../plugin/consent/ConsentTypes.ts';

/** What the yes of the sample call's speakers rests on: they are nobody (NOTICE). For recordings in benchmarks, too. */
export function sampleRelease(): ConsentRelease {
  return { reference: 'sample-call', signedAtMs: Date.now(), recordedBy: 'undertone' };
}
