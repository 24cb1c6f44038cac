/** What digital silence is given as, dBFS: the noise floor of 16-bit samples. */
export const SILENCE_DBFS = -96;

/**
 * Level of a stretch of audio: its root mean square against full scale, dBFS (AES17 without the 3 dB for sines).
 *
 * @param pcm Samples, -1..1.
 * @returns -96 (silence) to about 0.
 */
export function rmsDbfs(pcm: Float32Array): number {
  if (pcm.length === 0) return SILENCE_DBFS;
  let squares = 0;
  for (const sample of pcm) squares += sample * sample;
  const level = 10 * Math.log10(squares / pcm.length);
  return Number.isFinite(level) ? Math.max(SILENCE_DBFS, level) : SILENCE_DBFS;
}
