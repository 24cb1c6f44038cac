import { Store } from '../../../client/Store.ts';
import type { Source } from './Source.ts';
import { explainMediaError, type MediaProblem } from './mediaProblems.ts';

export interface LocalMediaState {
  microphone: 'off' | 'muted' | 'on';
  camera: 'off' | 'on';
  audio?: MediaStreamTrack;
  video?: MediaStreamTrack;
  /** What kept a device from being used. */
  problem?: MediaProblem;
}

const AUDIO: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const VIDEO: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 360 },
  frameRate: { ideal: 24, max: 30 },
  facingMode: 'user',
};

/** One's own microphone and camera. A camera that is off is released: its light goes out. */
export class LocalMedia {
  readonly state = new Store<LocalMediaState>({ microphone: 'off', camera: 'off' });
  /** Called when a device goes away by itself. */
  onEnded: (source: Source) => void = () => undefined;

  /** Asks for what is wanted, in one question where both are. @returns whether all of it can be used */
  async open(sources: readonly Source[]): Promise<boolean> {
    if (sources.length === 0) return true;
    try {
      const stream = await this.#ask(sources);
      for (const track of stream.getTracks()) this.#take(track);
      this.state.update((state) => ({ ...state, problem: undefined }));
      return true;
    } catch (error) {
      this.state.update((state) => ({ ...state, problem: explainMediaError(error, sources) }));
      return false;
    }
  }

  setMuted(muted: boolean): void {
    const { audio } = this.state.value;
    if (!audio) return;
    audio.enabled = !muted;
    this.state.update((state) => ({ ...state, microphone: muted ? 'muted' : 'on' }));
  }

  closeCamera(): void {
    this.state.value.video?.stop();
    this.state.update((state) => ({ ...state, camera: 'off', video: undefined }));
  }

  dismissProblem(): void {
    this.state.update((state) => ({ ...state, problem: undefined }));
  }

  close(): void {
    this.state.value.audio?.stop();
    this.state.value.video?.stop();
    this.state.set({ microphone: 'off', camera: 'off' });
  }

  #ask(sources: readonly Source[]): Promise<MediaStream> {
    // Without HTTPS, browsers hide the whole interface.
    if (!globalThis.navigator?.mediaDevices) throw new DOMException('no media devices', 'SecurityError');
    return navigator.mediaDevices.getUserMedia({
      ...(sources.includes('microphone') && { audio: AUDIO }),
      ...(sources.includes('camera') && { video: VIDEO }),
    });
  }

  #take(track: MediaStreamTrack): void {
    const source: Source = track.kind === 'audio' ? 'microphone' : 'camera';
    track.addEventListener('ended', () => {
      this.state.update((state) =>
        source === 'camera'
          ? { ...state, camera: 'off', video: undefined }
          : { ...state, microphone: 'off', audio: undefined },
      );
      this.onEnded(source);
    });
    this.state.update((state) =>
      source === 'camera' ? { ...state, camera: 'on', video: track } : { ...state, microphone: 'on', audio: track },
    );
  }
}
