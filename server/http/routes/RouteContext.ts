import type { Undertone } from '../../../plugin/UndertoneTypes.ts';
import type { Config } from '../../config/schema.ts';
import type { Notice } from '../../gateway/notice.ts';
import type { Tokens } from '../../gateway/Tokens.ts';
import type { SampleCalls } from '../../sfu/SampleCalls.ts';
import type { Rooms } from '../../sfu/Rooms.ts';
import type { WorkerPool } from '../../sfu/WorkerPool.ts';
import type { JoinLimiter } from '../JoinLimiter.ts';
import type { Metrics } from '../Metrics.ts';

/** What the routes work with. */
export interface RouteContext {
  config: Config;
  version: string;
  rooms: Rooms;
  pool: WorkerPool;
  undertone: Undertone;
  tokens: Tokens;
  notice: Notice;
  samples: SampleCalls;
  metrics: Metrics;
  joins: JoinLimiter;
  closing: () => boolean;
}
