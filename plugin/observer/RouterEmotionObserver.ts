import { randomUUID } from 'node:crypto';
import { EventEmitter, on } from 'node:events';
import type { types as mediasoup } from 'mediasoup';
import type { CheckedRule } from '../alerts/index.ts';
import type { AnalyzerLink, RoomListener } from '../analyzer/AnalyzerLink.ts';
import type { AnalyzerSignal, ModelInfo } from '../analyzer/protocol.ts';
import type { AuditTrail } from '../consent/audit/AuditTypes.ts';
import type { ConsentChange } from '../consent/ConsentTypes.ts';
import { MODALITIES } from '../consent/Answers.ts';
import { MemoryConsentRegistry } from '../consent/MemoryConsentRegistry.ts';
import type { DurableEvent, UndertoneEvent } from '../events/contract/v1/types.ts';
import { EventLog } from '../events/EventLog.ts';
import type { TraceBatch } from '../events/trace/TraceTypes.ts';
import { withoutText } from '../events/trace/withoutText.ts';
import { RouterTap } from '../tap/RouterTap.ts';
import type { TranscriptSegment, TranscriptSource } from '../transcript/TranscriptTypes.ts';
import type { Logger } from '../UndertoneTypes.ts';
import type { AggregateOptions } from './aggregate/Aggregator.ts';
import type {
  AttachOptions,
  EmotionObserver,
  EmotionObserverEvents,
  EmotionObserverObserverEvents,
  ErasedFromRoom,
  ErasureOptions,
  LabelSetOptions,
  ParticipantStatus,
  TraceListener,
} from './EmotionObserverTypes.ts';
import { firstSeqNow } from './firstSeq.ts';
import { ProducerWatcher } from './ProducerWatcher.ts';
import { Results } from './Results.ts';
import { RoomRecord } from './RoomRecord.ts';
import { Roster } from './Roster.ts';
import { StateTeller } from './StateTeller.ts';
import { TraceListeners } from './TraceListeners.ts';
import { Words } from './Words.ts';

/** Longest display name that an event carries. */
const MAX_NAME = 200;
export interface RouterEmotionObserverOptions {
  router: mediasoup.Router;
  attach: AttachOptions;
  link: AnalyzerLink;
  includeTranscript: boolean;
  historySize: number;
  aggregate: AggregateOptions;
  alerts: readonly CheckedRule[];
  audit: AuditTrail;
  log: Logger;
}

/** Names of the labels that a room asks for. */
function labelsOf({ labels }: LabelSetOptions, { labelSets }: ModelInfo): string[] {
  if (typeof labels === 'string') return labelSets.find(({ id }) => id === labels)?.labels ?? [];
  return labels.map((label) => (typeof label === 'string' ? label : label.name));
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
  readonly #record: RoomRecord;
  readonly #results: Results;
  readonly #roster: Roster;
  readonly #watcher: ProducerWatcher;
  readonly #traces: TraceListeners;
  readonly #closing = new AbortController();
  #labels: LabelSetOptions;
  #model: ModelInfo | undefined;
  #tap: RouterTap | undefined;
  readonly #state: StateTeller;
  readonly #words: Words;
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
    const log = new EventLog(this.roomId, options.historySize, Date.now, attach.firstSeq ?? firstSeqNow());
    this.#record = new RoomRecord(log);
    const { includeTranscript, aggregate, alerts } = options;
    this.#results = new Results({
      roomId: this.roomId,
      record: this.#record,
      includeTranscript,
      aggregate,
      alerts,
      publish: (...event) => this.#publish(...event),
      send: (event) => this.#send(event),
      spoke: (participantId, ms) => {
        if (this.consent.get(participantId).text) this.#words.spoke(participantId, ms);
      },
      log: options.log,
    });
    this.consent = new MemoryConsentRegistry({
      roomId: this.roomId,
      audit: options.audit,
      noticeVersion: attach.noticeVersion,
      changed: (change) => this.#consentChanged(change),
    });
    this.#state = new StateTeller((state, reason) =>
      this.#publish('analysis.state', { state, reason: reason?.slice(0, 200), restarts: this.#link.restarts }),
    );
    this.#words = new Words({
      roomId: this.roomId,
      startedAtMs: this.startedAtMs,
      link,
      present: () => this.#roster.all(),
      takes: (participantId) => !this.#closed && !this.#paused && this.consent.get(participantId).text,
      participant: (participantId) => this.#roster.here(participantId),
      tell: (problem) => this.#publish('error', problem),
      changed: () => this.#wordsChanged(),
    });
    this.#roster = new Roster({
      roomId: this.roomId,
      link,
      tap: () => (this.#paused || this.#closed ? undefined : this.#tap),
      consent: (participantId) => this.consent.get(participantId),
      wordsFail: () => this.#words.sourcesFail,
      changed: (participantId) => this.#tellConsent(participantId, 'tap'),
      failed: (participantId, error) => {
        options.log.warn({ reason: error.message }, 'tap failed');
        this.#publish('error', { code: 'tap-failed', message: error.message, retryable: true, participantId });
      },
    });
    this.#traces = new TraceListeners({
      wanted: (participantId, on) => link.send({ type: 'trace', roomId: this.roomId, participantId, on }),
      failed: (error) => options.log.error({ reason: error.message }, 'trace listener threw'),
    });
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
    return this.#record.log.seq;
  }

  /**
   * Connects to the analyzer. Resolves when the room is open there, or at once while the analyzer is down.
   * @throws AnalyzerError when the labels cannot be used
   */
  async start(): Promise<void> {
    this.#link.addRoom(this.roomId, this.#listener);
    if (this.#link.info) await this.#opened;
    // The analyzer is being started again: the call need not wait for it.
    else this.#state.set('degraded', 'the analyzer is being started again');
  }

  async addProducer({ producer }: { producer: mediasoup.Producer }): Promise<void> {
    if (typeof producer?.id !== 'string') throw new TypeError('producer: a mediasoup Producer is needed');
    await this.#found(producer);
  }

  async removeProducer({ producerId }: { producerId: string }): Promise<void> {
    if (typeof producerId !== 'string') throw new TypeError('producerId: a string is needed');
    for (const participant of this.#roster.all()) {
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

  pushTranscript(segment: TranscriptSegment): boolean {
    return this.#words.push(segment);
  }

  addTranscriptSource(source: TranscriptSource): void {
    this.#words.add(source, this.#closing.signal);
  }

  async setLabels(options: LabelSetOptions): Promise<{ id: string; hash: string; labels: string[] }> {
    const value = await this.#link.request({ type: 'room.labels', roomId: this.roomId, labels: options });
    this.#labels = options;
    const chosen = value as { id: string; hash: string; labels: string[] };
    this.#results.tellUnanswered(chosen.labels);
    return chosen;
  }

  participants(): ParticipantStatus[] {
    return [...this.#roster.all()].map((participant) => ({
      participantId: participant.id,
      consent: this.consent.get(participant.id),
      analysed: participant.analysed,
    }));
  }

  since(seq: number): DurableEvent[] {
    return this.#record.since(seq);
  }

  lacks(seq: number): boolean {
    return this.#record.log.lacks(seq);
  }

  async *events({ signal }: { signal?: AbortSignal } = {}): AsyncGenerator<UndertoneEvent> {
    if (this.#closed) return;
    try {
      for await (const [event] of on(this, 'event', { signal, close: ['@close'] })) yield event as UndertoneEvent;
    } catch (error) {
      if ((error as Error).name !== 'AbortError') throw error;
    }
  }

  trace(participantId: string, listener: TraceListener): () => void {
    if (typeof participantId !== 'string') throw new TypeError('participantId: a string is needed');
    return this.#closed ? () => undefined : this.#traces.add(participantId, listener);
  }

  addParticipant(participantId: string, { displayName }: { displayName?: string } = {}): void {
    if (typeof participantId !== 'string' || participantId === '') {
      throw new TypeError('participantId: a non-empty string is needed');
    }
    if (this.#closed || !this.#roster.join(participantId)) return;
    const name = displayName?.slice(0, MAX_NAME);
    this.#publish('participant.joined', { participantId, ...(name && { displayName: name }) });
  }

  removeParticipant(participantId: string): void {
    if (this.#closed) return;
    const participant = this.#roster.get(participantId);
    this.#results.leave(participantId);
    if (!participant) {
      this.consent.forget(participantId);
      this.#tellLeft(participantId);
      return;
    }
    // What they said last was said with consent: its result still comes, and then `participant.closed`.
    this.#link.send({ type: 'participant.close', roomId: this.roomId, participantId, trigger: 'leave', drop: false });
    this.#roster.leave(participant);
    this.consent.forget(participantId);
    this.#tellConsent(participantId, 'tap');
    this.#tellLeft(participantId);
    if (!this.#link.info) this.#forget(participantId);
  }

  eraseParticipant(participantId: string, { by = 'participant' }: ErasureOptions = {}): ErasedFromRoom {
    if (typeof participantId !== 'string') throw new TypeError('participantId: a string is needed');
    const taken = this.#record.takeOut(participantId);
    if (Object.values(this.consent.get(participantId)).includes(true)) this.consent.withdraw(participantId, { by });
    // Nothing that is still on its way comes through, also of somebody who has left.
    const participant = this.#roster.get(participantId);
    if (participant) {
      participant.epoch += 1;
      const { roomId } = this;
      this.#link.send({ type: 'participant.close', roomId, participantId, trigger: 'consent', drop: true });
      void participant.reconcile();
    }
    this.#results.withdrawn(participantId, true);
    for (const alertId of this.#results.withdrawAlerts(participantId, [...taken.utterances])) taken.alerts.add(alertId);
    this.#results.endAlerts(participantId);
    this.#traces.retract(participantId);
    const retraction = this.#record.erase(participantId, taken);
    if (retraction) this.#publish('emotion.retracted', retraction);
    return { events: taken.events, utterances: taken.utterances.size };
  }

  close(): void {
    if (this.#closed) return;
    this.#state.set('stopped', 'closed');
    this.#closed = true;
    this.consent.end();
    this.#closing.abort();
    this.#results.close();
    this.#watcher.close();
    this.#options.router.observer.off('close', this.#routerClosed);
    this.#roster.close();
    this.#traces.clear();
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
      for (const participantId of this.#roster.leaving()) this.#forget(participantId);
      for (const participant of this.#roster.all()) participant.reset();
      this.#words.reset();
      this.#state.set('degraded', reason);
    },
    keyframe: (trackId) => void this.#tap?.track(trackId)?.requestKeyFrame().catch(this.#ignoreClosed),
    faceSize: (trackId, px) => void this.#tap?.track(trackId)?.faceSize(px).catch(this.#ignoreClosed),
    signal: (participantId, epoch, signal) => this.#signal(participantId, epoch, signal),
    trace: (participantId, epoch, batch) => this.#trace(participantId, epoch, batch),
    participantClosed: (participantId) => {
      if (this.#roster.isLeaving(participantId)) this.#forget(participantId);
    },
    recogniser: (trouble) => this.#words.recogniser(trouble),
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
      for (const participantId of this.#traces.participants) {
        this.#link.send({ type: 'trace', roomId: this.roomId, participantId, on: true });
      }
      const tap = await RouterTap.open(this.#options.router, this.roomId, this.#link);
      if (this.#closed || this.#link.info !== info) {
        tap.close();
        return;
      }
      const first = this.#model === undefined;
      this.#model = info;
      this.#tap = tap;
      this.#openedSettle.resolve();
      this.#state.set(this.#paused ? 'paused' : 'active');
      if (first) this.#results.tellUnanswered(labelsOf(this.#labels, info));
      this.#wordsChanged();
      await this.#roster.reconcile();
    } catch (error) {
      if (this.#closed) return;
      this.#openedSettle.reject(error);
      // When the analyzer went down meanwhile, `up` follows again; anything else has to be told.
      if (this.#link.info === info) this.#state.set('degraded', (error as Error).message);
    }
  }

  #forget(participantId: string): void {
    this.#roster.forget(participantId);
    this.#record.close(participantId);
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
    const participant = this.#roster.here(participantId);
    if (participant.has(producer.id)) return;
    producer.observer.once('close', () => void this.removeProducer({ producerId: producer.id }));
    this.addParticipant(participantId);
    this.observer.emit('addproducer', producer);
    await participant.addProducer(producer);
  }

  #consentChanged({ participantId, before, after, retracts }: ConsentChange): void {
    const withdrawn = MODALITIES.filter((name) => before[name] && !after[name]);
    const participant = this.#roster.here(participantId);
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
    if (withdrawn.length > 0) {
      this.#results.withdrawn(participantId, !Object.values(after).includes(true));
      if (retracts) {
        const withdrawAlerts = (utterances: string[]) => this.#results.withdrawAlerts(participantId, utterances);
        this.#publish('emotion.retracted', this.#record.retract(participantId, withdrawn, withdrawAlerts));
      } else this.#results.endAlerts(participantId);
      this.#traces.retract(participantId);
    }
  }

  #tellConsent(participantId: string, cause: 'consent' | 'tap'): void {
    if (this.#closed) return;
    const consent = this.consent.get(participantId);
    const analysed = this.#roster.get(participantId)?.analysed ?? { audio: false, video: false, text: false };
    this.#publish('consent.changed', { participantId, consent, analysed, cause });
  }

  #tellLeft(participantId: string): void {
    if (this.#roster.left(participantId)) this.#publish('participant.left', { participantId });
  }

  #signal(participantId: string, epoch: number, signal: AnalyzerSignal): void {
    const participant = this.#roster.get(participantId);
    // What was in flight when consent was withdrawn ends here.
    if (!participant || participant.epoch !== epoch || this.#closed) return;
    const speaker = {
      id: participantId,
      here: !this.#roster.isLeaving(participantId),
      current: () => participant.epoch === epoch,
    };
    this.#results.take(signal, speaker, this.#model!);
  }

  #trace(participantId: string, epoch: number, batch: TraceBatch): void {
    // As with results: what was in flight when consent was withdrawn ends here.
    if (this.#roster.get(participantId)?.epoch !== epoch || this.#closed) return;
    this.#traces.tell(participantId, this.#options.includeTranscript ? batch : withoutText(batch));
  }

  async #pausedOrResumed(what: 'pause' | 'resume'): Promise<void> {
    if (what === 'pause') {
      for (const { id } of this.#roster.all()) {
        this.#link.send({
          type: 'participant.close',
          roomId: this.roomId,
          participantId: id,
          trigger: 'pause',
          drop: false,
        });
      }
    }
    this.#state.set(what === 'pause' ? 'paused' : this.#tap ? 'active' : 'degraded');
    this.observer.emit(what);
    await this.#roster.reconcile();
  }

  /** What gives the words works again, or does not any more: everything else goes on. */
  #wordsChanged(): void {
    const { trouble } = this.#words;
    this.#state.setTrouble(trouble === undefined ? undefined : `transcript: ${trouble}`);
    void this.#roster.reconcile();
  }

  #publish(...[type, body]: Parameters<EventLog['append']>): void {
    if (!this.#closed) this.#send(this.#record.log.append(type, body));
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
