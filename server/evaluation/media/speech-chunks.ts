/** Hz. */
const SAMPLE_RATE = 16_000;
/** Padding is what stays at or below 16 of 32768; halfway to 17, because not every format scales by that. */
const LOUDEST_PADDING = 16.5 / 32_768;
/** Kept of a clip, however quiet: a quarter of a second. */
const SHORTEST = SAMPLE_RATE / 4;
/** The longest utterance of a call: 12 s. */
const LONGEST = 12 * SAMPLE_RATE;
/** A last chunk below this share of a whole one says too little. */
const SHORTEST_TAIL = 10;

/**
 * Speech as training cut it (models/merclip/data: `trim_padding`, `chunk_audio`): without the digital silence that pads
 * its end, at most 12 s, in chunks one after the other.
 *
 * @param pcm mono, 16 kHz, -1..1; at least one sample
 * @param chunkSamples most samples of a chunk
 */
export function speechChunks(pcm: Float32Array, chunkSamples: number): Float32Array[] {
  const speech = trimPadding(pcm).subarray(0, LONGEST);
  const chunks: Float32Array[] = [];
  for (let at = 0; at < speech.length; at += chunkSamples) {
    const chunk = speech.subarray(at, at + chunkSamples);
    if (at === 0 || chunk.length >= Math.floor(chunkSamples / SHORTEST_TAIL)) chunks.push(chunk);
  }
  return chunks;
}

function trimPadding(pcm: Float32Array): Float32Array {
  const end = pcm.findLastIndex((sample) => Math.abs(sample) > LOUDEST_PADDING) + 1;
  return pcm.subarray(0, Math.max(end, SHORTEST));
}
