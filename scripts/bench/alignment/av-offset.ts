import { type BrowserTimes, measureInBrowser } from './browser-offset.ts';
import { type DriftCase, measureDrift } from './drift-offset.ts';
import { quantile, round } from '../shared/statistics.ts';

export interface AvOffset {
  /** 95 % of the flashes are told within this of their beeps, ms: real browser, rough network, SFU, tap, decoders. */
  avOffsetMs: number;
  /** Largest offset in ten simulated minutes of 200 ppm drift, ms. */
  driftOffsetMs: number;
  /** Flashes whose pictures and beep were both found. */
  flashes: number;
  /** How much later than they were made pictures and beeps are told to be, median, ms. */
  pictureErrorMsP50: number;
  beepErrorMsP50: number;
}

export interface AvOffsetOptions {
  /** Flashes to send; about a second and a half each. @default 20 */
  count?: number;
  progress?: (text: string) => void;
}

/** A picture belongs to the beep that begins with its flash. */
const FLASH_BEFORE_MS = 200;
const FLASH_AFTER_MS = 600;

/** The worst that 200 ppm can do, in both directions, and a wall clock of the sender that drifts as well. */
export const DRIFTS: readonly DriftCase[] = [
  { soundPpm: 200, picturePpm: 0, wallPpm: 0 },
  { soundPpm: -200, picturePpm: 200, wallPpm: 100 },
  { soundPpm: 200, picturePpm: -200, wallPpm: -200 },
  { soundPpm: 0, picturePpm: 0, wallPpm: 200 },
];

/** How far apart the times are that sound and pictures of one moment are given. */
export async function measureAvOffset({ count = 20, progress = () => {} }: AvOffsetOptions = {}): Promise<AvOffset> {
  progress('ten minutes of drift, simulated');
  const driftOffsetMs = Math.max(...DRIFTS.map((drift) => measureDrift(drift, { random: Math.random }).offsetMs));
  progress(`${count} flashes and beeps out of a browser`);
  const times = await measureInBrowser(count);
  const offsets = offsetsOf(times);
  return {
    avOffsetMs: round(quantile(offsets.map(Math.abs), 0.95)),
    driftOffsetMs: round(driftOffsetMs),
    flashes: offsets.length,
    pictureErrorMsP50: round(
      quantile(
        times.pictures.map(({ errorMs }) => errorMs),
        0.5,
      ),
    ),
    beepErrorMsP50: round(
      quantile(
        times.beeps.map(({ errorMs }) => errorMs),
        0.5,
      ),
    ),
  };
}

/** For each beep, how much later its flash is told than the beep itself, against how they were made; the median picture counts. */
export function offsetsOf({ pictures, beeps }: Omit<BrowserTimes, 'widths'>): number[] {
  return beeps.flatMap(({ atMs, errorMs }) => {
    const flash = pictures.filter((each) => each.atMs > atMs - FLASH_BEFORE_MS && each.atMs < atMs + FLASH_AFTER_MS);
    if (flash.length === 0) return [];
    return [
      quantile(
        flash.map((picture) => picture.errorMs),
        0.5,
      ) - errorMs,
    ];
  });
}
