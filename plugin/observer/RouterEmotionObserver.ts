import { randomUUID } from 'node:crypto';
import { EventEmitter, on } from 'node:events';
import type { types as mediasoup } from 'mediasoup';
import type { AnalyzerLink, RoomListener } from '../analyzer/AnalyzerLink.ts';
import type { AnalyzerSignal, ModelInfo } from '../analyzer/protocol.ts';
import type { ConsentChange } from '../consent/ConsentTypes.ts';
import { MemoryConsentRegistry } from '../consent/MemoryConsentRegistry.ts';
import type { AnalysisState, Modality, UndertoneEvent } from '../events/contract/v1/types.ts';
import { EventLog } from '../events/EventLog.ts';
import { RouterTap } from '../tap/RouterTap.ts';
import type { TranscriptSegment, TranscriptSource } from '../transcript/TranscriptTypes.ts';
import { toWallClock, parseSegment } from '../transcript/index.ts';
import type { Logger } from '../UndertoneTypes.ts';
import type {
  AttachOptions,
  EmotionObserver,
  EmotionObserverEvents,
  EmotionObserverObserverEvents,
  LabelSetOptions,
  ParticipantStatus,
} from './EmotionObserverTypes.ts';
import { Participant, type ParticipantContext } from './Participant.ts';
import { ProducerWatcher } from './ProducerWatcher.ts';
import { ResultLedger } from './ResultLedger.ts';

export interface RouterEmotionObserverOptions {
  router: mediasoup.Router;
  attach: AttachOptions;
  link: AnalyzerLink;
  includeTranscript: boolean;
  historySize: number;
  log: Logger;
}

/** The observer of one router: taps whom it may, turns what the analyzer says into events. */
export class RouterEmotionObserver extends EventEmitter<EmotionObserverEvents> implements EmotionObserver {
  readonly id = randomUUID();
  readonly roomId: string;
  readonly observer = new EventEmitter<EmotionObserverObserverEvents>();
  readonly consent: MemoryConsentRegistry;
  readonly startedAtMs = Date.now();
  appData: mediasoup.AppData;

  readonly #options: RouterEmotionObserverOptions;
  readonly #link: AnalyzerLink;
  readonly #log: EventLog;
  readonly #ledger = new ResultLedger();
  readonly #participants = new Map<string, Participant>();
  readonly #context: ParticipantContext;
  readonly #watcher: ProducerWatcher;
  readonly #leaving = new Set<string>();
  readonly #closing = new AbortController();
  #labels: LabelSetOptions;
  #model: ModelInfo | undefined;
  #tap: RouterTap | undefined;
  #state: AnalysisState = 'starting';
  #paused = false;
  #closed = false;

  constructor(options: RouterEmotionObserverOptions) {
    super();
    const { router, attach, link } = options;
    this.#options = options;
    this.#link = link;
    this.roomId = attach.roomId;
    this.appData = attach.appData ?? {};
    this.#labels = { labels: attach.labels ?? 'big6', kind: attach.labelKind };
    this.#log = new EventLog(this.roomId, options.historySize);
    this.consent = new MemoryConsentRegistry(this.roomId, (change) => this.#consentChanged(change));
    this.#context = {
      roomId: this.roomId,
      link,
      tap: () => (this.#paused || this.#closed ? undefined : this.#tap),
      consent: (participantId) => this.consent.get(participantId),
      changed: (participantId) => this.#tellConsent(participantId, 'tap'),
      failed: (participantId, error) => {
        options.log.warn({ reason: error.message }, 'tap failed');
        this.#publish('error', { code: 'tap-failed', message: error.message, retryable: true, participantId });
      },
    };
    this.#watcher = new ProducerWatcher(router, (producer) => void this.#found(producer));
    router.observer.once('close', this.#routerClosed);
  }

  get closed(): boolean {
    return this.#closed;
  }

  get paused(): boolean {
    return this.#paused;
  }

  get seq(): number {
    return this.#log.seq;
  }

  /**
   * Connects to the analyzer. Resolves when the room is open there, or at once while the analyzer is down.
   * @throws AnalyzerError when the labels cannot be used
   */
  async start(): Promise<void> {
    this.#link.addRoom(this.roomId, this.#listener);
    if (this.#link.info) await this.#opened;
    // The analyzer is being started again: the call need not wait for it.
    else this.#setState('degraded', 'the analyzer is being started again');
  }

  async addProducer({ producer }: { producer: mediasoup.Producer }): Promise<void> {
    if (typeof producer?.id !== 'string') throw new TypeError('producer: a mediasoup Producer is needed');
    await this.#found(producer);
  }

  async removeProducer({ producerId }: { producerId: string }): Promise<void> {
    if (typeof producerId !== 'string') throw new TypeError('producerId: a string is needed');
    for (const participant of this.#participants.values()) {
      const producer = participant.removeProducer(producerId);
      if (producer) this.observer.emit('removeproducer', producer);
    }
  }

  async pause(): Promise<void> {
    if (this.#paused || this.#closed) return;
    this.#paused = true;
    await this.#pausedOrResumed('pause');
  }

  async resume(): Promise<void> {
    if (!this.#paused || this.#closed) return;
    this.#paused = false;
    await this.#pausedOrResumed('resume');
  }

  pushTranscript(segment: TranscriptSegment): void {
    const checked = parseSegment(segment);
    if (this.#closed || this.#paused || !this.consent.get(checked.participantId).text) return;
    // Somebody who has no camera or microphone on may still be captioned.
    const participant = this.#participant(checked.participantId);
    void participant.reconcile();
    const wall = toWallClock(checked, this.startedAtMs, Date.now());
    this.#link.send({ type: 'words', roomId: this.roomId, segment: wall });
  }

  addTranscriptSource(source: TranscriptSource): void {
    void (async () => {
      try {
        for await (const segment of source.segments(this.#closing.signal)) this.pushTranscript(segment);
      } catch (error) {
        if (this.#closed) return;
        const message = `transcript source ${source.name}: ${(error as Error).message}`;
        this.#publish('error', { code: 'transcript-source-failed', message, retryable: false });
      }
    })();
  }

  async setLabels(options: LabelSetOptions): Promise<{ id: string; hash: string; labels: string[] }> {
    const value = await this.#link.request({ type: 'room.labels', roomId: this.roomId, labels: options });
    this.#labels = options;
    return value as { id: string; hash: string; labels: string[] };
  }

  participants(): ParticipantStatus[] {
    return [...this.#participants.values()].map((participant) => ({
      participantId: participant.id,
      consent: this.consent.get(participant.id),
      analysed: participant.analysed,
    }));
  }

  since(seq: number): UndertoneEvent[] {
    return this.#log.since(seq);
  }

  async *events({ signal }: { signal?: AbortSignal } = {}): AsyncGenerator<UndertoneEvent> {
    if (this.#closed) return;
    try {
      for await (const [event] of on(this, 'event', { signal, close: ['@close'] })) yield event as UndertoneEvent;
    } catch (error) {
      if ((error as Error).name !== 'AbortError') throw error;
    }
  }

  removeParticipant(participantId: string): void {
    const participant = this.#participants.get(participantId);
    if (!participant) {
      this.consent.forget(participantId);
      return;
    }
    // What they said last was said with consent: its result still comes, and then `participant.closed`.
    this.#leaving.add(participantId);
    this.#link.send({ type: 'participant.close', roomId: this.roomId, participantId, trigger: 'leave', drop: false });
    participant.close();
    this.consent.forget(participantId);
    this.#tellConsent(participantId, 'tap');
    if (!this.#link.info) this.#forget(participantId);
  }

  close(): void {
    if (this.#closed) return;
    this.#setState('stopped', 'closed');
    this.#closed = true;
    this.#closing.abort();
    this.#watcher.close();
    this.#options.router.observer.off('close', this.#routerClosed);
    for (const participant of this.#participants.values()) participant.close();
    this.#participants.clear();
    this.#tap?.close();
    this.#tap = undefined;
    this.#link.removeRoom(this.roomId);
    this.#emitSafely('@close');
    this.observer.emit('close');
  }

  #routerClosed = (): void => {
    this.#emitSafely('routerclose');
    this.close();
  };

  #openedSettle = Promise.withResolvers<void>();
  #opened = this.#openedSettle.promise;

  readonly #listener: RoomListener = {
    up: (info) => void this.#up(info),
    down: (reason) => {
      this.#tap?.close();
      this.#tap = undefined;
      for (const participantId of [...this.#leaving]) this.#forget(participantId);
      for (const participant of this.#participants.values()) participant.reset();
      this.#setState('degraded', reason);
    },
    keyframe: (trackId) => void this.#tap?.track(trackId)?.requestKeyFrame().catch(this.#ignoreClosed),
    faceSize: (trackId, px) => void this.#tap?.track(trackId)?.faceSize(px).catch(this.#ignoreClosed),
    signal: (participantId, epoch, signal) => this.#signal(participantId, epoch, signal),
    participantClosed: (participantId) => {
      if (this.#leaving.has(participantId)) this.#forget(participantId);
    },
    overload: (level, change, dropped) => void this.#publish('overload', { level, change, dropped }),
    error: ({ code, message, retryable, participantId }) =>
      void this.#publish('error', { code, message, retryable, participantId }),
  };

  /** A track or transport can be closed by the app between a request's start and its answer. */
  #ignoreClosed = (error: Error): void => {
    this.#options.log.debug({ reason: error.message }, 'tap');
  };

  async #up(info: ModelInfo): Promise<void> {
    try {
      await this.#link.request({ type: 'room.open', roomId: this.roomId, labels: this.#labels });
      const tap = await RouterTap.open(this.#options.router, this.roomId, this.#link);
      if (this.#closed || this.#link.info !== info) {
        tap.close();
        return;
      }
      this.#model = info;
      this.#tap = tap;
      this.#openedSettle.resolve();
      this.#setState(this.#paused ? 'paused' : 'active');
      await Promise.all([...this.#participants.values()].map((participant) => participant.reconcile()));
    } catch (error) {
      if (this.#closed) return;
      this.#openedSettle.reject(error);
      // When the analyzer went down meanwhile, `up` follows again; anything else has to be told.
      if (this.#link.info === info) this.#setState('degraded', (error as Error).message);
    }
  }

  #forget(participantId: string): void {
    this.#leaving.delete(participantId);
    this.#participants.delete(participantId);
    this.#ledger.forget(participantId);
  }

  #participant(participantId: string): Participant {
    const present = this.#participants.get(participantId);
    let participant = this.#leaving.has(participantId) ? undefined : present;
    if (!participant) {
      this.#leaving.delete(participantId);
      participant = new Participant(participantId, this.#context, present ? present.epoch + 1 : 0);
      this.#participants.set(participantId, participant);
    }
    return participant;
  }

  async #found(producer: mediasoup.Producer): Promise<void> {
    if (this.#closed || producer.closed || producer.appData['undertone'] === true) return;
    let participantId: string | undefined;
    try {
      participantId = this.#options.attach.resolveParticipant(producer);
    } catch (error) {
      this.#options.log.error({ reason: (error as Error).message }, 'resolveParticipant threw');
    }
    if (participantId === undefined) return;
    const participant = this.#participant(participantId);
    if (participant.has(producer.id)) return;
    producer.observer.once('close', () => void this.removeProducer({ producerId: producer.id }));
    this.observer.emit('addproducer', producer);
    await participant.addProducer(producer);
  }

  #consentChanged({ participantId, before, after }: ConsentChange): void {
    const withdrawn = (['audio', 'video', 'text'] as Modality[]).filter((name) => before[name] && !after[name]);
    const participant = this.#participant(participantId);
    if (withdrawn.length > 0) {
      participant.epoch += 1;
      this.#link.send({
        type: 'participant.close',
        roomId: this.roomId,
        participantId,
        trigger: 'consent',
        drop: true,
      });
    }
    // Taps are closed inside this call, before anybody is told.
    void participant.reconcile();
    this.#tellConsent(participantId, 'consent');
    if (withdrawn.length > 0) this.#retract(participantId, withdrawn);
  }

  #retract(participantId: string, modalities: Modality[]): void {
    const utteranceIds = this.#ledger.retract(participantId, modalities);
    this.#log.purge(new Set(utteranceIds));
    this.#publish('emotion.retracted', { participantId, utteranceIds, reason: 'consent-withdrawn', modalities });
  }

  #tellConsent(participantId: string, cause: 'consent' | 'tap'): void {
    if (this.#closed) return;
    const consent = this.consent.get(participantId);
    const analysed = this.#participants.get(participantId)?.analysed ?? { audio: false, video: false, text: false };
    this.#publish('consent.changed', { participantId, consent, analysed, cause });
  }

  #signal(participantId: string, epoch: number, signal: AnalyzerSignal): void {
    const participant = this.#participants.get(participantId);
    // What was in flight when consent was withdrawn ends here.
    if (!participant || participant.epoch !== epoch || this.#closed) return;
    switch (signal.kind) {
      case 'start': {
        const { utteranceId, startMs, trigger } = signal;
        this.#ledger.note(participantId, utteranceId);
        this.#publish('utterance.start', { participantId, utteranceId, startMs, trigger });
        break;
      }
      case 'end': {
        const { utteranceId, span, trigger } = signal;
        this.#publish('utterance.end', { participantId, utteranceId, span, trigger });
        break;
      }
      case 'interim':
      case 'final': {
        const { transcript, ...result } = signal.result;
        const model = this.#model!;
        this.#ledger.note(participantId, result.utteranceId, result.modalities);
        const body = {
          participantId,
          ...result,
          ...(this.#options.includeTranscript && transcript ? { transcript } : {}),
          model: { id: model.id, version: model.version, calibration: model.calibration },
        };
        if (signal.kind === 'final') this.#publish('emotion.final', body);
        else this.#send(this.#log.volatile(body));
        break;
      }
    }
  }

  async #pausedOrResumed(what: 'pause' | 'resume'): Promise<void> {
    if (what === 'pause') {
      for (const { id } of this.#participants.values()) {
        this.#link.send({
          type: 'participant.close',
          roomId: this.roomId,
          participantId: id,
          trigger: 'pause',
          drop: false,
        });
      }
    }
    this.#setState(what === 'pause' ? 'paused' : this.#tap ? 'active' : 'degraded');
    this.observer.emit(what);
    await Promise.all([...this.#participants.values()].map((participant) => participant.reconcile()));
  }

  #setState(state: AnalysisState, reason?: string): void {
    if (this.#state === state || this.#closed) return;
    this.#state = state;
    this.#publish('analysis.state', { state, reason, restarts: this.#link.restarts });
  }

  #publish(...[type, body]: Parameters<EventLog['append']>): void {
    if (!this.#closed) this.#send(this.#log.append(type, body));
  }

  #send(event: UndertoneEvent): void {
    this.#emitSafely('event', event);
    // Node ends the process on an unheard 'error'; those go out as 'event' alone.
    if (event.type !== 'error') this.#emitSafely(event.type, event);
  }

  /** A listener that throws must reach neither the SFU nor the other listeners' events. */
  #emitSafely(name: string, ...args: unknown[]): void {
    try {
      (this as EventEmitter).emit(name, ...args);
    } catch (error) {
      this.#options.log.error({ event: name, reason: (error as Error).message }, 'listener threw');
      if (name !== 'listenererror') this.#emitSafely('listenererror', name, error);
    }
  }
}
