import { AudioReceiver, SenderClock, VideoReceiver } from '../../../plugin/analyzer/rtp/index.ts';
import { RtpStream } from '../../../server/sample/RtpStream.ts';

export interface DriftCase {
  /** How much faster than nominal each clock of the sender runs, parts per million. */
  soundPpm: number;
  picturePpm: number;
  wallPpm: number;
}

export interface DriftOptions {
  /** Simulated, ms. @default 600000 */
  durationMs?: number;
  /** Uniform in [0, 1). */
  random: () => number;
}

export interface DriftResult {
  /** Largest distance between what is told of a picture and of the sound captured with it, ms; NaN without any. */
  offsetMs: number;
  /** Pictures that were held against their sound. */
  compared: number;
}

const START_MS = Date.UTC(2026, 0, 1);
const SENDER_OFFSET_MS = -3_600_000;
const SOUND = { payloadType: 111, clockRate: 48_000, ssrc: 1, everyMs: 20, delayMs: 25 };
const PICTURES = { payloadType: 96, clockRate: 90_000, ssrc: 2, everyMs: 40, delayMs: 145 };
const REPORT_MS = 1000;
const JITTER_MS = 30;
const LOSS = 0.02;
const REPORT_LOSS = 0.1;
/** How long after the first reports the times may still bend towards them. */
const BEND_MS = 1000;

/** A SILK frame of 20 ms, and a VP8 key frame of one packet behind its descriptor. */
const SOUND_PAYLOAD = [9 << 3, 0b1100_0000];
const PICTURE_PAYLOAD = [0x10, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00];

type Track = typeof SOUND;
type Delivery = { arrivalMs: number; data: Uint8Array };

/**
 * Minutes of a call whose sender's clocks drift against each other and against ours, as RTP and RTCP through the real
 * receivers in virtual time: jitter, loss, lost reports, and pictures that are under way longer than sound. Sound and
 * pictures carry the time of their capture in their bytes, so what is told can be held against it.
 */
export function measureDrift({ soundPpm, picturePpm, wallPpm }: DriftCase, options: DriftOptions): DriftResult {
  const { durationMs = 600_000, random } = options;
  const senderWall = (atMs: number) => START_MS + SENDER_OFFSET_MS + atMs * (1 + wallPpm * 1e-6);
  const deliveries = [
    ...deliver(SOUND, SOUND_PAYLOAD, soundPpm, senderWall, durationMs, random),
    ...deliver(PICTURES, PICTURE_PAYLOAD, picturePpm, senderWall, durationMs, random),
  ].sort((a, b) => a.arrivalMs - b.arrivalMs);

  const senderClock = new SenderClock();
  const sound = new AudioReceiver({ ...SOUND, senderClock });
  const pictures = new VideoReceiver({ ...PICTURES, codec: 'vp8', senderClock });
  const soundErrors = new Map<number, number>();
  const pictureErrors: { atMs: number; errorMs: number }[] = [];
  let settledMs = Number.POSITIVE_INFINITY;
  for (const { arrivalMs, data } of deliveries) {
    sound.push(data, arrivalMs);
    pictures.push(data, arrivalMs);
    const reported = sound.stats.senderReports > 0 && pictures.stats.senderReports > 0;
    if (reported) settledMs = Math.min(settledMs, arrivalMs - START_MS + BEND_MS);
    for (const item of sound.poll(arrivalMs)) {
      if (item.kind !== 'packet') continue;
      const atMs = captureMs(item.payload);
      soundErrors.set(atMs, item.wallMs - START_MS - atMs);
    }
    for (const { unit, wallMs } of pictures.poll(arrivalMs)) {
      const atMs = captureMs(unit.data);
      pictureErrors.push({ atMs, errorMs: wallMs - START_MS - atMs });
    }
  }
  const offsets = pictureErrors.flatMap(({ atMs, errorMs }) => {
    const soundError = soundErrors.get(atMs);
    return atMs < settledMs || soundError === undefined ? [] : [Math.abs(errorMs - soundError)];
  });
  const offsetMs = offsets.reduce((worst, each) => Math.max(worst, each), offsets[0] ?? Number.NaN);
  return { offsetMs, compared: offsets.length };
}

/** Everything of one track that arrives, reports too. */
function deliver(
  track: Track,
  payload: readonly number[],
  ppm: number,
  senderWall: (atMs: number) => number,
  durationMs: number,
  random: () => number,
): Delivery[] {
  const stream = new RtpStream({ ...track, cname: 'simulated' });
  const onStream = (atMs: number) => atMs * (1 + ppm * 1e-6);
  const deliveries: Delivery[] = [];
  for (let atMs = 0; atMs < durationMs; atMs += track.everyMs) {
    const arrivalMs = START_MS + atMs + track.delayMs;
    const data = new Uint8Array(stream.packet(withCapture(payload, atMs), onStream(atMs), true));
    if (random() >= LOSS) deliveries.push({ arrivalMs: arrivalMs + random() * JITTER_MS, data });
    if (atMs === 0 || atMs % REPORT_MS !== 0 || random() < REPORT_LOSS) continue;
    // Reports overtake what waits behind a slow encoder.
    const reportMs = START_MS + atMs + SOUND.delayMs + random() * JITTER_MS;
    deliveries.push({ arrivalMs: reportMs, data: new Uint8Array(stream.report(onStream(atMs), senderWall(atMs))) });
  }
  return deliveries;
}

function withCapture(payload: readonly number[], atMs: number): Uint8Array {
  const bytes = new Uint8Array(payload.length + 4);
  bytes.set(payload);
  new DataView(bytes.buffer).setUint32(payload.length, atMs);
  return bytes;
}

function captureMs(data: Uint8Array): number {
  return new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(data.byteLength - 4);
}
