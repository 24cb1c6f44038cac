import type { Socket } from 'socket.io-client';
import { EmotionClient as EventsClient, type ClientError, type Subscription } from '../../../client/index.ts';
import type { PerModality, UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import { Store } from '../../../client/Store.ts';
import type { LabelSet } from '../api/types.ts';
import type { TraceReading } from '../trace/TraceFollower.ts';
import { emptyParticipant, INITIAL, type EmotionState } from './EmotionState.ts';
import { reduce } from './reduce.ts';
import { SfuClock } from './SfuClock.ts';

export interface EmotionClientOptions {
  /** Of the namespace `/emotion`, with the token as `auth`. */
  socket: Socket;
  roomId: string;
  /** Hears every event, also those of a type that this page does not know. */
  onEvent?: (event: UndertoneEvent) => void;
}

export interface Caption {
  segmentId: string;
  text: string;
  final: boolean;
  /** Wall time at the SFU. */
  startMs?: number;
  endMs?: number;
  lang?: string;
}

/** What the page does not tell: a lost line is seen elsewhere, and the end of the call is the call's to tell. */
const UNTOLD: readonly string[] = ['unreachable', 'timeout', 'room-closed'];

/** What the page makes of the events of one room, which the public client brings it in their order. */
export class EmotionClient {
  readonly state = new Store<EmotionState>(INITIAL);
  readonly labels = new Store<LabelSet>({ labels: [] });
  readonly clock = new SfuClock();
  readonly #client: EventsClient;

  constructor({ socket, roomId, onEvent }: EmotionClientOptions) {
    // From the beginning: who comes late sees the talk so far.
    this.#client = new EventsClient({ socket, roomId, since: 0 });
    this.#client.on('event', (event, { live }) => {
      if (live) this.clock.observe(event.atMs);
      onEvent?.(event);
      this.state.update((state) => reduce(state, event));
      if ('labels' in event) this.#learnLabels(event.labels, event.labelSet.id);
    });
    this.#client.on('unknown', (event) => onEvent?.(event as unknown as UndertoneEvent));
    this.#client.on('subscribed', (subscription) => this.#subscribed(subscription));
    this.#client.on('problem', (problem) => this.#tell(problem));
  }

  /** @throws ClientError when the server refuses */
  async setConsent(consent: Partial<PerModality>, noticeVersion?: string): Promise<void> {
    await this.#client.setConsent(consent, noticeVersion);
  }

  /** @throws ClientError `no-consent` unless one's words may be analysed */
  async pushTranscript(caption: Caption): Promise<void> {
    await this.#client.pushTranscript(caption);
  }

  /** @param labels - the name of a shipped set, or words of one's own */
  async setLabels(labels: string | string[], kind?: 'single' | 'multi'): Promise<void> {
    const chosen = await this.#client.setLabels(labels, kind);
    this.labels.set({ id: chosen.id, labels: chosen.labels });
  }

  /** What the windows have done with a participant since this was last asked. @throws ClientError when the server refuses */
  readTrace(participantId: string): Promise<TraceReading> {
    return this.#client.request('trace.read', { participantId });
  }

  close(): void {
    this.#client.close();
  }

  /** Somebody else may have chosen other labels: results tell. */
  #learnLabels(scores: readonly { name: string }[], id: string): void {
    const before = new Set(this.labels.value.labels);
    if (scores.length === before.size && scores.every(({ name }) => before.has(name))) return;
    this.labels.set({ id, labels: scores.map(({ name }) => name).sort() });
  }

  #subscribed({ seq, state: analysisState, participants: told, labelSet }: Subscription): void {
    if (labelSet.labels.length > 0) this.labels.set(labelSet);
    this.state.update((state) => {
      const participants = { ...state.participants };
      for (const { participantId, consent, analysed } of told) {
        const known = participants[participantId] ?? emptyParticipant(participantId);
        if (known.consentSeq <= seq) participants[participantId] = { ...known, consent, analysed, consentSeq: seq };
      }
      const analysis = state.analysis.seq > seq ? state.analysis : { ...state.analysis, state: analysisState };
      return { ...state, participants, analysis };
    });
  }

  #tell({ code, message }: ClientError): void {
    if (UNTOLD.includes(code)) return;
    this.state.update((state) => ({ ...state, problem: { code, message, atMs: this.clock.nowMs } }));
  }
}
