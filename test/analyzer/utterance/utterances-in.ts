import { fileURLToPath } from 'node:url';
import { VirtualTimeScheduler } from 'rxjs';
import { loadVad, VAD_FRAME_SAMPLES } from '../../../plugin/analyzer/speech/index.ts';
import { createParticipantPipeline } from '../../../plugin/analyzer/utterance/index.ts';
import type { Span } from '../../../plugin/events/contract/v1/types.ts';
import { encoder, modality } from './support.ts';

export const VAD_MODEL = fileURLToPath(new URL('../../../models/detectors/silero_vad_16k_op15.onnx', import.meta.url));

export type Judge = (pcm: Float32Array, speechProbability: number) => number;

/** What a pipeline with the real VAD makes of the sound; a judge may replace what the VAD says. */
export async function utterancesIn(pcm: Float32Array, judge: Judge = (_, p) => p): Promise<Span[]> {
  const model = await loadVad(VAD_MODEL);
  const vad = model.createVad();
  let ids = 0;
  const pipeline = createParticipantPipeline({
    participantId: 'ada',
    options: { silenceMs: 600, maxMs: 12_000, minMs: 250, transcriptGraceMs: 0, interimMs: 0 },
    encoder: encoder(),
    newId: () => `u${++ids}`,
    scheduler: new VirtualTimeScheduler(),
    now: () => 0,
  });
  const spans: Span[] = [];
  pipeline.output.subscribe((signal) => {
    if (signal.kind === 'end') spans.push(signal.span);
  });
  pipeline.input.next(modality('audio', true));
  for (let i = 0; i < pcm.length; i += VAD_FRAME_SAMPLES) {
    const frame = pcm.slice(i, i + VAD_FRAME_SAMPLES);
    const p = judge(frame, await vad.process(frame));
    pipeline.input.next({ kind: 'audio', startMs: i / 16, pcm: frame, vad: Float32Array.of(p), concealedMs: 0 });
  }
  pipeline.close('shutdown');
  await model.close();
  return spans;
}
