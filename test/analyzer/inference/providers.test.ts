import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import {
  chooseProvider,
  InferenceClient,
  InferenceError,
  probeProviders,
  type ProbeResult,
  type Provider,
} from '../../../plugin/analyzer/inference/index.ts';
import { TINY_MODEL } from './fixtures/paths.ts';

/** Chromium's software Vulkan, where Chromium is installed: slow, but a GPU to whoever asks for one. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

const working = (provider: Provider, medianMs: number): ProbeResult => ({ provider, available: true, medianMs });
const broken = (provider: Provider, reason: string): ProbeResult => ({ provider, available: false, reason });
const answering = (...results: ProbeResult[]) => {
  return (asked: readonly Provider[]) => Promise.resolve(results.filter((r) => asked.includes(r.provider)));
};

test('the CPU provider passes its probe, and what does not work gives a reason on one line', async () => {
  const results = await probeProviders(['cpu', 'cuda']);
  const [cpu, cuda] = results;
  assert.ok(cpu!.available && cpu!.medianMs > 0);
  assert.equal(cuda!.provider, 'cuda');
  if (!cuda!.available) assert.match(cuda!.reason, /^[^\n]{3,300}$/);
});

test('a probe that does not answer in time is ended and reported', async () => {
  const [result] = await probeProviders(['cpu'], { timeoutMs: 1 });
  assert.deepEqual(result, { provider: 'cpu', available: false, reason: 'no answer within 1 ms' });
});

test('cpu needs no probe', async () => {
  const choice = await chooseProvider('cpu', () => assert.fail('it probed'));
  assert.deepEqual(choice, { provider: 'cpu', why: 'asked for' });
});

test('auto takes the fastest that works and says why the others were not taken', async () => {
  const results = [working('cpu', 4), working('cuda', 0.3), broken('tensorrt', 'no library'), working('webgpu', 60)];
  const choice = await chooseProvider('auto', answering(...results));
  assert.equal(choice.provider, 'cuda');
  assert.match(choice.why, /fastest that works here, 0\.3 ms .*cpu: 4\.0 ms .*tensorrt: no library.*webgpu: 60\.0 ms/);
});

test('auto stays on the CPU where a GPU is only a little faster', async () => {
  const choice = await chooseProvider('auto', answering(working('cpu', 4), working('webgpu', 3)));
  assert.equal(choice.provider, 'cpu');
});

test('a provider that was asked for and does not work: what, why, what to do, what is allowed', async () => {
  const asked = chooseProvider('cuda', answering(broken('cuda', 'the library libx.so is not installed')));
  await assert.rejects(asked, (error: unknown) => {
    assert.ok(error instanceof InferenceError && error.code === 'provider-unavailable');
    assert.match(error.message, /'cuda' was asked for but does not work on this machine: the library libx\.so is not/);
    assert.match(error.message, /install the NVIDIA driver.*set provider to 'auto' or 'cpu'/);
    assert.match(error.message, /allowed are auto, cpu, cuda, tensorrt, webgpu/);
    return true;
  });
});

test('a provider that nobody knows is answered with those that are known', async () => {
  await assert.rejects(chooseProvider('rocm'), /'rocm' is not known; allowed are auto, cpu, cuda, tensorrt, webgpu/);
  await assert.rejects(chooseProvider('constructor'), /is not known/);
});

suite('WebGPU on a software adapter', { skip: existsSync(SWIFTSHADER) ? false : 'Chromium is not installed' }, () => {
  const icdFiles = process.env['VK_ICD_FILENAMES'];
  before(() => {
    process.env['VK_ICD_FILENAMES'] = SWIFTSHADER;
  });
  after(() => {
    if (icdFiles === undefined) delete process.env['VK_ICD_FILENAMES'];
    else process.env['VK_ICD_FILENAMES'] = icdFiles;
  });

  test('passes its probe, is not chosen by auto, and scores as the CPU does in a process of its own', async (t) => {
    const results = await probeProviders(['cpu', 'webgpu']);
    const gpu = results[1]!;
    if (!gpu.available) return t.skip(gpu.reason);
    assert.equal((await chooseProvider('auto', answering(...results))).provider, 'cpu');

    const scores = [];
    for (const provider of ['webgpu', 'cpu']) {
      const client = new InferenceClient({ modelDir: TINY_MODEL, provider });
      const info = await client.start();
      assert.equal(info.provider, provider);
      assert.equal(info.isolation, provider === 'cpu' ? 'thread' : 'process');
      const text = await client.encodeText('I am so happy!');
      scores.push((await client.fuse({ text })).labels);
      await client.close();
    }
    const [onGpu, onCpu] = scores;
    assert.deepEqual(
      onGpu!.map(({ name }) => name),
      onCpu!.map(({ name }) => name),
    );
    onGpu!.forEach(({ p }, i) => assert.ok(Math.abs(p - onCpu![i]!.p) < 1e-4));
  });
});
