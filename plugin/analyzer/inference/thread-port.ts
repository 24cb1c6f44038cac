import { parentPort } from 'node:worker_threads';
import { buffersOf, type FromThread, type ToThread } from './inference-thread-protocol.ts';

/** The inference side's end of the line to its host. */
export interface ThreadPort {
  send(message: FromThread): void;
  onMessage(listener: (message: ToThread) => void): void;
  /** Lets the thread or process end by itself. */
  close(): void;
}

/** Connects to whoever started this: a host thread, or a parent process over IPC. */
export function connectToHost(): ThreadPort {
  const port = parentPort;
  if (port) {
    return {
      send: (message) => port.postMessage(message, buffersOf(message)),
      onMessage: (listener) => port.on('message', listener),
      close: () => port.close(),
    };
  }
  if (!process.send) throw new Error('this file is started by InferenceClient, not by hand');
  // Ctrl-C in a terminal reaches every process of the group; the parent decides when this one ends.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit(0));
  return {
    send: (message) => void process.send!(message),
    onMessage: (listener) => process.on('message', (message) => listener(message as ToThread)),
    close: () => process.disconnect(),
  };
}
