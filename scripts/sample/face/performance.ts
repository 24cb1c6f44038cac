import type { Feeling, SpeakerId } from '../script.ts';
import type { Timeline } from '../timeline.ts';
import { bothSides, faces } from './feelings.ts';
import { seededRandom } from '../../random.ts';
import { smoothstep } from './vec.ts';
import { closed, mouthUnits, visemeOf, type Viseme } from './visemes.ts';

/** Everything that changes from picture to picture; angles in radians, lengths in decimetres. */
export interface Pose {
  units: Record<string, number>;
  yaw: number;
  pitch: number;
  roll: number;
  shift: [number, number, number];
  bodyShift: [number, number, number];
  /** Eyes to the left and up. */
  gaze: [number, number];
  flush: number;
  lidShade: number;
  brows: { left: [number, number, number]; right: [number, number, number] };
}

/** A feeling shows a little before the first word and fades after the last. */
const BEFORE_MS = 280;
const AFTER_MS = 350;
/** Faces take about this long to change. */
const CHANGE_MS = 300;
const REACTION_DELAY_MS = 650;
const LISTENER_STRENGTH = 0.75;
/** Lips run together over neighbouring sounds. */
const COARTICULATION_MS = 38;
const BLINK_MS = 180;

const energies: Record<Feeling, number> = {
  neutral: 1,
  joy: 1.2,
  surprise: 1.15,
  annoyance: 1.05,
  anger: 1.3,
  worry: 0.8,
  sadness: 0.7,
  warmth: 1.05,
};

/** About how far two poses are apart in the picture, pixels. */
export function movement(a: Pose, b: Pose): number {
  const angles = Math.max(Math.abs(a.yaw - b.yaw), Math.abs(a.pitch - b.pitch), Math.abs(a.roll - b.roll));
  const shifts = [...a.shift, ...a.bodyShift].map((value, axis) =>
    Math.abs(value - [...b.shift, ...b.bodyShift][axis]!),
  );
  const names = new Set([...Object.keys(a.units), ...Object.keys(b.units)]);
  const units = [...names].map((name) => Math.abs((a.units[name] ?? 0) - (b.units[name] ?? 0)));
  const gaze = Math.max(...a.gaze.map((value, axis) => Math.abs(value - b.gaze[axis]!)));
  return angles * 120 + Math.max(...shifts) * 96 + Math.max(0, ...units) * 14 + gaze * 14;
}

/** How one speaker moves through the call, as a function of time alone. */
export class Performance {
  readonly #me: SpeakerId;
  readonly #timeline: Timeline;
  readonly #blinks: number[] = [];
  readonly #phases: number[];

  constructor(me: SpeakerId, timeline: Timeline, seed: number) {
    this.#me = me;
    this.#timeline = timeline;
    const random = seededRandom(seed * 97);
    this.#phases = Array.from({ length: 12 }, () => random() * 6.283);
    for (let atMs = 900 + 1500 * random(); atMs < timeline.durationMs - 300; atMs += 1900 + 2900 * random())
      this.#blinks.push(atMs);
  }

  at(timeMs: number): Pose {
    const shown = this.#feelings(timeMs);
    const units: Record<string, number> = {};
    const put = (some: Record<string, number>, weight: number): void => {
      for (const [name, value] of Object.entries(bothSides(some))) units[name] = (units[name] ?? 0) + value * weight;
    };
    let [pitch, roll, flush] = [0, 0, 0];
    const brows: [number, number, number] = [0, 0, 0];
    for (const { feeling, weight } of shown) {
      const face = faces[feeling];
      put(face.units, weight);
      pitch += face.pitch * weight;
      roll += face.roll * weight;
      flush += face.flush * weight;
      face.brows.forEach((lift, index) => (brows[index]! += lift * weight));
    }

    const talking = this.#viseme(timeMs);
    const energy = shown.reduce((sum, { feeling, weight }) => sum + (energies[feeling] - 1) * weight, 1);
    // What a feeling does to the lips gives way while they speak.
    const busy = Math.min(1, talking.open * 1.6 + talking.press + talking.round);
    for (const name of Object.keys(units)) if (name.startsWith('mouth')) units[name]! *= 1 - 0.4 * busy;
    put(mouthUnits(talking, energy), 1);

    const blink = this.#blink(timeMs);
    put({ 'eye-both-closure': blink }, 1);
    for (const side of ['left', 'right']) {
      const slit = `eye-${side}-slit`;
      const wide = `eye-${side}-opened-up`;
      if (units[slit]) units[slit] *= 1 - blink;
      if (units[wide]) units[wide] *= 1 - blink;
    }

    const speaking = this.#speaking(timeMs);
    const beat = speaking * this.#emphasis(timeMs);
    const seconds = timeMs / 1000;
    const wave = (index: number, hertz: number): number => Math.sin(seconds * hertz * 6.283 + this.#phases[index]!);
    const sway = 1 + speaking * 0.8;
    for (const index of [0, 1, 2]) brows[index]! += 0.008 * beat * energy;
    const lively = energy * sway;
    return {
      units,
      yaw: this.#attention(timeMs) + 0.028 * lively * wave(0, 0.23) + 0.014 * lively * wave(1, 0.61),
      pitch: pitch + 0.014 * lively * wave(2, 0.31) + 0.05 * beat * energy,
      roll: roll + 0.018 * lively * wave(3, 0.19) + 0.008 * lively * wave(4, 0.47),
      shift: [0.02 * lively * wave(5, 0.21), 0.008 * wave(6, 0.27), 0.02 * speaking * energy],
      bodyShift: [0.025 * wave(7, 0.11), 0.01 * wave(8, 0.24), 0],
      gaze: [0.05 * wave(9, 0.17) + this.#glance(timeMs), -0.02 - pitch * 0.8 + 0.02 * wave(10, 0.29)],
      flush,
      lidShade: Math.min(0.2, (units['eye-left-slit'] ?? 0) * 0.4),
      brows: { left: brows, right: brows },
    };
  }

  #feelings(timeMs: number): Array<{ feeling: Feeling; weight: number }> {
    return this.#timeline.lines.map(({ speaker, feeling, reactions, startMs, endMs }, index) => {
      const mine = speaker === this.#me;
      const from = startMs + (mine ? -BEFORE_MS : REACTION_DELAY_MS);
      const next = this.#timeline.lines[index + 1];
      const until = mine
        ? endMs + AFTER_MS
        : (next?.startMs ?? endMs) + (next?.speaker === this.#me ? -BEFORE_MS : REACTION_DELAY_MS);
      const rise = smoothstep(from - CHANGE_MS / 2, from + CHANGE_MS / 2, timeMs);
      const fall = smoothstep(until - CHANGE_MS / 2, until + CHANGE_MS / 2, timeMs);
      const strength = mine ? 1 : LISTENER_STRENGTH;
      return {
        feeling: mine ? feeling : (reactions[this.#me] ?? 'neutral'),
        weight: strength * Math.max(0, rise - fall),
      };
    });
  }

  /** The mouth as a weighted mean over what is said around this moment. */
  #viseme(timeMs: number): Viseme {
    const sum = { ...closed };
    const line = this.#timeline.lines.find(
      ({ speaker, startMs, endMs }) => speaker === this.#me && timeMs > startMs - 150 && timeMs < endMs + 150,
    );
    if (!line) return sum;
    let total = 0;
    for (let offset = -100; offset <= 100; offset += 10) {
      const weight = Math.exp(-0.5 * (offset / COARTICULATION_MS) ** 2);
      const at = timeMs + offset;
      const phone = line.phones.find(({ startMs, endMs }) => at >= startMs && at < endMs);
      const viseme = visemeOf(phone?.name ?? 'pau');
      // Closed lips are seen however short they are.
      const pressing = viseme.press + viseme.bite > 0 ? 1.8 : 1;
      total += weight * pressing;
      for (const key of ['open', 'wide', 'round', 'press', 'bite'] as const)
        sum[key] += viseme[key] * weight * pressing;
    }
    for (const key of ['open', 'wide', 'round', 'press', 'bite'] as const) sum[key] /= total;
    return sum;
  }

  #speaking(timeMs: number): number {
    return this.#timeline.lines
      .filter(({ speaker }) => speaker === this.#me)
      .reduce(
        (most, { startMs, endMs }) =>
          Math.max(
            most,
            smoothstep(startMs - 200, startMs + 200, timeMs) * (1 - smoothstep(endMs - 100, endMs + 300, timeMs)),
          ),
        0,
      );
  }

  /** A small nod on each longer word. */
  #emphasis(timeMs: number): number {
    const words = this.#timeline.lines
      .filter(({ speaker }) => speaker === this.#me)
      .flatMap(({ sentences }) => sentences.flatMap((sentence) => sentence.words));
    return words
      .filter(({ startMs, endMs }) => endMs - startMs > 300)
      .reduce((sum, { startMs, endMs }) => sum + Math.exp(-0.5 * ((timeMs - (startMs + endMs) / 2) / 130) ** 2), 0);
  }

  #blink(timeMs: number): number {
    return this.#blinks.reduce((most, atMs) => {
      const t = (timeMs - atMs) / BLINK_MS;
      return Math.max(most, t <= 0 || t >= 1 ? 0 : Math.sin(Math.PI * t) ** 0.7);
    }, 0);
  }

  /** Slow turns of the head, to this side while one speaks and to that while another does. */
  #attention(timeMs: number): number {
    const turns = { maya: 0.05, callum: -0.06, ellis: 0.03 };
    return this.#timeline.lines.reduce((sum, { speaker, startMs, endMs }) => {
      const weight = smoothstep(startMs, startMs + 600, timeMs) * (1 - smoothstep(endMs, endMs + 600, timeMs));
      return sum + (speaker === this.#me ? 0 : turns[speaker] * weight);
    }, 0);
  }

  #glance(timeMs: number): number {
    const cycle = Math.floor(timeMs / 1300 + this.#phases[11]!);
    return 0.07 * Math.sin(cycle * 12.9898 + this.#phases[9]! * 7);
  }
}
