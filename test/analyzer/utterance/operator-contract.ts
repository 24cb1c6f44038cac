import test from 'node:test';
import type { OperatorFunction } from 'rxjs';
import { marbles } from './support.ts';

/** What every operator owes its source and its subscriber, whatever else it does. */
export function operatorContract<I, O>(name: string, create: () => OperatorFunction<I, O>, input: I): void {
  test(`${name} never ends when its source never does`, () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold<I>('-').pipe(create())).toBe('-');
    });
  });

  test(`${name} of an empty source is empty`, () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold<I>('|').pipe(create())).toBe('|');
    });
  });

  test(`${name} passes an error of its source on`, () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold<I>('--#').pipe(create())).toBe('--#');
    });
  });

  test(`${name} lets go of its source when it is unsubscribed`, () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot<I>('--a--', { a: input });
      expectObservable(source.pipe(create()), '-!').toBe('-');
      expectSubscriptions(source.subscriptions).toBe('^!');
    });
  });
}
