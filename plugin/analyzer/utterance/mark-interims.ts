import type { OperatorFunction } from 'rxjs';
import { stage } from './stage.ts';
import type { MarkedEvent, ScheduledEvent } from './StageTypes.ts';

/**
 * Asks for an interim result of the open utterance, every so often in the time of the data.
 *
 * The time is that of the media, not of the clock on the wall: sound that was delayed and comes in a burst asks once.
 *
 * ```
 * input    --o--p--p--p--p--p--c--|    o, c: opens, closes; p: progress by 1 s
 * output   --o--p--p--(pi)-p--p--c-|   i: interim, for 3 s
 * ```
 *
 * @example
 * events.pipe(markInterims(3000)).subscribe(...)
 *
 * @param interimMs 0 for never
 */
export function markInterims(interimMs: number): OperatorFunction<ScheduledEvent, MarkedEvent> {
  return stage((output) => {
    let open: string | undefined;
    let nextMs = Infinity;
    return {
      next: (event) => {
        output.next(event);
        if (event.kind === 'open' && interimMs > 0) {
          open = event.utteranceId;
          nextMs = event.startMs + interimMs;
        } else if ((event.kind === 'close' || event.kind === 'discard') && event.utteranceId === open) {
          open = undefined;
        } else if (event.kind === 'progress' && open !== undefined && event.atMs >= nextMs) {
          nextMs += interimMs * (Math.floor((event.atMs - nextMs) / interimMs) + 1);
          output.next({ kind: 'interim', utteranceId: open, atMs: event.atMs });
        }
      },
    };
  });
}
