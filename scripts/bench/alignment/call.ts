/** A call for the benchmark: a router, an observer on it, and talkers who say what is known beforehand. */
import { setTimeout as delay } from 'node:timers/promises';
import { createWorker } from 'mediasoup';
import { createUndertone, type EmotionObserver } from '../../../plugin/index.ts';
import { sampleRelease } from '../../../server/sample/sampleRelease.ts';
import { mediaCodecs } from '../../../server/sfu/mediaCodecs.ts';
import { Talker, type TalkerOptions } from './talker.ts';

export interface CallOptions {
  talkers: readonly TalkerOptions[];
  /** Whether the words are consented to as well. */
  text: boolean;
  /** Sees the call before anything is sent. */
  begin(observer: EmotionObserver, talkers: readonly Talker[]): void;
  /** How long results may still come after the last sound. */
  lastResultsMs: number;
}

/** Plays the scripts through a mediasoup worker, the tap and the analyzer, from first sound to last result. */
export async function holdCall({ talkers: wanted, text, begin, lastResultsMs }: CallOptions): Promise<Talker[]> {
  const worker = await createWorker({ logLevel: 'error' });
  const undertone = await createUndertone();
  const talkers: Talker[] = [];
  try {
    const router = await worker.createRouter({ mediaCodecs: [...mediaCodecs] });
    const observer = await undertone.attachRouter(router, {
      roomId: 'alignment',
      resolveParticipant: (producer) => producer.appData['participantId'] as string | undefined,
    });
    for (const options of wanted) {
      observer.consent.set(
        options.participantId,
        { audio: true, video: false, text },
        { by: 'host', release: sampleRelease() },
      );
      talkers.push(await Talker.open(router, options, 1000 + 2 * talkers.length));
    }
    begin(observer, talkers);
    for (const talker of talkers) talker.start();
    await Promise.all(talkers.map(({ ended }) => ended));
    await delay(lastResultsMs);
    return talkers;
  } finally {
    for (const talker of talkers) talker.close();
    await undertone.close();
    worker.close();
  }
}
