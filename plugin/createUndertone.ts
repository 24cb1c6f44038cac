import { EventEmitter } from 'node:events';
import type { types as mediasoup } from 'mediasoup';
import { Supervisor } from './analyzer/Supervisor.ts';
import type { AuditTrail } from './consent/audit/AuditTypes.ts';
import { openAuditTrail } from './consent/audit/openAuditTrail.ts';
import type { AnalysisState } from './events/contract/v1/types.ts';
import type { AttachOptions, EmotionObserver } from './observer/EmotionObserverTypes.ts';
import { RouterEmotionObserver } from './observer/RouterEmotionObserver.ts';
import { checkAttachOptions, checkOptions, type CheckedOptions } from './options.ts';
import { DETECTORS_DIR, modelDir } from './paths.ts';
import type { AnalyzerStats, Undertone, UndertoneEvents, UndertoneOptions } from './UndertoneTypes.ts';

class Plugin extends EventEmitter<UndertoneEvents> implements Undertone {
  readonly observers = new Map<string, EmotionObserver>();
  readonly audit: AuditTrail;
  readonly #options: CheckedOptions;
  readonly #supervisor: Supervisor;
  #closed = false;

  constructor(options: CheckedOptions, audit: AuditTrail) {
    super();
    this.#options = options;
    this.audit = audit;
    this.#supervisor = new Supervisor(
      {
        provider: options.provider,
        modelDir: modelDir(options.model),
        detectorsDir: DETECTORS_DIR,
        utterance: options.utterance,
        transcript: options.transcript,
        videoFps: options.videoFps,
        inferenceThreads: options.inferenceThreads,
      },
      options.logger,
    );
    this.#supervisor.on('state', (state, reason) => this.emit('state', state, reason));
  }

  get closed(): boolean {
    return this.#closed;
  }

  get state(): AnalysisState {
    return this.#supervisor.state;
  }

  start(): Promise<void> {
    return this.#supervisor.start();
  }

  async attachRouter(router: mediasoup.Router, options: AttachOptions): Promise<EmotionObserver> {
    if (this.#closed) throw new Error('undertone is closed');
    checkAttachOptions(router, options);
    const { roomId } = options;
    if (this.observers.has(roomId)) throw new TypeError(`roomId: ${JSON.stringify(roomId)} is already attached`);
    const observer = new RouterEmotionObserver({
      router,
      attach: options,
      link: this.#supervisor,
      includeTranscript: this.#options.includeTranscript,
      historySize: this.#options.historySize,
      aggregate: this.#options.aggregate,
      alerts: this.#options.alerts,
      audit: this.audit,
      log: this.#options.logger,
    });
    this.observers.set(roomId, observer);
    observer.observer.once('close', () => this.observers.delete(roomId));
    try {
      await observer.start();
    } catch (error) {
      observer.close();
      throw error;
    }
    return observer;
  }

  stats(): AnalyzerStats {
    return this.#supervisor.stats();
  }

  labelSets() {
    return this.#supervisor.lastInfo?.labelSets ?? [];
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const observer of [...this.observers.values()]) observer.close();
    await Promise.all([this.#supervisor.close(), this.audit.close()]);
  }
}

/**
 * Starts Undertone: one analyzer process, ready to be attached to routers.
 *
 * @throws TypeError for an option that is wrong, naming it and what is allowed
 * @throws AuditError when the file of the audit trail was changed or cannot be written
 * @throws AnalyzerError when the analyzer cannot start, saying why and what to do
 * @example
 * const undertone = await createUndertone();
 * const observer = await undertone.attachRouter(router, {
 *   roomId: 'standup',
 *   resolveParticipant: (producer) => producer.appData.userId as string,
 * });
 * observer.consent.set('ada', { audio: true, video: true, text: true });
 * observer.on('emotion.final', (event) => console.log(event.participantId, event.labels[0]));
 */
export async function createUndertone(options: UndertoneOptions = {}): Promise<Undertone> {
  const checked = checkOptions(options);
  const audit = await openAuditTrail(checked.audit);
  audit.append({ action: 'purpose.declared', by: 'host', facts: { purpose: { ...checked.purpose } } });
  const plugin = new Plugin(checked, audit);
  try {
    await plugin.start();
  } catch (error) {
    await audit.close();
    throw error;
  }
  return plugin;
}
