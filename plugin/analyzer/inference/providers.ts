import { fork } from 'node:child_process';
import { entryUrl } from './entry-url.ts';
import { InferenceError } from './errors.ts';

/** Execution providers, in the order in which ties are decided. */
export const PROVIDERS = ['cpu', 'cuda', 'tensorrt', 'webgpu'] as const;
export type Provider = (typeof PROVIDERS)[number];
/** `auto` is the fastest one that works here. */
export type ProviderRequest = 'auto' | Provider;

/** What onnxruntime calls each provider. */
export const EXECUTION_PROVIDERS: Readonly<Record<Provider, string>> = Object.freeze({
  cpu: 'cpu',
  cuda: 'cuda',
  tensorrt: 'tensorrt',
  webgpu: 'webgpu',
});

/** What to do where a provider was asked for and does not work. */
const REMEDIES: Readonly<Record<Provider, string>> = Object.freeze({
  cpu: 'reinstall onnxruntime-node for this platform',
  cuda: "install the NVIDIA driver, CUDA 13 and cuDNN 9, and let onnxruntime-node's install script fetch its CUDA libraries (UNDERTONE_CUDA=1 in this project's setup)",
  tensorrt:
    "install CUDA 13 and TensorRT, and let onnxruntime-node's install script fetch its TensorRT library (UNDERTONE_CUDA=1 in this project's setup)",
  webgpu:
    'install a Vulkan driver for the GPU (on Debian: mesa-vulkan-drivers 25 or newer, or the driver of the vendor)',
});

/** The model's graphs are many small operators, each with a way to the GPU that the probe's three do not show. */
const GPU_MARGIN = 2;
const PROBE_TIMEOUT_MS = 30_000;
const MAX_STDERR_CHARS = 16_384;

export type ProbeReply = { ok: true; medianMs: number } | { ok: false; reason: string };
export type ProbeResult = { readonly provider: Provider } & (
  { readonly available: true; readonly medianMs: number } | { readonly available: false; readonly reason: string }
);

export interface ProviderChoice {
  readonly provider: Provider;
  /** One clause, for logs and `doctor`. */
  readonly why: string;
}

export function isProvider(name: string): name is Provider {
  return (PROVIDERS as readonly string[]).includes(name);
}

/**
 * Tries providers on this machine, each alone in a child process of its own, one after the other so that the timings
 * are not of each other's load. Providers that do not work are results, not errors.
 */
export async function probeProviders(
  providers: readonly Provider[] = PROVIDERS,
  { timeoutMs = PROBE_TIMEOUT_MS, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<ProbeResult[]> {
  const results: ProbeResult[] = [];
  for (const provider of providers) {
    results.push(
      signal?.aborted
        ? { provider, available: false, reason: 'probing was cancelled' }
        : await probeProvider(provider, timeoutMs, signal),
    );
  }
  return results;
}

/**
 * Decides what inference runs on.
 *
 * @param requested the configuration's word; anything may come in, so it is checked here
 * @throws {InferenceError} `provider-unavailable` where a provider was asked for by name and does not work here
 */
export async function chooseProvider(
  requested: string,
  probe: (providers: readonly Provider[]) => Promise<ProbeResult[]> = probeProviders,
): Promise<ProviderChoice> {
  if (requested === 'cpu') return { provider: 'cpu', why: 'asked for' };
  if (requested === 'auto') return fastest(await probe(PROVIDERS));
  const allowed = `allowed are auto, ${PROVIDERS.join(', ')}`;
  if (!isProvider(requested)) {
    throw new InferenceError('provider-unavailable', `provider: '${requested}' is not known; ${allowed}.`);
  }
  const [result] = await probe([requested]);
  if (result?.available) return { provider: requested, why: `asked for; ${timing(result)}` };
  throw new InferenceError(
    'provider-unavailable',
    `provider: '${requested}' was asked for but does not work on this machine: ${result?.reason ?? 'it was not tried'}. ` +
      `To use it, ${REMEDIES[requested]}; or set provider to 'auto' or 'cpu' (${allowed}).`,
  );
}

function fastest(results: readonly ProbeResult[]): ProviderChoice {
  const cost = (result: { provider: Provider; medianMs: number }) =>
    result.medianMs * (result.provider === 'cpu' ? 1 : GPU_MARGIN);
  const working = results.filter((result) => result.available).sort((a, b) => cost(a) - cost(b));
  const best = working[0];
  const others = results.filter((result) => result.provider !== best?.provider);
  const rest = others.map((o) => `${o.provider}: ${o.available ? timing(o) : o.reason}`).join('; ');
  // Nothing worked, the CPU included: go on with it, so that opening the real model says what is wrong.
  if (!best) return { provider: 'cpu', why: `no provider passed its probe (${rest})` };
  return { provider: best.provider, why: `fastest that works here, ${timing(best)}${rest && ` (${rest})`}` };
}

function timing({ medianMs }: { medianMs: number }): string {
  return `${medianMs.toFixed(1)} ms a probe`;
}

function probeProvider(provider: Provider, timeoutMs: number, signal?: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const child = fork(entryUrl('./providers-probe', import.meta.url), [provider], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      signal,
      killSignal: 'SIGKILL',
    });
    let reply: ProbeReply | undefined;
    let stderr = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(0, MAX_STDERR_CHARS);
    });
    child.on('message', (message) => (reply = message as ProbeReply));
    child.on('error', (error) => (reply ??= { ok: false, reason: error.message }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (reply?.ok) return resolve({ provider, available: true, medianMs: reply.medianMs });
      const ended = timedOut ? `no answer within ${timeoutMs} ms` : `the probe ended with ${signal ?? `code ${code}`}`;
      resolve({ provider, available: false, reason: explain(reply?.reason ?? ended, stderr) });
    });
  });
}

/** The cause is on stderr in one known shape for CUDA and TensorRT; what is thrown says only that loading failed. */
function explain(reason: string, stderr: string): string {
  const library = /(lib[\w.+-]+\.so[\w.]*): cannot open shared object file/.exec(stderr)?.[1];
  if (library) return `the library ${library} is not installed`;
  if (/No supported adapters/.test(reason)) return 'there is no GPU adapter with a Vulkan driver';
  return reason.split('\n', 1)[0]!.slice(0, 300).replace(/\.$/, '');
}
