import { AsyncSubject, catchError, defer, map, of, take, throwIfEmpty, timeout } from 'rxjs';
import type { Observable, ObservableInput, SchedulerLike, Subscription } from 'rxjs';
import type { ModalityReason } from '../../events/contract/v1/types.ts';

export type Outcome<T> = { ok: true; tokens: T } | { ok: false; reason: ModalityReason };

/** Something that will come to an outcome. */
export interface Pending {
  readonly outcome: unknown;
  readonly settled: Observable<unknown>;
}

export interface EncodingOptions {
  /** An encoder that takes longer has failed. */
  waitMs: number;
  scheduler: SchedulerLike;
  /** Called when it has failed, not when it is cancelled. */
  onFailure: () => void;
}

/** One request to the encoder, made at once. It always comes to an outcome: a failure is one, and so is taking too long. */
export class Encoding<T> implements Pending {
  readonly settled: Observable<Outcome<T>>;
  readonly #subject = new AsyncSubject<Outcome<T>>();
  readonly #subscription: Subscription;
  #outcome: Outcome<T> | undefined;

  constructor(request: () => ObservableInput<T>, { waitMs, scheduler, onFailure }: EncodingOptions) {
    this.settled = this.#subject;
    this.#subscription = defer(request)
      .pipe(
        take(1),
        throwIfEmpty(),
        map((tokens): Outcome<T> => ({ ok: true, tokens })),
        timeout({ first: waitMs, scheduler }),
        catchError((error: unknown) => {
          onFailure();
          return of<Outcome<T>>({ ok: false, reason: reasonOf(error) });
        }),
      )
      .subscribe((outcome) => this.#settle(outcome));
  }

  /** The outcome, where it is there already. */
  get outcome(): Outcome<T> | undefined {
    return this.#outcome;
  }

  /** Lets go of the request; who waits for it is told that it failed. */
  cancel(): void {
    this.#subscription.unsubscribe();
    this.#settle({ ok: false, reason: 'overload' });
  }

  #settle(outcome: Outcome<T>): void {
    if (this.#outcome) return;
    this.#outcome = outcome;
    this.#subject.next(outcome);
    this.#subject.complete();
  }
}

/** What would not fit or would have worked at another time is overload; anything else does not work here at all. */
function reasonOf(error: unknown): ModalityReason {
  const { retryable, code } = (error ?? {}) as { retryable?: unknown; code?: unknown };
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  return isTimeout || retryable === true || code === 'overloaded' ? 'overload' : 'decoder-unavailable';
}
