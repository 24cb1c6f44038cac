import type { Undertone } from '../../plugin/UndertoneTypes.ts';
import type { Cluster } from '../cluster/Cluster.ts';
import type { Meetings } from '../meetings/index.ts';
import type { WorkerPool } from '../sfu/WorkerPool.ts';

interface Parts {
  pool: WorkerPool;
  undertone: Undertone;
  cluster: Cluster | undefined;
}

/** What is not there that calls with analysis need; empty when all is. */
export function missingParts({ pool, undertone, cluster }: Parts, closing: boolean): string[] {
  const missing: string[] = [];
  if (closing) missing.push('the server is shutting down');
  if (pool.ready < pool.size) missing.push(`media workers: ${pool.ready} of ${pool.size}`);
  if (undertone.state !== 'active') missing.push(`analyzer: ${undertone.state}`);
  // One that was there and went away costs less than all servers being taken out at once.
  if (cluster && !cluster.everUp) missing.push('redis: never reached');
  return missing;
}

/** How the store does. Calls go on without it, so it makes nobody unready. */
export function storeState({ status }: Meetings): { kind: string; ok: boolean; problem?: string; lost: number } {
  const { kind, failing, lost } = status;
  return { kind, ok: failing === undefined, ...(failing !== undefined && { problem: failing }), lost };
}
