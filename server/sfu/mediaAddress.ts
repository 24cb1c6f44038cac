import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { ConfigError } from '../config/ConfigError.ts';
import type { Config } from '../config/schema.ts';

const WILDCARDS = new Set(['0.0.0.0', '::']);

export interface MediaAddress {
  listen: string;
  /** What browsers are told, when it is not `listen`. */
  announced?: string;
}

function outwardAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

/**
 * Where media is received, and where browsers are told to send it.
 * @throws ConfigError when the host cannot be resolved, or listens everywhere and has no address to announce
 */
export async function mediaAddress(config: Pick<Config, 'host' | 'announcedAddress' | 'rtc'>): Promise<MediaAddress> {
  let listen = config.rtc.listenAddress ?? config.host;
  if (isIP(listen) === 0) {
    try {
      ({ address: listen } = await lookup(listen, { family: 4 }));
    } catch {
      const message = `${JSON.stringify(listen)} has no address; give an IP address or a host name that resolves`;
      throw new ConfigError([{ key: 'host', from: 'configuration', message }]);
    }
  }
  if (config.announcedAddress) return { listen, announced: config.announcedAddress };
  if (!WILDCARDS.has(listen)) return { listen };
  const announced = outwardAddress();
  if (announced === undefined) {
    const message = `needed when listening on ${listen}; set it to the address that browsers reach this machine at`;
    throw new ConfigError([{ key: 'announcedAddress', from: 'configuration', message }]);
  }
  return { listen, announced };
}
