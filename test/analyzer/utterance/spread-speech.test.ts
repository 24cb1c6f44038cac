import assert from 'node:assert/strict';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { of } from 'rxjs';
import { loadVad, VAD_FRAME_SAMPLES } from '../../../plugin/analyzer/speech/index.ts';
import { audioFrames } from '../../../plugin/analyzer/utterance/audio-frames.ts';
import { markSpeech } from '../../../plugin/analyzer/utterance/mark-speech.ts';
import type { TimedWord } from '../../../plugin/analyzer/utterance/StageTypes.ts';
import { timeWords } from '../../../plugin/analyzer/utterance/time-words.ts';
import type { UtteranceInput } from '../../../plugin/analyzer/utterance/index.ts';
import { readWav } from '../../../plugin/analyzer/recording/index.ts';
import { readRecording } from '../../../server/sample/index.ts';
import { sampleWav } from '../../support/sample-wav.ts';
import { words } from './support.ts';

const VAD = fileURLToPath(new URL('../../../models/detectors/silero_vad_16k_op15.onnx', import.meta.url));

test('words of two sentences without word times are put where they are said in a real voice, whatever lies between', async () => {
  const { speakers, cues } = await readRecording();
  const model = await loadVad(VAD);
  const errors: number[] = [];
  for (const { id, displayName } of speakers) {
    const whole = await readWav(await sampleWav(id));
    const pcm = whole.subarray(0, whole.length - (whole.length % VAD_FRAME_SAMPLES));
    const vad = model.createVad();
    const probabilities = new Float32Array(pcm.length / VAD_FRAME_SAMPLES);
    for (let i = 0; i < probabilities.length; i += 1) {
      probabilities[i] = await vad.process(pcm.subarray(i * VAD_FRAME_SAMPLES, (i + 1) * VAD_FRAME_SAMPLES));
    }
    const sound: UtteranceInput = { kind: 'audio', startMs: 0, pcm, vad: probabilities, concealedMs: 0 };
    const own = cues.filter(({ speaker }) => speaker === displayName);
    for (const [i, second] of own.entries()) {
      const first = own[i - 1];
      if (!first) continue;
      const said = [...first.words!, ...second.words!];
      const text = said.map((word) => word.text).join(' ');
      let placed: readonly TimedWord[] = [];
      of<UtteranceInput[]>(sound, words('s', text, { startMs: first.startMs, endMs: second.endMs }))
        .pipe(
          audioFrames(),
          markSpeech(),
          timeWords(() => 0),
        )
        .subscribe((input) => {
          if (input.kind === 'segment') placed = input.words;
        });
      errors.push(...said.map(({ startMs }, at) => Math.abs(placed[at]!.startMs - startMs)));
    }
  }
  await model.close();
  errors.sort((a, b) => a - b);
  const at = (share: number) => errors[Math.floor(errors.length * share)]!;
  // Spread evenly over the segment, with its pauses, one in twenty is off by more than four seconds.
  assert.ok(
    at(0.5) < 120 && at(0.95) < 400,
    `${Math.round(at(0.5))} ms in the median, ${Math.round(at(0.95))} ms at 95 %`,
  );
});
