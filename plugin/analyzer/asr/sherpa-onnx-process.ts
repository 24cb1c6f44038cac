/** Entry of the process that runs sherpa-onnx: its native code, its memory and its crashes stay here. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { FromSherpa, ToSherpa } from './sherpa-onnx-protocol.ts';
import { hypothesisOf, type SherpaResult } from './sherpa-onnx-words.ts';

const SAMPLE_RATE = 16_000;
/** What a streaming model wants to hear after the last word, to be sure of it. */
const TAIL = new Float32Array(SAMPLE_RATE * 0.6);

/** The part of npm `sherpa-onnx-node` that is used, written down here because the package is an optional peer. */
interface SherpaOnnx {
  OnlineRecognizer: new (config: object) => OnlineRecognizer;
}
interface OnlineRecognizer {
  createStream(): OnlineStream;
  isReady(stream: OnlineStream): boolean;
  decode(stream: OnlineStream): void;
  getResult(stream: OnlineStream): SherpaResult;
}
interface OnlineStream {
  acceptWaveform(waveform: { samples: Float32Array; sampleRate: number }): void;
  inputFinished(): void;
}

interface Turn {
  stream: OnlineStream;
  text: string;
}

const turns = new Map<number, Turn>();
let recogniser: OnlineRecognizer | undefined;

function send(message: FromSherpa): void {
  if (process.connected) process.send!(message);
}

process.on('message', (message: ToSherpa) => {
  switch (message.type) {
    case 'open':
      return open(message);
    case 'begin':
      turns.set(message.turn, { stream: recogniser!.createStream(), text: '' });
      return;
    case 'hear':
      return hear(message.turn, message.pcm);
    case 'finish':
      return finish(message.turn);
    case 'cancel':
      turns.delete(message.turn);
  }
});
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => undefined);

function open({ model, threads }: Extract<ToSherpa, { type: 'open' }>): void {
  try {
    const { tokens, ...network } = model;
    recogniser = new (load().OnlineRecognizer)({
      featConfig: { sampleRate: SAMPLE_RATE, featureDim: 80 },
      modelConfig: { ...network, tokens, numThreads: threads, provider: 'cpu', debug: 0 },
      decodingMethod: 'greedy_search',
      // The analyzer says where a turn ends.
      enableEndpoint: 0,
    });
    send({ type: 'opened' });
  } catch (error) {
    send({ type: 'failed', message: (error as Error).message });
  }
}

/** Beside the application that installed this plugin, or where UNDERTONE_SHERPA_ONNX points: a folder that holds it. */
function load(): SherpaOnnx {
  const elsewhere = process.env['UNDERTONE_SHERPA_ONNX'];
  const require = createRequire(elsewhere === undefined ? import.meta.url : pathToFileURL(`${elsewhere}/package.json`));
  try {
    return require('sherpa-onnx-node') as SherpaOnnx;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND') {
      throw new Error('the package sherpa-onnx-node is not installed: run `npm install sherpa-onnx-node`', {
        cause: error,
      });
    }
    throw new Error(`sherpa-onnx-node cannot be loaded: ${message.split('\n')[0]}`, { cause: error });
  }
}

function hear(id: number, samples: Float32Array): void {
  const turn = turns.get(id);
  if (turn) {
    turn.stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE });
    decode(turn);
    const hypothesis = hypothesisOf(recogniser!.getResult(turn.stream), false);
    if (hypothesis.text !== turn.text) {
      turn.text = hypothesis.text;
      send({ type: 'hypothesis', turn: id, hypothesis });
    }
  }
  send({ type: 'heard', turn: id, samples: samples.length });
}

function finish(id: number): void {
  const turn = turns.get(id);
  if (!turn) return;
  turns.delete(id);
  turn.stream.acceptWaveform({ samples: TAIL, sampleRate: SAMPLE_RATE });
  turn.stream.inputFinished();
  decode(turn);
  send({ type: 'hypothesis', turn: id, hypothesis: hypothesisOf(recogniser!.getResult(turn.stream), true) });
}

function decode({ stream }: Turn): void {
  while (recogniser!.isReady(stream)) recogniser!.decode(stream);
}
