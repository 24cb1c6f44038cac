import type { Undertone } from '../../plugin/UndertoneTypes.ts';
import type { WorkerPool } from '../sfu/WorkerPool.ts';

/** What is not there that calls with analysis need; empty when all is. */
export function missingParts(pool: WorkerPool, undertone: Undertone, closing: boolean): string[] {
  const missing: string[] = [];
  if (closing) missing.push('the server is shutting down');
  if (pool.ready < pool.size) missing.push(`media workers: ${pool.ready} of ${pool.size}`);
  if (undertone.state !== 'active') missing.push(`analyzer: ${undertone.state}`);
  return missing;
}
