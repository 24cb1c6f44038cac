/** Entry of the analyzer process: everything comes and goes over the IPC channel, media over UDP. */
import { Analyzer } from './Analyzer.ts';
import type { FromAnalyzer, ToAnalyzer } from './protocol.ts';

function send(message: FromAnalyzer, sent: () => void = () => undefined): void {
  // The channel may close while a result is on its way; `disconnect` below then ends this process.
  if (process.connected) process.send!(message, undefined, undefined, sent);
}

let analyzer: Analyzer | undefined;
let started: Promise<void> | undefined;
let closing = false;

process.on('message', (message: ToAnalyzer) => {
  if (message.type === 'init') started = start(message);
  else if (message.type === 'shutdown') void close();
  else analyzer?.handle(message);
});
// Without its host an analyzer has nobody to work for.
process.on('disconnect', () => void close());
// Ctrl+C in a terminal goes to the whole group; the host says when to end.
process.on('SIGINT', () => undefined);

async function start({ options }: Extract<ToAnalyzer, { type: 'init' }>): Promise<void> {
  const starting = new Analyzer(options, send);
  try {
    const info = await starting.start();
    analyzer = starting;
    send({ type: 'ready', info });
  } catch (error) {
    // Half of it may have started; none of it has anything to lose.
    if (!process.connected) process.exit(1);
    send({ type: 'fatal', message: (error as Error).message }, () => process.exit(1));
  }
}

async function close(): Promise<void> {
  if (closing) return;
  closing = true;
  // A start that is under way would otherwise end in an analyzer that nobody closes any more.
  await started;
  await analyzer?.close();
  if (process.connected) process.disconnect();
}
