/** Of an RTP payload; with the RTP header below every usual MTU. */
export const MAX_PAYLOAD_BYTES = 1200;

/** X, then I, then a picture id of two bytes (RFC 7741, 4.2). */
const DESCRIPTOR_BYTES = 4;
const EXTENDED = 0x80;
const START_OF_PARTITION = 0x10;
const PICTURE_ID_PRESENT = 0x80;
const LONG_PICTURE_ID = 0x80;

/**
 * Cuts a VP8 frame into RTP payloads of about the same size (RFC 7741).
 *
 * @param pictureId 15 bits, one more with each frame.
 */
export function toVp8Payloads(frame: Uint8Array, pictureId: number): Uint8Array[] {
  const room = MAX_PAYLOAD_BYTES - DESCRIPTOR_BYTES;
  const count = Math.max(1, Math.ceil(frame.length / room));
  const share = Math.ceil(frame.length / count);
  return Array.from({ length: count }, (_, index) => {
    const part = frame.subarray(index * share, (index + 1) * share);
    const payload = new Uint8Array(DESCRIPTOR_BYTES + part.length);
    payload[0] = EXTENDED | (index === 0 ? START_OF_PARTITION : 0);
    payload[1] = PICTURE_ID_PRESENT;
    payload[2] = LONG_PICTURE_ID | ((pictureId >> 8) & 0x7f);
    payload[3] = pictureId & 0xff;
    payload.set(part, DESCRIPTOR_BYTES);
    return payload;
  });
}

/** The inverse key-frame bit of the frame tag (RFC 6386, 9.1). */
export function isVp8KeyFrame(frame: Uint8Array): boolean {
  return frame.length > 0 && (frame[0]! & 1) === 0;
}
