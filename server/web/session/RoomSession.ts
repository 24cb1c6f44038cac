import { Manager } from 'socket.io-client';
import type { PerModality, UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import { Store } from '../../../client/Store.ts';
import type { LabelSet, Notice } from '../api/types.ts';
import { CallClient } from '../call/CallClient.ts';
import type { Source } from '../call/Source.ts';
import type { LocalMedia } from '../call/LocalMedia.ts';
import { SpeechCaptions } from '../captions/SpeechCaptions.ts';
import { EmotionClient, type Caption } from '../emotion/EmotionClient.ts';
import { NOTHING } from '../emotion/EmotionState.ts';
import { recordEvent } from './debugLog.ts';

export interface RoomSessionOptions {
  roomId: string;
  token: string;
  /** Missing for a viewer, who sends nothing and is not analysed. */
  self?: { participantId: string; displayName: string; notice: Notice };
  labels: LabelSet;
  seesAll: boolean;
  media: LocalMedia;
}

const SOCKET_PATH = '/socket.io';

function allowsAny(consent: PerModality): boolean {
  return Object.values(consent).includes(true);
}

/** One stay in a room: the call, its events, and one's own devices and words. */
export class RoomSession {
  readonly roomId: string;
  readonly self: RoomSessionOptions['self'];
  readonly seesAll: boolean;
  readonly call: CallClient;
  readonly emotion: EmotionClient;
  readonly media: LocalMedia;
  readonly captions: SpeechCaptions;
  /**
   * Whether what was allowed is no longer in force though nobody withdrew it: after a longer break in the connection the
   * server takes one's return for a new visit, and a new visit starts with the question.
   */
  readonly lapsed = new Store(false);
  /** What went wrong with the last thing that was asked for. */
  readonly problem = new Store<string | undefined>(undefined);
  readonly #manager: Manager;
  /** Whether anything was allowed here and not withdrawn since. */
  #allows = false;
  readonly #leave = () => this.leave();

  constructor({ roomId, token, self, labels, seesAll, media }: RoomSessionOptions) {
    this.roomId = roomId;
    this.self = self;
    this.seesAll = seesAll;
    this.media = media;
    this.#manager = new Manager({ path: SOCKET_PATH, reconnectionDelay: 500, reconnectionDelayMax: 4_000 });
    const auth = { token };
    this.call = new CallClient(this.#manager.socket('/call', { auth }));
    const onEvent = (event: UndertoneEvent) => recordEvent(event);
    this.emotion = new EmotionClient({ socket: this.#manager.socket('/emotion', { auth }), roomId, onEvent });
    this.emotion.labels.set(labels);
    this.captions = new SpeechCaptions(this.emotion.clock, (caption) => void this.#caption(caption));
    const { audio, video } = media.state.value;
    if (audio) this.call.send('microphone', audio);
    if (video) this.call.send('camera', video);
    media.onEnded = (source) => this.call.stop(source);
    this.emotion.state.subscribe(() => {
      if (!this.consent.text) this.captions.stop();
      this.lapsed.set(this.#allows && !allowsAny(this.consent));
    });
    this.call.status.subscribe(() => {
      if (this.call.status.value.status === 'ended') this.#release();
    });
    globalThis.addEventListener('pagehide', this.#leave);
  }

  /** One's own consent. */
  get consent(): PerModality {
    const id = this.self?.participantId;
    return (id !== undefined && this.emotion.state.value.participants[id]?.consent) || NOTHING;
  }

  /** @returns whether the server has taken note */
  async setConsent(consent: PerModality): Promise<boolean> {
    const allows = allowsAny(consent);
    // A no does not wait for the server: recognition ends at once.
    if (!consent.text) this.captions.stop();
    if (!allows) this.forgetAllowed();
    const taken = await this.#attempt(this.emotion.setConsent(consent, this.self?.notice.version));
    if (taken && allows) this.#allows = true;
    return taken;
  }

  /** Nothing is allowed any more, and that is how it is meant. */
  forgetAllowed(): void {
    this.#allows = false;
    this.lapsed.set(false);
  }

  stopAnalysis(): Promise<boolean> {
    return this.setConsent(NOTHING);
  }

  /** Words that were typed. @returns whether the server has taken them */
  say(text: string): Promise<boolean> {
    const lang = navigator.language;
    return this.#attempt(this.emotion.pushTranscript({ segmentId: crypto.randomUUID(), text, final: true, lang }));
  }

  async toggleMicrophone(): Promise<void> {
    const { microphone } = this.media.state.value;
    if (microphone === 'off') {
      await this.#open('microphone');
      return;
    }
    const muted = microphone === 'on';
    if (muted) this.captions.stop();
    this.media.setMuted(muted);
    this.call.setPaused('microphone', muted);
  }

  async toggleCamera(): Promise<void> {
    if (this.media.state.value.camera === 'off') {
      await this.#open('camera');
      return;
    }
    this.media.closeCamera();
    this.call.stop('camera');
  }

  leave(): void {
    this.call.leave();
  }

  async #open(source: Source): Promise<void> {
    if (!(await this.media.open([source]))) return;
    const { audio, video } = this.media.state.value;
    const track = source === 'camera' ? video : audio;
    if (track) this.call.send(source, track);
  }

  async #caption(caption: Caption): Promise<void> {
    if (!this.consent.text) return;
    await this.#attempt(this.emotion.pushTranscript(caption));
  }

  async #attempt(request: Promise<unknown>): Promise<boolean> {
    try {
      await request;
      this.problem.set(undefined);
      return true;
    } catch (error) {
      this.problem.set(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  #release(): void {
    globalThis.removeEventListener('pagehide', this.#leave);
    this.captions.stop();
    this.media.close();
    this.emotion.close();
  }
}
