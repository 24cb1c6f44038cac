// Two servers that share a Redis: node --conditions=undertone-source two-servers.ts redis://127.0.0.1:6390
// In production each runs on a machine of its own, behind a balancer; the settings are the same.
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from '../../server/index.ts';

const [, , url = 'redis://127.0.0.1:6379', firstPort = '3001'] = process.argv;
const tokenSecret = randomBytes(32).toString('hex');
const servers: Server[] = [];

for (const index of [0, 1]) {
  const port = Number(firstPort) + index;
  const server = await createServer({
    port,
    workers: 1,
    tokenSecret,
    logLevel: 'warn',
    rtc: { minPort: 42_000 + 100 * index, maxPort: 42_099 + 100 * index },
    redis: { url, nodeUrl: `http://127.0.0.1:${port}` },
  });
  servers.push(server);
  console.log(await server.listen());
}

process.once('SIGTERM', () => {
  void Promise.all(servers.map((server) => server.close())).then(() => process.exit(0));
});
