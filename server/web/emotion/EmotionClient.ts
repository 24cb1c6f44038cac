import type { Socket } from 'socket.io-client';
import type { AnalysisState, PerModality, UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import { ask } from '../api/ask.ts';
import { RequestError } from '../api/RequestError.ts';
import { Store } from '../api/Store.ts';
import type { LabelSet } from '../api/types.ts';
import { emptyParticipant, INITIAL, type EmotionState } from './EmotionState.ts';
import { reduce } from './reduce.ts';
import { SeqTracker } from './SeqTracker.ts';
import { SfuClock } from './SfuClock.ts';

export interface EmotionClientOptions {
  /** Of the namespace `/emotion`, with the token as `auth`. */
  socket: Socket;
  roomId: string;
  /** Whether this client sees everybody's events. Whoever sees only their own sees gaps where others' events are. */
  seesAll: boolean;
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

interface Subscribed {
  seq: number;
  state: AnalysisState;
  participants: { participantId: string; consent: PerModality; analysed: PerModality }[];
  labelSet: LabelSet;
  missed: UndertoneEvent[];
}

function isEvent(value: unknown): value is UndertoneEvent {
  const { v, type } = (value ?? {}) as Record<string, unknown>;
  return v === 1 && typeof type === 'string';
}

/** Follows the events of one room, fetches what was missed, and speaks for its participant. */
export class EmotionClient {
  readonly state = new Store<EmotionState>(INITIAL);
  readonly labels = new Store<LabelSet>({ labels: [] });
  readonly clock = new SfuClock();
  readonly #options: EmotionClientOptions;
  readonly #seqs = new SeqTracker();
  #catchingUp = false;

  constructor(options: EmotionClientOptions) {
    this.#options = options;
    const { socket } = options;
    socket.on('connect', this.#catchUp);
    socket.onAny(this.#received);
    if (socket.connected) this.#catchUp();
  }

  /** @throws RequestError when the server refuses */
  async setConsent(consent: Partial<PerModality>, noticeVersion?: string): Promise<void> {
    await ask(this.#options.socket, 'consent.set', { ...consent, ...(noticeVersion && { noticeVersion }) });
  }

  /** @throws RequestError `no-consent` unless one's words may be analysed */
  async pushTranscript(caption: Caption): Promise<void> {
    await ask(this.#options.socket, 'transcript.push', caption);
  }

  /** @param labels - the name of a shipped set, or words of one's own */
  async setLabels(labels: string | string[], kind?: 'single' | 'multi'): Promise<void> {
    const chosen = await ask<LabelSet>(this.#options.socket, 'labels.set', { labels, ...(kind && { kind }) });
    this.labels.set({ id: chosen.id, labels: chosen.labels });
  }

  close(): void {
    const { socket } = this.#options;
    socket.off('connect', this.#catchUp);
    socket.offAny(this.#received);
    socket.disconnect();
  }

  readonly #received = (_name: string, event: unknown): void => {
    if (!isEvent(event)) return;
    this.clock.observe(event.atMs);
    this.#take(event);
    if (!('seq' in event)) return;
    if (!this.#options.seesAll) this.#seqs.caughtUp(event.seq);
    else if (!this.#seqs.observe(event.seq)) this.#catchUp();
  };

  #take(event: UndertoneEvent): void {
    this.#options.onEvent?.(event);
    this.state.update((state) => reduce(state, event));
    if ('labelSet' in event) this.#learnLabels(event.labels, event.labelSet.id);
  }

  /** Somebody else may have chosen other labels: results tell. */
  #learnLabels(scores: readonly { name: string }[], id: string): void {
    const before = new Set(this.labels.value.labels);
    if (scores.length === before.size && scores.every(({ name }) => before.has(name))) return;
    this.labels.set({ id, labels: scores.map(({ name }) => name).sort() });
  }

  readonly #catchUp = (): void => {
    if (this.#catchingUp) return;
    this.#catchingUp = true;
    this.#subscribe()
      // Lost connections come back and ask again; other refusals are the page's to show through the call.
      .catch((error: unknown) => {
        if (error instanceof RequestError && error.code !== 'timeout') this.#tell(error);
      })
      .finally(() => (this.#catchingUp = false));
  };

  async #subscribe(): Promise<void> {
    const { socket, roomId } = this.#options;
    const reply = await ask<Subscribed>(socket, 'subscribe', { roomId, since: this.#seqs.last });
    for (const event of reply.missed.filter(isEvent)) this.#take(event);
    this.#seqs.caughtUp(reply.seq);
    if (reply.labelSet.labels.length > 0) this.labels.set(reply.labelSet);
    this.state.update((state) => {
      const participants = { ...state.participants };
      for (const { participantId, consent, analysed } of reply.participants) {
        const known = participants[participantId] ?? emptyParticipant(participantId);
        if (known.consentSeq <= reply.seq) {
          participants[participantId] = { ...known, consent, analysed, consentSeq: reply.seq };
        }
      }
      const analysis = state.analysis.seq > reply.seq ? state.analysis : { ...state.analysis, state: reply.state };
      return { ...state, participants, analysis };
    });
  }

  #tell({ code, message }: RequestError): void {
    this.state.update((state) => ({ ...state, problem: { code, message, atMs: this.clock.nowMs } }));
  }
}
