/** What the tests of the utterance operators share: virtual time, and inputs in few words. */
import assert from 'node:assert/strict';
import { of, type ObservableInput } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { ModalityReason } from '../../../plugin/events/contract/v1/types.ts';
import type {
  AudioInput,
  FaceInput,
  UtteranceEncoder,
  UtteranceInput,
  WordsSegment,
} from '../../../plugin/analyzer/utterance/index.ts';
import type { SpeechFrame, TimedSegment } from '../../../plugin/analyzer/utterance/StageTypes.ts';

export const FRAME_MS = 32;

/** Runs marbles under virtual time; a difference fails the test with both sides. */
export function marbles(body: Parameters<TestScheduler['run']>[0]): void {
  new TestScheduler((actual, expected) => assert.deepEqual(actual, expected)).run(body);
}

/** `probabilities.length` frames of sound from `startMs` on; louder where speech is likelier. */
export function audio(startMs: number, probabilities: readonly number[], concealedMs = 0): AudioInput {
  const pcm = new Float32Array(probabilities.length * 512);
  probabilities.forEach((p, i) => pcm.fill(p / 2, i * 512, (i + 1) * 512));
  return { kind: 'audio', startMs, pcm, vad: Float32Array.from(probabilities), concealedMs };
}

/** Sound of so many ms in messages of one frame each, all of the same speech probability. */
export function sound(startMs: number, lengthMs: number, p: number): AudioInput[] {
  return Array.from({ length: Math.round(lengthMs / FRAME_MS) }, (_, i) => audio(startMs + i * FRAME_MS, [p]));
}

/** One judged frame. */
export function frame(startMs: number, speech: boolean, sinceMs = startMs, p = speech ? 0.9 : 0.05): SpeechFrame {
  return {
    kind: 'frame',
    startMs,
    endMs: startMs + FRAME_MS,
    pcm: new Float32Array(512).fill(p),
    p,
    concealedMs: 0,
    speech,
    sinceMs: speech ? sinceMs : startMs + FRAME_MS,
  };
}

/** Judged frames of a pattern: `S` speech, `.` silence. */
export function frames(pattern: string, startMs = 0): SpeechFrame[] {
  let sinceMs = startMs;
  return [...pattern].map((mark, i) => {
    const atMs = startMs + i * FRAME_MS;
    if (mark === 'S' && pattern[i - 1] !== 'S') sinceMs = atMs;
    return frame(atMs, mark === 'S', sinceMs);
  });
}

export function face(atMs: number, quality: number | null = 0.8): FaceInput {
  return {
    kind: 'face',
    atMs,
    face: quality === null ? null : { pixels: Uint8Array.of(atMs % 256), size: 1, quality, reasons: [] },
  };
}

export function modality(
  name: 'audio' | 'video' | 'text',
  available: boolean,
  reason?: ModalityReason,
): Extract<UtteranceInput, { kind: 'modality' }> {
  return { kind: 'modality', modality: name, available, ...(reason && { reason }) };
}

type Word = [text: string, startMs: number, endMs: number];

export function segment(segmentId: string, final: boolean, words: readonly Word[]): TimedSegment {
  const timed = words.map(([text, startMs, endMs]) => ({ text, startMs, endMs }));
  return {
    kind: 'segment',
    segmentId,
    final,
    text: words.map(([text]) => text).join(' '),
    startMs: Math.min(...timed.map((word) => word.startMs)),
    endMs: Math.max(...timed.map((word) => word.endMs)),
    arrivalMs: 0,
    words: timed,
    exact: true,
  };
}

export function words(
  segmentId: string,
  text: string,
  rest: Partial<WordsSegment> = {},
): { kind: 'words'; segment: WordsSegment } {
  return { kind: 'words', segment: { participantId: 'ada', segmentId, text, final: true, ...rest } };
}

/** Tokens that tell what they were made of. */
export type TestEncoder = UtteranceEncoder<number, number, string>;

/** An encoder that answers at once, or as told: sound by its number of samples, faces by their first byte. */
export function encoder(answer: <T>(tokens: T) => ObservableInput<T> = of): TestEncoder {
  return {
    encodeAudio: (pcm) => answer(pcm.length),
    encodeFace: (pixels) => answer(pixels[0]!),
    encodeText: (text) => answer(text),
  };
}
