import { AvFile, type ContainerKind } from './av-file.ts';
import type { AvFrame, AvResampler, AvStream } from './av-types.ts';
import { RecordingFileError, SAMPLE_RATE, SoundQueue, type Sound } from './sound.ts';

const SAMPLES_PER_MS = SAMPLE_RATE / 1000;
/** Smaller holes are rounding of timestamps. */
const HOLE_MS = 60;
/** Silence for a longer hole comes in several pieces. */
const MAX_SILENCE = 10 * SAMPLE_RATE;

/**
 * The sound of one track of a container, on the clock of the file: where the track begins later, or has holes, there is
 * silence, so that all tracks stay together.
 *
 * @throws RecordingFileError where the file or the track cannot be read
 */
export async function openAvSound(path: string, kind: ContainerKind, streamIndex: number): Promise<Sound> {
  const file = await AvFile.open(path, kind);
  const track = file.tracks().find(({ stream }) => stream === streamIndex);
  if (track?.kind !== 'audio') {
    await file.close();
    throw new RecordingFileError(`track ${streamIndex} is no sound`);
  }
  return new SoundQueue(track.lengthMs, pieces(file, file.stream(streamIndex)), () => file.close());
}

async function* pieces(file: AvFile, stream: AvStream): AsyncGenerator<Float32Array, void> {
  const resampler = new MonoResampler(file);
  let given = 0;
  try {
    for await (const frame of file.frames(stream)) {
      if (frame.bestEffortTimestamp !== file.av.AV_NOPTS_VALUE) {
        const due = Math.round(file.timeMs(frame.bestEffortTimestamp, stream) * SAMPLES_PER_MS);
        for (let hole = due - given; hole > HOLE_MS * SAMPLES_PER_MS; hole = due - given) {
          const silence = new Float32Array(Math.min(hole, MAX_SILENCE));
          given += silence.length;
          yield silence;
        }
      }
      const sound = resampler.take(frame);
      given += sound.length;
      if (sound.length > 0) yield sound;
    }
    yield resampler.take(null);
  } finally {
    resampler.close();
  }
}

/** Whatever a decoder gives, as 16 kHz mono. */
class MonoResampler {
  readonly #file: AvFile;
  readonly #out: AvFrame;
  #resampler: AvResampler;

  constructor(file: AvFile) {
    this.#file = file;
    this.#out = new file.av.Frame();
    this.#out.alloc();
    this.#resampler = this.#open();
  }

  /** @param frame null for what is still held back */
  take(frame: AvFrame | null): Float32Array {
    let converted = this.#convert(frame);
    if (converted < 0) {
      // The track changed its rate or its channels: that is a new stream for the resampler.
      this.#resampler.free();
      this.#resampler = this.#open();
      converted = this.#convert(frame);
    }
    const samples = this.#out.nbSamples;
    const [plane] = this.#out.data ?? [];
    const copy = new Float32Array(converted >= 0 && plane ? samples : 0);
    if (plane) for (let i = 0; i < copy.length; i += 1) copy[i] = plane.readFloatLE(i * 4);
    this.#out.unref();
    return copy;
  }

  close(): void {
    this.#out.free();
    this.#resampler.free();
  }

  #convert(frame: AvFrame | null): number {
    const { av } = this.#file;
    this.#out.unref();
    this.#out.format = av.AV_SAMPLE_FMT_FLT;
    this.#out.sampleRate = SAMPLE_RATE;
    this.#out.channelLayout = av.AV_CHANNEL_LAYOUT_MONO;
    return this.#resampler.convertFrame(this.#out, frame);
  }

  #open(): AvResampler {
    const resampler = new this.#file.av.SoftwareResampleContext();
    resampler.alloc();
    return resampler;
  }
}
