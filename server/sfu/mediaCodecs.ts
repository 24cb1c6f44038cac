import type { types as mediasoup } from 'mediasoup';

const START_BITRATE = { 'x-google-start-bitrate': 1_000 };

/** What the rooms speak; in the order in which browsers are asked to prefer them. */
export const mediaCodecs: mediasoup.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    // In-band FEC lets the analyzer rebuild lost speech (RFC 7587).
    parameters: { useinbandfec: 1 },
  },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000, parameters: START_BITRATE },
  { kind: 'video', mimeType: 'video/VP9', clockRate: 90_000, parameters: { 'profile-id': 0, ...START_BITRATE } },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    // Constrained baseline 3.1: what every browser encodes and every decoder of the analyzer takes.
    parameters: {
      'packetization-mode': 1,
      'profile-level-id': '42e01f',
      'level-asymmetry-allowed': 1,
      ...START_BITRATE,
    },
  },
  { kind: 'video', mimeType: 'video/AV1', clockRate: 90_000, parameters: START_BITRATE },
];
