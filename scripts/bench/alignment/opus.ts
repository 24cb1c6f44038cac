/** Sound as a browser sends it: Opus packets of 20 ms with in-band FEC. */
import { Encoder } from '@evan/opus';
import { SAMPLE_RATE } from './recordings.ts';

export const PACKET_MS = 20;
const PACKET_SAMPLES = (SAMPLE_RATE * PACKET_MS) / 1000;
/** What libopus looks ahead at this rate, 6.5 ms: the sound of a packet is so much older than the packet. */
export const LOOK_AHEAD_MS = 6.5;
const BITRATE = 32_000;
/** opus_defines.h: OPUS_SET_INBAND_FEC, OPUS_SET_PACKET_LOSS_PERC. */
const SET_INBAND_FEC = 4012;
const SET_PACKET_LOSS_PERC = 4014;

/**
 * Encodes mono sound at 16 kHz. Packet `i` holds the sound that begins at `i * PACKET_MS - LOOK_AHEAD_MS`.
 *
 * @param expectedLoss 0 to 1: how much redundancy the encoder puts in
 */
export function encodeOpus(pcm: Float32Array, expectedLoss: number): Uint8Array[] {
  const encoder = new Encoder({ channels: 1, sample_rate: SAMPLE_RATE, application: 'voip' });
  encoder.bitrate = BITRATE;
  encoder.ctl(SET_INBAND_FEC, 1);
  encoder.ctl(SET_PACKET_LOSS_PERC, Math.round(expectedLoss * 100));
  const packets: Uint8Array[] = [];
  for (let from = 0; from < pcm.length; from += PACKET_SAMPLES) {
    const frame = Int16Array.from({ length: PACKET_SAMPLES }, (_, i) => Math.round((pcm[from + i] ?? 0) * 32_767));
    packets.push(encoder.encode(frame).slice());
  }
  return packets;
}
