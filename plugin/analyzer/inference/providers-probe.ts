/**
 * Entry of the child process that tries one execution provider: opens the probe graph on it, runs it a few times and
 * sends the median to the parent. A provider may abort the process or hang; that is why it has one of its own.
 */
import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { messageOf } from './errors.ts';
import { PROBE_GRAPH, PROBE_SHAPES } from './probe-graph.ts';
import { EXECUTION_PROVIDERS, isProvider, type ProbeReply, type Provider } from './providers.ts';
import { sessionOptions } from './session-options.ts';

const TIMED_RUNS = 5;

async function probe(provider: Provider): Promise<ProbeReply> {
  const name = EXECUTION_PROVIDERS[provider];
  if (!listSupportedBackends().some((backend) => backend.name === name)) {
    return {
      ok: false,
      reason: `onnxruntime-node has no ${provider} provider for ${process.platform}-${process.arch}`,
    };
  }
  const session = await InferenceSession.create(PROBE_GRAPH, options(provider));
  const feeds = {
    a: new Tensor('float32', new Float32Array(256 * 512).fill(0.5), PROBE_SHAPES.a),
    b: new Tensor('float32', new Float32Array(512 * 512).fill(0.25), PROBE_SHAPES.b),
  };
  const expected = 0.5 * 0.25 * 0.25 * 512 * 512;
  const timesMs: number[] = [];
  for (let run = 0; run <= TIMED_RUNS; run++) {
    const startMs = performance.now();
    const { y } = await session.run(feeds);
    const value = (y?.data as Float32Array)[0] ?? Number.NaN;
    if (!(Math.abs(value / expected - 1) < 1e-2)) {
      return { ok: false, reason: `it computes wrong results (${value} where ${expected} is right)` };
    }
    // The first run compiles and allocates.
    if (run > 0) timesMs.push(performance.now() - startMs);
  }
  timesMs.sort((x, y) => x - y);
  return { ok: true, medianMs: timesMs[TIMED_RUNS >> 1]! };
}

function options(provider: Provider): InferenceSession.SessionOptions {
  const base = sessionOptions(provider, 1);
  if (provider === 'cpu') return base;
  // Without it, nodes that the provider refuses would quietly run on the CPU and the probe would prove nothing.
  return { ...base, extra: { session: { 'intra_op.allow_spinning': '0', disable_cpu_ep_fallback: '1' } } };
}

const requested = process.argv[2] ?? '';
const reply: ProbeReply = isProvider(requested)
  ? await probe(requested).catch((error: unknown) => ({ ok: false, reason: messageOf(error) }))
  : { ok: false, reason: `'${requested}' is no provider` };
// Not a plain return: GPU drivers keep threads alive that would hold the process.
process.send?.(reply, () => process.exit(0));
