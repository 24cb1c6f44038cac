import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';

/** The state of one subscription to an operator. */
export interface Stage<I> {
  next(value: I): void;
  /** The source has ended: emit what is left. @default the output completes at once */
  complete?(): void;
  /** The subscription is over, whatever the reason. */
  dispose?(): void;
}

/** Makes an operator of a state machine: a fresh one per subscription, errors forwarded, state let go in the end. */
export function stage<I, O>(create: (output: Subscriber<O>) => Stage<I>): OperatorFunction<I, O> {
  return (source) =>
    new Observable<O>((output) => {
      const state = create(output);
      output.add(() => state.dispose?.());
      const guarded = (act: () => void): void => {
        try {
          act();
        } catch (error) {
          output.error(error);
        }
      };
      output.add(
        source.subscribe({
          next: (value) => guarded(() => state.next(value)),
          error: (error: unknown) => output.error(error),
          complete: () => guarded(() => (state.complete ? state.complete() : output.complete())),
        }),
      );
    });
}
