import { createWorker, type types as mediasoup } from 'mediasoup';
import {
  createUndertone,
  type AttachOptions,
  type EmotionObserver,
  type EventOf,
  type EventType,
  type Undertone,
  type UndertoneEvent,
  type UndertoneOptions,
} from '../../plugin/index.ts';
import { createSampleCall, type SampleCall } from '../../server/sample/index.ts';
import { mediaCodecs } from '../../server/sfu/mediaCodecs.ts';

type Parts = Pick<SampleRoom, 'worker' | 'router' | 'undertone' | 'observer' | 'call' | 'consumers' | 'producers'>;

export interface SampleRoomOptions {
  undertone?: UndertoneOptions;
  /** Whether the call's captions are pushed. @default true */
  captions?: boolean;
}

/** A router with the sample call's speakers in it, and an observer attached to it. No stand-ins: SFU, analyzer, model. */
export class SampleRoom {
  readonly worker: mediasoup.Worker;
  readonly router: mediasoup.Router;
  readonly undertone: Undertone;
  readonly observer: EmotionObserver;
  readonly call: SampleCall;
  readonly events: UndertoneEvent[] = [];
  /** Consumers that the plugin made, open or closed. */
  readonly consumers: readonly mediasoup.Consumer[];
  /** The speakers' producers by id. */
  readonly producers: ReadonlyMap<string, mediasoup.Producer>;

  private constructor({ worker, router, undertone, observer, call, consumers, producers }: Parts, captions: boolean) {
    this.worker = worker;
    this.router = router;
    this.undertone = undertone;
    this.observer = observer;
    this.call = call;
    this.consumers = consumers;
    this.producers = producers;
    observer.on('event', (event) => this.events.push(event));
    if (captions) call.on('transcript', (segment) => observer.pushTranscript(segment));
  }

  /** The speakers' producers are there, but nothing is sent before `call.start()`. */
  static async open(
    options: Partial<AttachOptions> = {},
    { undertone: given, captions = true }: SampleRoomOptions = {},
  ): Promise<SampleRoom> {
    const worker = await createWorker();
    const router = await worker.createRouter({ mediaCodecs: [...mediaCodecs] });
    const undertone = await createUndertone(given);
    const consumers: mediasoup.Consumer[] = [];
    const producers = new Map<string, mediasoup.Producer>();
    router.observer.on('newtransport', (transport) => {
      if (transport.appData['undertone'] === true)
        transport.observer.on('newconsumer', (consumer) => consumers.push(consumer));
      else transport.observer.on('newproducer', (producer) => producers.set(producer.id, producer));
    });
    const observer = await undertone.attachRouter(router, {
      roomId: 'sample',
      resolveParticipant: (producer) => producer.appData['participantId'] as string | undefined,
      ...options,
    });
    const call = await createSampleCall({ router, loop: true });
    return new SampleRoom({ worker, router, undertone, observer, call, consumers, producers }, captions);
  }

  get speakers(): string[] {
    return this.call.speakers.map(({ participantId }) => participantId);
  }

  consent(participantId: string, value = true): void {
    this.observer.consent.set(participantId, { audio: value, video: value, text: value });
  }

  of<T extends EventType>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** Resolves with the first event, past or to come, that satisfies the condition. */
  until<T extends EventType>(
    type: T,
    condition: (event: EventOf<T>) => boolean = () => true,
    timeoutMs = 40_000,
  ): Promise<EventOf<T>> {
    const past = this.of(type).find(condition);
    if (past) return Promise.resolve(past);
    return this.next(type, condition, timeoutMs);
  }

  /** Resolves with the next event that satisfies the condition. */
  next<T extends EventType>(
    type: T,
    condition: (event: EventOf<T>) => boolean = () => true,
    timeoutMs = 40_000,
  ): Promise<EventOf<T>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.observer.off('event', listen);
        reject(
          new Error(`no ${type} within ${timeoutMs} ms; there were: ${this.events.map((e) => e.type).join(', ')}`),
        );
      }, timeoutMs);
      const listen = (event: UndertoneEvent) => {
        if (event.type !== type || !condition(event as EventOf<T>)) return;
        clearTimeout(timer);
        this.observer.off('event', listen);
        resolve(event as EventOf<T>);
      };
      this.observer.on('event', listen);
    });
  }

  async close(): Promise<void> {
    await this.call.stop();
    await this.undertone.close();
    this.worker.close();
  }
}
