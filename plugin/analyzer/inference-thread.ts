/**
 * Entry of the thread, or of the child process for a GPU, that owns the ONNX sessions. Running a graph blocks it, so
 * nothing else lives here. It is asked to close and never terminated: ending it inside a run aborts the process.
 */
import { InferenceEngine } from './inference/engine.ts';
import { InferenceError, messageOf } from './inference/errors.ts';
import type {
  FailedMessage,
  FromThread,
  OpenMessage,
  RunMessage,
  ToThread,
  Work,
  WorkKind,
} from './inference/inference-thread-protocol.ts';
import { connectToHost } from './inference/thread-port.ts';

const host = connectToHost();
let engine: InferenceEngine | undefined;
let last = Promise.resolve();

host.onMessage((message) => {
  // One after the other: the sessions are not made for two runs at once.
  last = last.then(() => handle(message));
});

async function handle(message: ToThread): Promise<void> {
  switch (message.type) {
    case 'open':
      return host.send(await open(message));
    case 'run':
      return host.send(await run(message));
    case 'close':
      await engine?.close();
      engine = undefined;
      host.send({ type: 'closed' });
      return host.close();
  }
}

async function open(options: OpenMessage): Promise<FromThread> {
  try {
    engine = await InferenceEngine.open(options);
    return { type: 'opened', manifest: engine.manifest, labelSets: engine.labelSets };
  } catch (error) {
    return failed(error);
  }
}

async function run(message: RunMessage): Promise<FromThread> {
  const startMs = performance.now();
  try {
    if (!engine) throw new InferenceError('closed', 'The model is not open.');
    const results = await handlers(engine)[message.kind](message.requests as never);
    return { type: 'done', id: message.id, results, inferMs: performance.now() - startMs };
  } catch (error) {
    return failed(error, message.id);
  }
}

type Handlers = { [K in WorkKind]: (requests: readonly Work[K]['request'][]) => Promise<Work[K]['result'][]> };

function handlers(open: InferenceEngine): Handlers {
  return {
    text: (texts) => open.encodeTexts(texts),
    audio: (chunks) => open.encodeAudio(chunks),
    face: (crops) => open.encodeFaces(crops),
    fuse: (requests) => open.fuse(requests),
    labels: async (definitions) => {
      for (const definition of definitions) await open.defineLabels(definition);
      return definitions.map(() => null);
    },
  };
}

function failed(error: unknown, id?: number): FailedMessage {
  const code = error instanceof InferenceError ? error.code : 'run-failed';
  return { type: 'failed', id, error: { code, message: messageOf(error) } };
}
