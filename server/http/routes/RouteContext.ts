import type { Undertone } from '../../../plugin/UndertoneTypes.ts';
import type { Cluster } from '../../cluster/Cluster.ts';
import type { Config } from '../../config/schema.ts';
import type { Notice } from '../../gateway/notice.ts';
import type { Tokens } from '../../gateway/access/Tokens.ts';
import type { Gateway } from '../../gateway/Gateway.ts';
import type { PersonalData } from '../../privacy/PersonalData.ts';
import type { MeetingViews } from '../../replay/MeetingViews.ts';
import type { SampleCalls } from '../../sfu/SampleCalls.ts';
import type { Rooms } from '../../sfu/Rooms.ts';
import type { WorkerPool } from '../../sfu/WorkerPool.ts';
import type { JoinLimiter } from '../JoinLimiter.ts';
import type { Meetings } from '../../meetings/index.ts';
import type { Metrics } from '../Metrics.ts';

/** What the routes work with. */
export interface RouteContext {
  config: Config;
  version: string;
  rooms: Rooms;
  pool: WorkerPool;
  undertone: Undertone;
  tokens: Tokens;
  gateway: Gateway;
  notice: Notice;
  samples: SampleCalls;
  /** Undefined where nothing is kept. */
  meetings: Meetings | undefined;
  metrics: Metrics;
  joins: JoinLimiter;
  privacyLimit: JoinLimiter;
  personalData: PersonalData;
  /** Undefined where there are no past meetings at all, not even the sample. */
  views: MeetingViews | undefined;
  /** The id of the sample meeting, where it is shown. */
  sampleMeeting: string | undefined;
  /** Missing for a server that stands alone. */
  cluster: Cluster | undefined;
  closing: () => boolean;
}
