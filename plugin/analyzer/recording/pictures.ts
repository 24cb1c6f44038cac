import type { VideoDecoder, VideoFrame } from '../media/index.ts';

/** The video of one participant, decoded picture by picture. */
export interface Pictures {
  /**
   * The next picture that the decoder can show, in the order of time; undefined after the last. Its memory is the decoder's:
   * it holds until the next call. A damaged picture is passed over.
   *
   * @param untilMs pictures from then on are not decoded yet: undefined is returned, and they come later
   */
  next(untilMs: number): Promise<{ timeMs: number; frame: VideoFrame } | undefined>;
  /** Goes on near `ms`, at the key frame before it at the latest, where the file says which these are. */
  skipTo(ms: number): Promise<void>;
  close(): void;
}

/** Access units that are in memory already, in the order of time, as pictures. */
export function picturesInMemory(
  frames: readonly { timeMs: number; data: Uint8Array }[],
  decoder: VideoDecoder,
): Pictures {
  let at = 0;
  return {
    next: async (untilMs) => {
      for (; at < frames.length;) {
        const { timeMs, data } = frames[at]!;
        if (timeMs >= untilMs) return undefined;
        at += 1;
        const frame = decoder.decode(data);
        if (frame) return { timeMs, frame };
      }
      return undefined;
    },
    skipTo: async () => undefined,
    close: () => decoder.close(),
  };
}
