import { rmsDbfs } from '../speech/index.ts';
import type { AudioFrame } from './StageTypes.ts';

/** The quietest that a room is taken to be, dBFS; a microphone that is gated is quieter. */
const QUIET_ROOM_DBFS = -60;
/** Frames less likely to be speech than this tell what the room sounds like. */
const ROOM_P = 0.3;
/** How much of the way to a frame's level the level of the room goes. */
const ROOM_PACE = 0.1;
/** How fast the memory of the loudest frame fades, dB a frame of 32 ms. */
const PEAK_FADE_DB = 0.5;

/** A frame no further above the room than this is no sound of a voice. */
const FAINT_ABOVE_ROOM_DB = 8;
/** Nor is one so much below the loudest frame of the same run of speech: an echo, or what noise suppression has left. */
const FAINT_BELOW_PEAK_DB = 30;
/** So far above the room, something is heard. */
const HEARD_ABOVE_ROOM_DB = 10;

/** How loud frames are against the room and against the voice in it. */
export class Loudness {
  #roomDbfs = QUIET_ROOM_DBFS;
  #peakDbfs = -Infinity;
  #levelDbfs = -Infinity;

  /** Takes the next frame. */
  hear({ pcm, p }: Pick<AudioFrame, 'pcm' | 'p'>): void {
    this.#levelDbfs = rmsDbfs(pcm);
    const riseDb = this.#levelDbfs - this.#roomDbfs;
    if (riseDb < 0 || p < ROOM_P) {
      this.#roomDbfs = Math.max(QUIET_ROOM_DBFS, this.#roomDbfs + riseDb * ROOM_PACE);
    }
    this.#peakDbfs = Math.max(this.#peakDbfs - PEAK_FADE_DB, this.#levelDbfs);
  }

  /** A run of speech begins: what was loud before does not count. */
  begin(): void {
    this.#peakDbfs = this.#levelDbfs;
  }

  /** Of the frame heard last. */
  get levelDbfs(): number {
    return this.#levelDbfs;
  }

  /** The frame heard last is too soft to be of the voice. */
  get faint(): boolean {
    const leastDbfs = Math.max(this.#roomDbfs + FAINT_ABOVE_ROOM_DB, this.#peakDbfs - FAINT_BELOW_PEAK_DB);
    return this.#levelDbfs < leastDbfs;
  }

  /** The frame heard last stands out from the room. */
  get standsOut(): boolean {
    return this.#levelDbfs >= this.#roomDbfs + HEARD_ABOVE_ROOM_DB;
  }
}
