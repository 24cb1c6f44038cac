/** Frame lengths in ms by configuration number (RFC 6716, table 2). */
const SILK_MS = [10, 20, 40, 60];
const HYBRID_MS = [10, 20];
const CELT_MS = [2.5, 5, 10, 20];

const MAX_PACKET_MS = 120;

/** How much sound an Opus packet holds, in ms, by its first bytes (RFC 6716, 3.1 and 3.2); null when it is malformed. */
export function opusDurationMs(packet: Uint8Array): number | null {
  const toc = packet[0];
  if (toc === undefined) return null;
  const config = toc >> 3;
  const frameMs = config < 12 ? SILK_MS[config % 4]! : config < 16 ? HYBRID_MS[config % 2]! : CELT_MS[config % 4]!;
  const code = toc & 3;
  const count = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 0x3f;
  const durationMs = frameMs * count;
  return count > 0 && durationMs <= MAX_PACKET_MS ? durationMs : null;
}
