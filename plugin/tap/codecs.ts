import type { types as mediasoup } from 'mediasoup';
import type { Codec } from '../analyzer/protocol.ts';

const CODECS: Readonly<Record<string, Codec>> = Object.freeze({
  'audio/opus': 'opus',
  'video/vp8': 'vp8',
  'video/vp9': 'vp9',
  'video/h264': 'h264',
  'video/av1': 'av1',
});

/** The analyzer's name for a mediasoup MIME type; undefined for one that it cannot read. */
export function codecOf(mimeType: string): Codec | undefined {
  return CODECS[mimeType.toLowerCase()];
}

/**
 * What the tap says that it can receive: the media codecs alone. Without RTX, FEC and header extensions the packets are
 * as short as they can be; on the loopback nothing is lost that would have to be sent again.
 */
export function tapCapabilities(router: mediasoup.RtpCapabilities): mediasoup.RtpCapabilities {
  const codecs = (router.codecs ?? [])
    .filter((codec) => codecOf(codec.mimeType) !== undefined)
    .map((codec) => ({
      ...codec,
      rtcpFeedback: (codec.rtcpFeedback ?? []).filter(({ parameter }) => parameter === 'pli' || parameter === 'fir'),
    }));
  return { codecs, headerExtensions: [] };
}
