import { u32, u8 } from './bytes.ts';
import { isRtcp, parseRtcp } from './rtcp.ts';

/**
 * The SSRCs of the streams that a datagram speaks of, so that whoever owns the socket can hand it to the right
 * receivers. One for RTP; for RTCP one for each stream with a sender report or a goodbye, as an SFU puts the reports of
 * several streams into one compound packet.
 *
 * @returns an empty array for a datagram that is neither
 */
export function mediaSsrcs(datagram: Uint8Array): number[] {
  if (!isRtcp(datagram)) {
    return datagram.byteLength >= 12 && u8(datagram, 0) >> 6 === 2 ? [u32(datagram, 8)] : [];
  }
  const ssrcs = new Set<number>();
  for (const item of parseRtcp(datagram)) {
    if (item.kind === 'sender-report') ssrcs.add(item.ssrc);
    else for (const ssrc of item.ssrcs) ssrcs.add(ssrc);
  }
  return [...ssrcs];
}
