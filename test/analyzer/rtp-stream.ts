import { splitAnnexB } from '../../plugin/analyzer/media/annexb.ts';

/** Makes RTP out of coded media, as an SFU would send it. */
export interface RtpFields {
  payloadType: number;
  ssrc: number;
  sequenceNumber: number;
  timestamp: number;
  payload: Uint8Array;
  marker?: boolean;
}

/** One RTP packet (RFC 3550, 5.1) in a buffer of its own, so that it can be transferred. */
export function rtp({ payloadType, ssrc, sequenceNumber, timestamp, payload, marker = false }: RtpFields): Uint8Array {
  const packet = new Uint8Array(12 + payload.length);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, (marker ? 0x80 : 0) | payloadType);
  view.setUint16(2, sequenceNumber & 0xffff);
  view.setUint32(4, timestamp >>> 0);
  view.setUint32(8, ssrc);
  packet.set(payload, 12);
  return packet;
}

const MTU = 1100;

/** The payloads of one VP8 frame (RFC 7741, 4.2), with a 15-bit picture id. */
export function vp8Payloads(frame: Uint8Array, pictureId: number): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  for (let at = 0; at < frame.length; at += MTU) {
    const piece = frame.subarray(at, at + MTU);
    const payload = new Uint8Array(4 + piece.length);
    payload.set([at === 0 ? 0x90 : 0x80, 0x80, 0x80 | ((pictureId >> 8) & 0x7f), pictureId & 0xff]);
    payload.set(piece, 4);
    payloads.push(payload);
  }
  return payloads;
}

const FU_A = 28;

/** The payloads of one H264 access unit in Annex B form: single NAL units, and FU-A fragments of large ones (RFC 6184, 5.6 and 5.8). */
export function h264Payloads(unit: Uint8Array): Uint8Array[] {
  return splitAnnexB(unit).flatMap((nal) => (nal.length <= MTU ? [nal] : fragments(nal)));
}

function fragments(nal: Uint8Array): Uint8Array[] {
  const header = nal[0] ?? 0;
  const payloads: Uint8Array[] = [];
  for (let at = 1; at < nal.length; at += MTU) {
    const piece = nal.subarray(at, at + MTU);
    const flags = (at === 1 ? 0x80 : 0) | (at + MTU >= nal.length ? 0x40 : 0);
    const payload = new Uint8Array(2 + piece.length);
    payload.set([(header & 0xe0) | FU_A, flags | (header & 0x1f)]);
    payload.set(piece, 2);
    payloads.push(payload);
  }
  return payloads;
}
