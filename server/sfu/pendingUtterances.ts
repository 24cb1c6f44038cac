import type { EmotionObserver } from '../../plugin/observer/EmotionObserverTypes.ts';

export interface PendingUtterances {
  /** Resolves when every utterance begun so far has its final result, at the latest after `maxMs`. */
  settled(maxMs: number): Promise<void>;
}

/** Keeps count of the utterances of a room that have begun and have no final result. */
export function pendingUtterances(observer: EmotionObserver): PendingUtterances {
  const open = new Set<string>();
  let notify: () => void = () => undefined;
  const done = (utteranceId: string) => {
    open.delete(utteranceId);
    if (open.size === 0) notify();
  };
  observer.on('utterance.start', ({ utteranceId }) => open.add(utteranceId));
  observer.on('emotion.final', ({ utteranceId }) => done(utteranceId));
  observer.on('emotion.retracted', ({ utteranceIds }) => utteranceIds.forEach(done));
  return {
    settled: (maxMs) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, maxMs);
      notify = resolve;
      observer.once('@close', resolve);
      if (open.size === 0) resolve();
      return promise.finally(() => clearTimeout(timer));
    },
  };
}
