import assert from 'node:assert/strict';
import test from 'node:test';
import { parseOpus } from '../../../plugin/analyzer/rtp/index.ts';
import { rmsDbfs } from '../../../plugin/analyzer/speech/index.ts';
import { run } from '../../../scripts/bench/alignment.ts';
import { LossyLink } from '../../../scripts/bench/alignment/lossy-link.ts';
import { encodeOpus } from '../../../scripts/bench/alignment/opus.ts';
import { readMaterial, SAMPLE, type Material } from '../../../scripts/bench/alignment/recordings.ts';
import { writeScript } from '../../../scripts/bench/alignment/script.ts';
import { quantile } from '../../../scripts/bench/shared/statistics.ts';

const options = { seed: 3, pauseMs: [700, 900] as const };

/** Sound between two times of it, ms at 16 kHz. */
function between(pcm: Float32Array, startMs: number, endMs: number): Float32Array {
  return pcm.subarray(Math.round(startMs * 16), Math.round(endMs * 16));
}

test('the sample call gives phrases whose words lie where there is sound', async () => {
  const { source, phrases } = await readMaterial(SAMPLE);
  assert.equal(source, 'sample call');
  assert.ok(phrases.length >= 6, `${phrases.length} phrases`);
  for (const { pcm, words } of phrases) {
    words.forEach((word, i) => {
      assert.ok(word.endMs > word.startMs && word.startMs >= (words[i - 1]?.endMs ?? 0), word.text);
      assert.ok(rmsDbfs(between(pcm, word.startMs, word.endMs)) > -50, `'${word.text}' is heard`);
    });
  }
});

test('a script says each phrase once, with pauses as long as asked for, and is the same for the same seed', async () => {
  const material = await readMaterial(SAMPLE);
  const script = writeScript(material, options);
  assert.deepEqual(script.lines.map(({ name }) => name).sort(), material.phrases.map(({ name }) => name).sort());
  script.lines.forEach(({ startMs, endMs, words }, i) => {
    assert.equal(startMs, words[0]!.startMs);
    assert.equal(endMs, words.at(-1)!.endMs);
    if (i > 0) assert.ok(startMs - script.lines[i - 1]!.endMs >= 700);
    assert.ok(rmsDbfs(between(script.pcm, startMs, endMs)) > -45, 'somebody speaks there');
  });
  assert.deepEqual(writeScript(material, options), script);
  assert.notDeepEqual(writeScript(material, { ...options, seed: 4 }).lines, script.lines);
});

test('what is encoded for a lossy network carries the packet before once more', async () => {
  const { phrases } = await readMaterial(SAMPLE);
  const infos = encodeOpus(phrases[0]!.pcm, 0.05).map((packet) => parseOpus(packet)!);
  assert.ok(infos.every(({ durationTicks }) => durationTicks === 960));
  assert.ok(infos.filter(({ fec }) => fec).length > infos.length / 2);
});

test('a lossy link loses its share, holds packets up for up to twice the jitter, and does the same in every run', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const pass = (): { order: number[]; lost: number } => {
    const order: number[] = [];
    const link = new LossyLink({ loss: 0.05, jitterMs: 30, seed: 9 }, (datagram) =>
      order.push(datagram.readUInt16BE()),
    );
    for (let i = 0; i < 2000; i += 1) {
      const datagram = Buffer.alloc(2);
      datagram.writeUInt16BE(i);
      link.send(datagram);
      t.mock.timers.tick(20);
    }
    t.mock.timers.tick(60);
    return { order, lost: link.lost };
  };
  const first = pass();
  assert.ok(first.lost > 60 && first.lost < 140, `${first.lost} of 2000 are lost`);
  assert.equal(first.order.length, 2000 - first.lost);
  assert.ok(
    first.order.some((value, i) => i > 0 && value < first.order[i - 1]!),
    'some overtake others',
  );
  // Sent 20 ms apart and held up for less than 60 ms.
  first.order.forEach((value, i) => assert.ok(Math.max(...first.order.slice(Math.max(0, i - 9), i), 0) - value <= 3));
  assert.deepEqual(pass(), first);
});

test('a quantile is a value that so many do not exceed', () => {
  const values = [5, 1, 4, 2, 3];
  assert.deepEqual(
    [0, 0.2, 0.5, 0.95, 1].map((share) => quantile(values, share)),
    [1, 1, 3, 5, 5],
  );
  assert.ok(Number.isNaN(quantile([], 0.5)));
});

test('the benchmark refuses parts and folders that there are not, naming them', async () => {
  const tried = (...args: string[]) => run({ args, progress: () => {} });
  await assert.rejects(tried('--only', 'words,faces'), { name: 'TypeError', message: /--only: 'faces'.*boundaries/ });
  await assert.rejects(tried('--material', '/nowhere'), { name: 'TypeError', message: /--material: '\/nowhere'/ });
});

test('material without a room to fill the pauses with is silent in them', () => {
  const pcm = new Float32Array(1600).fill(0.1);
  const material: Material = {
    source: 'test',
    phrases: [{ name: 'a', pcm, words: [{ text: 'a', startMs: 0, endMs: 100 }] }],
    room: new Float32Array(160),
  };
  const script = writeScript(material, { ...options, leadMs: 500 });
  assert.equal(rmsDbfs(between(script.pcm, 0, 500)), -96);
  assert.equal(script.lines[0]!.startMs, 500);
});
