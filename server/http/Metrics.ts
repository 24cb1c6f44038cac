import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Undertone } from '../../plugin/UndertoneTypes.ts';
import type { Gateway } from '../gateway/Gateway.ts';
import type { Meetings } from '../meetings/index.ts';
import type { Room } from '../sfu/Room.ts';
import type { Rooms } from '../sfu/Rooms.ts';
import type { WorkerPool } from '../sfu/WorkerPool.ts';
import type { Webhooks } from '../webhooks/Webhooks.ts';

/** The event loop is looked at this often; Node counts the interval itself into what it measures. */
const RESOLUTION_MS = 10;

export interface MetricsOptions {
  rooms: Rooms;
  undertone: Undertone;
  pool: WorkerPool;
  gateway: Gateway;
  webhooks: Webhooks;
  /** Undefined where nothing is kept. */
  meetings?: Meetings;
}

/** What `/metrics` tells, in the Prometheus text format. Times are in milliseconds, as everywhere in Undertone. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #events: Counter<'type'>;
  readonly #endToEnd: Histogram;

  constructor({ rooms, undertone, pool, gateway, webhooks, meetings }: MetricsOptions) {
    const registers = [this.#registry];
    this.#delay.enable();
    const gauge = (name: string, help: string, value: () => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });

    const delay = this.#delay;
    new Gauge({
      name: 'undertone_event_loop_delay_ms',
      help: 'How late the event loop of the host process ran, since the previous scrape.',
      labelNames: ['quantile'],
      registers,
      collect() {
        const late = (ns: number) => Math.max(0, ns / 1e6 - RESOLUTION_MS);
        this.set({ quantile: '0.5' }, late(delay.percentile(50)));
        this.set({ quantile: '0.99' }, late(delay.percentile(99)));
        this.set({ quantile: '1' }, late(delay.max));
        delay.reset();
      },
    });
    gauge('undertone_rooms', 'Rooms open.', () => rooms.size);
    gauge('undertone_participants', 'Participants in a call, viewers too.', () =>
      [...rooms].reduce((sum, room) => sum + room.joinedCount, 0),
    );
    gauge('undertone_clients', 'Socket.IO connections.', () => gateway.clients);
    gauge('undertone_host_rss_bytes', 'Memory of the host process.', () => process.memoryUsage.rss());
    gauge('undertone_workers', 'Media workers alive.', () => pool.ready);
    gauge('undertone_worker_deaths_total', 'Media workers that died and were replaced.', () => pool.deaths);
    const { group } = gateway;
    if (group) {
      gauge('undertone_redis_up', '1 while Redis can be used.', () => (group.counts.up ? 1 : 0));
      gauge('undertone_unsent_total', 'Messages to other servers that Redis did not take.', () => group.counts.unsent);
      gauge('undertone_remote_rooms_clients', 'Clients here of rooms elsewhere.', () => group.counts.clientsOfOthers);
      gauge('undertone_remote_followers', 'Clients elsewhere of rooms here.', () => group.counts.followersElsewhere);
    }
    const stats = () => undertone.stats();
    gauge('undertone_analyzer_up', '1 while the analyzer works.', () => (undertone.state === 'active' ? 1 : 0));
    gauge('undertone_analyzer_cpu_percent', 'CPU of the analyzer; 100 is one core.', () => stats().cpuPercent);
    gauge('undertone_analyzer_rss_bytes', 'Memory of the analyzer.', () => stats().rssBytes);
    gauge('undertone_analyzer_restarts_total', 'Times that the analyzer was started again.', () => stats().restarts);
    gauge('undertone_analyzer_tracks', 'Audio and video tracks analysed.', () => stats().tracks);
    gauge('undertone_overload_level', '0 all is done to 4 windows are dropped.', () => stats().overloadLevel);
    new Gauge({
      name: 'undertone_dropped_total',
      help: 'What the analyzer left out under overload, since it started.',
      labelNames: ['kind'],
      registers,
      collect() {
        for (const [kind, count] of Object.entries(stats().dropped)) this.set({ kind }, count);
      },
    });
    new Gauge({
      name: 'undertone_webhook_deliveries_total',
      help: 'Webhook deliveries that came to an end: sent, given-up after all tries, or dropped for the reason that is named.',
      labelNames: ['webhook', 'outcome'],
      registers,
      collect() {
        for (const { name, outcomes } of webhooks.stats()) {
          for (const [outcome, count] of outcomes) this.set({ webhook: name, outcome }, count);
        }
      },
    });
    new Gauge({
      name: 'undertone_webhook_queue',
      help: 'Webhook deliveries that wait, and those under way.',
      labelNames: ['webhook'],
      registers,
      collect() {
        for (const { name, waiting } of webhooks.stats()) this.set({ webhook: name }, waiting);
      },
    });
    if (meetings) {
      const store = () => meetings.status;
      gauge('undertone_store_up', '1 while the store takes what is written.', () => (store().failing ? 0 : 1));
      gauge('undertone_store_queued', 'Events that wait for the store.', () => store().queued);
      gauge('undertone_store_lag_ms', 'How long the oldest of them has waited.', () => store().lagMs);
      gauge('undertone_store_written_total', 'Operations that the store has taken.', () => store().written);
      gauge('undertone_store_lost_total', 'Events that could not be kept.', () => store().lost);
    }
    this.#events = new Counter({
      name: 'undertone_events_total',
      help: 'Events emitted, by type.',
      labelNames: ['type'],
      registers,
    });
    this.#endToEnd = new Histogram({
      name: 'undertone_final_end_to_end_ms',
      help: 'From the end of an utterance to its final event.',
      buckets: [25, 50, 100, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000],
      registers,
    });
    rooms.on('open', (room) => this.#follow(room));
  }

  /** Content type and text of a scrape. */
  async scrape(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  close(): void {
    this.#delay.disable();
    this.#registry.clear();
  }

  #follow({ observer }: Room): void {
    observer.on('event', (event) => {
      this.#events.inc({ type: event.type });
      if (event.type === 'emotion.final') this.#endToEnd.observe(event.timing.endToEndMs);
    });
  }
}
