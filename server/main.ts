/** Runs the server: `npm start`. */
import { banner } from './banner.ts';
import { parseArguments, USAGE } from './config/arguments.ts';
import { withoutSecrets } from './config/check.ts';
import { ConfigError } from './config/ConfigError.ts';
import { loadConfig } from './config/loadConfig.ts';
import { createServer, type Server } from './createServer.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Ends the process with the first signal, in good order; with the second, at once. */
function closeOnSignal(): { use(server: Server): void } {
  let server: Server | undefined;
  let closing = false;
  const close = () => {
    // Before there is a server nobody is in a call; the children end with their pipes.
    if (closing || !server) process.exit(closing ? 1 : 130);
    closing = true;
    const { shutdownMs } = server.config;
    setTimeout(() => {
      console.error(`undertone: not everything ended within ${shutdownMs} ms; ended anyway`);
      process.exit(1);
    }, shutdownMs).unref();
    server.close().then(
      () => process.exit(0),
      (error: Error) => {
        console.error(`undertone: ${error.message}`);
        process.exit(1);
      },
    );
  };
  // Registered before mediasoup's own listeners, which would close the workers before the clients are told.
  for (const signal of SIGNALS) process.on(signal, close);
  return {
    use(started) {
      server = started;
    },
  };
}

async function main(args: readonly string[]): Promise<void> {
  const { help, printConfig, file, overrides } = parseArguments(args);
  if (help) {
    console.log(USAGE);
    return;
  }
  const config = loadConfig({ file, overrides });
  if (printConfig) {
    console.log(JSON.stringify(withoutSecrets(config), null, 2));
    return;
  }
  const signals = closeOnSignal();
  const server = await createServer(config);
  signals.use(server);
  try {
    await server.listen();
  } catch (error) {
    await server.close();
    throw error;
  }
  console.log(banner(server));
}

main(process.argv.slice(2)).catch((error: Error) => {
  if (error instanceof ConfigError) console.error(`undertone: the configuration cannot be used\n${error.message}`);
  else console.error(`undertone: ${error.message}`);
  process.exit(error instanceof ConfigError ? 2 : 1);
});
