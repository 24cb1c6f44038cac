/** Samples of -1..1 as 16-bit little-endian integers. */
export function toPcm16(pcm: Float32Array): Buffer {
  const bytes = Buffer.allocUnsafe(pcm.length * 2);
  for (let i = 0; i < pcm.length; i += 1) {
    const sample = Math.round((pcm[i] ?? 0) * 32_768);
    bytes.writeInt16LE(Number.isNaN(sample) ? 0 : Math.min(Math.max(sample, -32_768), 32_767), i * 2);
  }
  return bytes;
}
