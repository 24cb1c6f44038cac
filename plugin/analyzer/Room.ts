import type { InferenceClient, LabelSetInfo } from './inference/index.ts';
import type { Transcriber } from './Transcriber.ts';
import { ParticipantSession } from './ParticipantSession.ts';
import type { FromAnalyzer, LabelSetOptions, ToAnalyzer, UtteranceOptions } from './protocol.ts';

type Said<T extends ToAnalyzer['type']> = Extract<ToAnalyzer, { type: T }>;

export interface RoomOptions {
  roomId: string;
  utterance: UtteranceOptions;
  /** How many turns before it the model reads with an utterance. */
  contextTurns: number;
  inference: InferenceClient;
  transcriber: Transcriber;
  send(message: FromAnalyzer): void;
}

/** One call: its participants and the labels that are asked for. */
export class Room {
  readonly #options: RoomOptions;
  readonly #sessions = new Map<string, ParticipantSession>();
  /** Participants whose windows somebody looks at. */
  readonly #traced = new Set<string>();
  #labelSetId: string | undefined;
  #videoShed = false;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  get sessions(): IterableIterator<ParticipantSession> {
    return this.#sessions.values();
  }

  session(participantId: string): ParticipantSession | undefined {
    return this.#sessions.get(participantId);
  }

  /** @throws InferenceError naming the label at fault */
  async setLabels({ labels, kind }: LabelSetOptions): Promise<LabelSetInfo> {
    const info = await this.#options.inference.defineLabels(typeof labels === 'string' ? labels : { labels, kind });
    this.#labelSetId = info.id;
    return info;
  }

  shedVideo(shed: boolean): void {
    this.#videoShed = shed;
    for (const session of this.#sessions.values()) session.shedVideo(shed);
  }

  trace({ participantId, on }: Said<'trace'>): void {
    if (on) this.#traced.add(participantId);
    else this.#traced.delete(participantId);
    this.#sessions.get(participantId)?.trace(on);
  }

  /** Sends what the windows have done that somebody looks at. */
  tellTraces(): void {
    for (const participantId of this.#traced) this.#tellTrace(participantId, this.#sessions.get(participantId));
  }

  participant({ participantId, epoch, modalities }: Said<'participant'>): void {
    const present = this.#sessions.get(participantId);
    if (present && present.epoch !== epoch) present.drop();
    const session = present?.epoch === epoch ? present : this.#start(participantId, epoch);
    session.setModalities(modalities);
  }

  async closeParticipant({ participantId, trigger, drop }: Said<'participant.close'>): Promise<void> {
    const session = this.#sessions.get(participantId);
    if (session && drop) {
      this.#sessions.delete(participantId);
      session.drop();
    } else if (session && trigger !== 'leave') {
      session.end(trigger);
      return;
    }
    if (session && !drop) {
      this.#sessions.delete(participantId);
      await session.finish(trigger);
      this.#tellTrace(participantId, session);
    }
    if (trigger === 'leave') {
      this.#options.send({ type: 'participant.closed', roomId: this.#options.roomId, participantId });
    }
  }

  /** Lets everybody finish. */
  async finish(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.finish('shutdown')));
    this.#sessions.clear();
  }

  drop(): void {
    for (const session of this.#sessions.values()) session.drop();
    this.#sessions.clear();
  }

  #tellTrace(participantId: string, session: ParticipantSession | undefined): void {
    const { roomId, send } = this.#options;
    const batch = session?.takeTrace();
    if (session && batch) send({ type: 'trace', roomId, participantId, epoch: session.epoch, batch });
  }

  #start(participantId: string, epoch: number): ParticipantSession {
    const { roomId, utterance, contextTurns, inference, transcriber, send } = this.#options;
    const session = new ParticipantSession({
      participantId,
      key: JSON.stringify([roomId, participantId]),
      epoch,
      utterance,
      contextTurns,
      inference,
      transcriber,
      labelSetId: () => this.#labelSetId!,
      signal: (of, signal) => {
        // Whoever looks knows of a window's end before its result.
        if (signal.kind === 'final' && this.#traced.has(participantId)) this.#tellTrace(participantId, session);
        send({ type: 'signal', roomId, participantId, epoch: of, signal });
      },
      failed: ({ code, message, retryable }) =>
        send({ type: 'error', code: `inference-${code}`, message, retryable, roomId, participantId }),
    });
    session.shedVideo(this.#videoShed);
    session.trace(this.#traced.has(participantId));
    this.#sessions.set(participantId, session);
    return session;
  }
}
