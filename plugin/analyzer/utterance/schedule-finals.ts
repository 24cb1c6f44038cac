import { asyncScheduler, type OperatorFunction, type SchedulerLike, type Subscription } from 'rxjs';
import { stage } from './stage.ts';
import type { AlignedCloseEvent, AlignedEvent, ScheduledEvent, TextEvent } from './StageTypes.ts';

export interface ScheduleFinalsOptions {
  /** How long a closed utterance waits for its final words. */
  transcriptGraceMs: number;
  /** How long after its first result words may still revise it. @default 12000 */
  retainMs?: number;
  /** How long words are gathered before they make a revision; twice as long before each further one. @default 200 */
  gatherMs?: number;
  scheduler?: SchedulerLike;
}

/** After so many utterances in a row for which no word came, the source of words is taken to be silent. */
const SILENT_AFTER = 3;
const MAX_RETAINED = 64;
/** The longest that words are gathered, as many times the shortest. */
const LONGEST_GATHER = 16;

interface Due {
  timer?: Subscription;
  delivered: boolean;
  revisions: number;
  /** Its final words now, and as last delivered. */
  text: string;
  deliveredText: string;
  gathering?: Subscription;
}

/**
 * Decides when the result of a closed utterance is due.
 *
 * At once where no words are to be expected: text is not available, all final words are there, or the source of words
 * has been silent for several utterances. Otherwise as soon as the final words are there, and at the latest after
 * `transcriptGraceMs`. Words that come later, up to `retainMs` after the first result, make another one due; words that
 * trickle in make one together, and the longer they do so the fewer, but none is left out. When the source ends,
 * everything that waits is due.
 *
 * ```
 * input    --c-----t-------------t--------------|    c: close, t: final words
 * output   --c-----(td)----------t--d--------f--|    d: deliver, f: forget
 * ```
 *
 * @example
 * windows.pipe(alignWords(), scheduleFinals({ transcriptGraceMs: 1500 })).subscribe(...)
 */
export function scheduleFinals({
  transcriptGraceMs,
  retainMs = 12_000,
  gatherMs = 200,
  scheduler = asyncScheduler,
}: ScheduleFinalsOptions): OperatorFunction<AlignedEvent, ScheduledEvent> {
  return stage((output) => {
    /** Closed utterances, oldest first. */
    const due = new Map<string, Due>();
    /** Final words of those still open. */
    const texts = new Map<string, string>();
    let textAvailable = false;
    let inVain = 0;

    const after = (delayMs: number, act: () => void): Subscription => scheduler.schedule(act, delayMs);

    const forget = (utteranceId: string): void => {
      const entry = due.get(utteranceId);
      if (!entry) return;
      entry.timer?.unsubscribe();
      if (entry.gathering) deliver(utteranceId, entry);
      due.delete(utteranceId);
      output.next({ kind: 'forget', utteranceId });
    };

    const deliver = (utteranceId: string, entry: Due): void => {
      entry.gathering?.unsubscribe();
      entry.gathering = undefined;
      if (entry.delivered && entry.text === entry.deliveredText) return;
      entry.deliveredText = entry.text;
      if (!entry.delivered) {
        entry.delivered = true;
        entry.timer?.unsubscribe();
        entry.timer = after(retainMs, () => forget(utteranceId));
      } else {
        entry.revisions += 1;
      }
      output.next({ kind: 'deliver', utteranceId });
    };

    const close = (event: AlignedCloseEvent): void => {
      const { utteranceId } = event;
      const text = texts.get(utteranceId) ?? '';
      texts.delete(utteranceId);
      const entry: Due = { delivered: false, revisions: 0, text, deliveredText: '' };
      due.set(utteranceId, entry);
      output.next(event);
      if (due.size > MAX_RETAINED) giveUpOldest();
      const waits = textAvailable && event.awaitsWords && inVain < SILENT_AFTER && transcriptGraceMs > 0;
      if (!waits) return deliver(utteranceId, entry);
      entry.timer = after(transcriptGraceMs, () => {
        if (entry.text === '') inVain += 1;
        deliver(utteranceId, entry);
      });
    };

    const giveUpOldest = (): void => {
      const [utteranceId, entry] = due.entries().next().value!;
      if (!entry.delivered) deliver(utteranceId, entry);
      forget(utteranceId);
    };

    const text = (event: TextEvent): void => {
      if (event.live !== null) inVain = 0;
      output.next(event);
      const entry = due.get(event.utteranceId);
      if (!entry) {
        texts.set(event.utteranceId, keyOf(event));
        if (texts.size > MAX_RETAINED) texts.delete(texts.keys().next().value!);
        return;
      }
      entry.text = keyOf(event);
      if (!entry.delivered) {
        if (!event.awaitsWords) deliver(event.utteranceId, entry);
      } else if (entry.text !== entry.deliveredText) {
        const waitMs = gatherMs * Math.min(LONGEST_GATHER, 2 ** entry.revisions);
        entry.gathering ??= after(waitMs, () => deliver(event.utteranceId, entry));
      }
    };

    const deliverAll = (): void => {
      for (const [utteranceId, entry] of due) if (!entry.delivered || entry.gathering) deliver(utteranceId, entry);
    };

    return {
      next: (event) => {
        if (event.kind === 'close') return close(event);
        if (event.kind === 'text') return text(event);
        output.next(event);
        if (event.kind === 'discard') texts.delete(event.utteranceId);
        if (event.kind === 'modality' && event.modality === 'text') {
          if (event.available && !textAvailable) inVain = 0;
          textAvailable = event.available;
          if (!textAvailable) {
            for (const entry of due.values()) {
              entry.gathering?.unsubscribe();
              entry.gathering = undefined;
            }
            deliverAll();
          }
        }
      },
      complete: () => {
        deliverAll();
        output.complete();
      },
      dispose: () => {
        for (const entry of due.values()) {
          entry.timer?.unsubscribe();
          entry.gathering?.unsubscribe();
        }
      },
    };
  });
}

function keyOf({ final }: TextEvent): string {
  return final === null ? '' : `${final.words.length} ${final.text}`;
}
