import type { Logger } from '../../plugin/UndertoneTypes.ts';
import type { Redis } from './redis.ts';

/** Says so when Redis writes to disk: nothing of what it holds for Undertone should outlive it. */
export async function warnOfPersistence(redis: Redis, log: Logger): Promise<void> {
  try {
    const [info, { save }] = await Promise.all([redis.info('persistence'), redis.configGet('save')]);
    const writes = [...(/aof_enabled:1/.test(info) ? ['appendonly'] : []), ...(save ? ['save'] : [])];
    if (writes.length > 0) log.warn({ settings: writes }, 'redis writes to disk: turn that off (docs/many-nodes.md)');
  } catch {
    // A hosted Redis does not tell its settings.
  }
}
