import { RequestError } from '../../sfu/RequestError.ts';
import type { View } from './View.ts';

type Seen = 'aggregate' | 'individuals';

/** Bearers of one room that are remembered. */
const MAX_REMEMBERED = 100_000;

/**
 * Keeps apart, per room, who follows its means and who follows single others: means less what is known of some of a group say
 * something about the rest. One's own results are allowed for in the size of the groups.
 */
export class Differencing {
  readonly #seen = new Map<string, Seen>();

  /** @throws RequestError `forbidden` when the bearer has had the other kind in this room */
  check(bearer: string, wanted: View): void {
    const others = [...wanted.subjects].some((subject) => subject !== bearer);
    if (!wanted.aggregate && !others) return;
    const kind: Seen = wanted.aggregate ? 'aggregate' : 'individuals';
    const before = this.#seen.get(bearer) ?? kind;
    if ((wanted.aggregate && others) || before !== kind) {
      const message = 'means over the room cannot be had along with results of single others';
      throw new RequestError('forbidden', message, kind === 'aggregate' ? 'aggregate' : 'participantId');
    }
    if (!this.#seen.has(bearer) && this.#seen.size >= MAX_REMEMBERED) {
      throw new RequestError('full', 'too many have followed this room', 'aggregate');
    }
    this.#seen.set(bearer, kind);
  }
}
