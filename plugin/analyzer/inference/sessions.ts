import { InferenceSession, Tensor } from 'onnxruntime-node';
import { InferenceError, messageOf } from './errors.ts';
import type { GraphName, ModelFolder } from './model-folder.ts';
import type { Provider } from './providers.ts';
import { sessionOptions } from './session-options.ts';

type TensorType = 'float32' | 'int32' | 'uint8';
interface Signature {
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
}

const WORDS = { input_ids: 'int32', attention_mask: 'int32' } as const;
/** Where the text tower is the label encoder as well. */
const TEXT_AND_LABEL: Signature = { inputs: WORDS, outputs: { tokens: 'float32', pooled: 'float32' } };

/** Names and types that each graph must have; models/README.md gives the shapes. */
const SIGNATURES: Readonly<Record<GraphName, Signature>> = {
  text: { inputs: WORDS, outputs: { tokens: 'float32' } },
  label: { inputs: WORDS, outputs: { pooled: 'float32' } },
  audio: { inputs: { pcm: 'float32', samples: 'int32' }, outputs: { tokens: 'float32', token_mask: 'int32' } },
  vision: { inputs: { faces: 'uint8' }, outputs: { tokens: 'float32' } },
  fusion: {
    inputs: {
      text: 'float32',
      text_mask: 'int32',
      audio: 'float32',
      audio_mask: 'int32',
      vision: 'float32',
      vision_mask: 'int32',
      labels: 'float32',
      label_mask: 'int32',
    },
    outputs: { logits: 'float32' },
  },
};

interface TensorData {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
  readonly uint8: Uint8Array;
}

/** One input: its type, its values in row-major order, its shape. */
export type Feed = {
  [T in TensorType]: { readonly type: T; readonly data: TensorData[T]; readonly dims: readonly number[] };
}[TensorType];

/** The open graphs. `run` blocks the thread that it is called on, so it belongs on a thread of its own. */
export interface Sessions {
  /** @returns the outputs by name; throws `run-failed` */
  run(graph: GraphName, feeds: Readonly<Record<string, Feed>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

/**
 * Opens the graphs of a folder on one provider.
 *
 * @throws {InferenceError} `model-folder` where a graph cannot be opened or is not the graph that its name says
 */
export async function openSessions(folder: ModelFolder, provider: Provider, threads: number): Promise<Sessions> {
  const sessions = new Map<GraphName, InferenceSession>();
  const release = async () => {
    for (const session of sessions.values()) await session.release();
    sessions.clear();
  };
  try {
    for (const [graph, bytes] of folder.graphs) {
      sessions.set(graph, await openGraph(folder, graph, bytes, provider, threads));
    }
  } catch (error) {
    await release();
    throw error;
  }
  return {
    async run(graph, feeds) {
      const session = sessions.get(graph);
      if (!session) throw new InferenceError('closed', 'The inference sessions are closed.');
      const tensors = Object.entries(feeds).map(([name, feed]) => [name, toTensor(feed)] as const);
      try {
        return await session.run(Object.fromEntries(tensors));
      } catch (cause) {
        throw new InferenceError('run-failed', `The ${graph} graph failed on ${provider}: ${messageOf(cause)}`, {
          cause,
        });
      }
    },
    release,
  };
}

async function openGraph(
  folder: ModelFolder,
  graph: GraphName,
  bytes: Uint8Array,
  provider: Provider,
  threads: number,
): Promise<InferenceSession> {
  const wrong = (what: string, cause?: unknown) =>
    new InferenceError('model-folder', `Model folder ${folder.path}: ${folder.manifest[graph]?.file}: ${what}.`, {
      cause,
    });
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(bytes, sessionOptions(provider, threads));
  } catch (cause) {
    throw wrong(`onnxruntime cannot open it on ${provider} (${messageOf(cause).split('\n', 1)[0]})`, cause);
  }
  const { inputs, outputs } = graph === 'text' && !folder.graphs.has('label') ? TEXT_AND_LABEL : SIGNATURES[graph];
  const problem =
    mismatch('input', inputs, session.inputMetadata) ?? mismatch('output', outputs, session.outputMetadata);
  if (problem === undefined) return session;
  await session.release();
  throw wrong(`it is not a ${graph} graph of this format: ${problem}; export the model again`);
}

function mismatch(
  side: 'input' | 'output',
  expected: Readonly<Record<string, TensorType>>,
  actual: readonly InferenceSession.ValueMetadata[],
): string | undefined {
  const types = new Map(actual.map((value) => [value.name, value.isTensor ? value.type : 'no tensor']));
  for (const [name, type] of Object.entries(expected)) {
    const found = types.get(name);
    if (found === undefined) return `${side} '${name}' is missing`;
    if (found !== type) return `${side} '${name}' is ${found} where ${type} is expected`;
  }
  if (side === 'output') return undefined;
  const extra = [...types.keys()].find((name) => !(name in expected));
  return extra === undefined ? undefined : `input '${extra}' is not known`;
}

function toTensor(feed: Feed): Tensor {
  switch (feed.type) {
    case 'float32':
      return new Tensor('float32', feed.data, feed.dims);
    case 'int32':
      return new Tensor('int32', feed.data, feed.dims);
    case 'uint8':
      return new Tensor('uint8', feed.data, feed.dims);
  }
}
