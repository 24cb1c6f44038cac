import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import type { Span } from '../../../plugin/events/contract/v1/types.ts';
import { utterancesIn, VAD_MODEL } from './utterances-in.ts';

const ROOT = join(import.meta.dirname, '../../..');
const RECORDINGS = join(ROOT, '../shared/media/librivox');
const missing = [RECORDINGS, VAD_MODEL].find((path) => !existsSync(path));

/** Silence between recordings, longer than what closes an utterance. */
const PAUSE_MS = 1024;

interface Recording {
  pcm: Float32Array;
  /** Where the words lie in it. */
  speech: Span;
}

/** A 16 kHz, 16 bit, mono recording whose words are aligned in the JSON of the same name. */
function readRecording(name: string): Recording {
  const wav = readFileSync(join(RECORDINGS, `${name}.wav`));
  const data = wav.indexOf('data');
  const samples = new Int16Array(Uint8Array.from(wav.subarray(data + 8, data + 8 + wav.readUInt32LE(data + 4))).buffer);
  const aligned = JSON.parse(readFileSync(join(RECORDINGS, `${name}.json`), 'utf8').split('\n')[0]!) as {
    w: { b: number; d: number; t: string }[];
  };
  const words = aligned.w.filter(({ t }) => !t.startsWith('<') && !t.startsWith('['));
  const last = words.at(-1)!;
  return {
    pcm: Float32Array.from(samples, (sample) => sample / 32_768),
    speech: { startMs: words[0]!.b * 1000, endMs: (last.b + last.d) * 1000 },
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

test(
  'utterances begin and end where the speech of real recordings does',
  { skip: missing && `${missing} is missing` },
  async (t) => {
    const names = readdirSync(RECORDINGS).filter((file) => file.endsWith('.wav'));
    const truth: Span[] = [];
    const parts: Float32Array[] = [];
    let samples = 0;
    for (const name of names) {
      const { pcm, speech } = readRecording(name.slice(0, -4));
      const atMs = samples / 16;
      truth.push({ startMs: atMs + speech.startMs, endMs: atMs + speech.endMs });
      parts.push(pcm, new Float32Array(PAUSE_MS * 16));
      samples += pcm.length + PAUSE_MS * 16;
    }
    const pcm = new Float32Array(Math.ceil(samples / 512) * 512);
    let at = 0;
    for (const part of parts) {
      pcm.set(part, at);
      at += part.length;
    }

    const spans = await utterancesIn(pcm);

    assert.equal(spans.length, truth.length);
    const off = spans.flatMap((span, i) => [span.startMs - truth[i]!.startMs, span.endMs - truth[i]!.endMs]);
    const errors = off.map(Math.abs);
    t.diagnostic(`errors in ms (start, end): ${off.map(Math.round).join(' ')}`);
    assert.ok(percentile(errors, 0.5) <= 120, `median ${percentile(errors, 0.5)} ms`);
    assert.ok(percentile(errors, 0.95) <= 250, `95th percentile ${percentile(errors, 0.95)} ms`);
  },
);
