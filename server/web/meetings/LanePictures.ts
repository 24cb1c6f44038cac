import type { View } from '../timeline/view.ts';
import { coarser } from './coarser.ts';
import type { Filter } from './Filter.ts';
import { laneBitmap, type LaneBitmap } from './laneBitmap.ts';
import type { LaneLook } from './LaneLook.ts';
import type { MeetingLane } from './lanesOf.ts';

/** Stretches that are narrower look like noise: then longer ones are shown. */
const LEAST_PX = 4;

/** Pictures of one lane, in stretches of doubled lengths, each made when it is needed first. */
export class LanePictures {
  readonly look: LaneLook;
  readonly #lane: MeetingLane;
  readonly #filter: Filter;
  readonly #made = new Map<number, LaneBitmap | undefined>();

  constructor(lane: MeetingLane, filter: Filter, look: LaneLook) {
    this.look = look;
    this.#lane = lane;
    this.#filter = filter;
  }

  /** The same in the theme that is shown now, e.g. on paper. */
  anew(): LanePictures {
    return new LanePictures(this.#lane, this.#filter, this.look.anew());
  }

  /** @param width - px of the page that the view takes */
  for({ fromMs, toMs }: View, width: number): LaneBitmap | undefined {
    const px = (this.#lane.bucketMs / (toMs - fromMs)) * width;
    const times = 2 ** Math.max(0, Math.ceil(Math.log2(LEAST_PX / px)));
    if (!this.#made.has(times)) {
      this.#made.set(times, laneBitmap(coarser(this.#lane, times), this.#filter, this.look));
    }
    return this.#made.get(times);
  }
}
