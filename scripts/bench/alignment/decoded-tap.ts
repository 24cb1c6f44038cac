import { fileURLToPath } from 'node:url';
import { DecoderClient, type DecoderMessage } from '../../../plugin/analyzer/DecoderClient.ts';
import type { AnalyzerLink, AnalyzerRequest } from '../../../plugin/analyzer/AnalyzerLink.ts';
import type { ToAnalyzer } from '../../../plugin/analyzer/protocol.ts';
import { UdpTap } from '../../../plugin/analyzer/UdpTap.ts';

/** Of the face detector and the VAD. */
export const DETECTORS_DIR = fileURLToPath(new URL('../../../models/detectors', import.meta.url));

/**
 * The analyzer up to its decoder thread, in this process: what a `RouterTap` talks to. Sound and faces come out with the
 * times that utterances are made of.
 */
export class DecodedTap implements AnalyzerLink {
  readonly info = undefined;
  readonly restarts = 0;
  readonly #decoder: DecoderClient;
  readonly #taps = new Map<string, UdpTap>();
  readonly #tapOf = new Map<string, string>();

  private constructor(decoder: DecoderClient) {
    this.#decoder = decoder;
  }

  /** @param videoFps Pictures a second to look for a face in. */
  static async open(videoFps: number, decoded: (message: DecoderMessage) => void): Promise<DecodedTap> {
    const options = { detectorsDir: DETECTORS_DIR, crop: { size: 64, cropScale: 1.25 }, videoFps };
    return new DecodedTap(await DecoderClient.start(options, decoded));
  }

  async request(message: AnalyzerRequest): Promise<unknown> {
    if (message.type !== 'tap.open') throw new Error(`'${message.type}' is not answered here; 'tap.open' is.`);
    const tap = await UdpTap.open({
      datagram: (trackId, data, arrivalMs) => this.#decoder.datagram(trackId, data, arrivalMs),
      error: (error) => {
        throw error;
      },
    });
    this.#taps.set(message.tapId, tap);
    return tap.port;
  }

  send(message: ToAnalyzer): void {
    switch (message.type) {
      case 'tap.source':
        this.#taps.get(message.tapId)?.setSource(message.port);
        break;
      case 'tap.close':
        this.#taps.get(message.tapId)?.close();
        this.#taps.delete(message.tapId);
        break;
      case 'track.add': {
        const { trackId, tapId, participantId, kind, codec, payloadType, clockRate, ssrc } = message.track;
        const participantKey = participantId;
        this.#decoder.send({ type: 'track.add', trackId, participantKey, kind, codec, payloadType, clockRate, ssrc });
        this.#taps.get(tapId)?.addTrack(ssrc, trackId);
        this.#tapOf.set(trackId, tapId);
        break;
      }
      case 'track.remove':
        this.#taps.get(this.#tapOf.get(message.trackId) ?? '')?.removeTrack(message.trackId);
        this.#decoder.send(message);
        break;
      case 'track.pause':
      case 'track.resume':
        this.#decoder.send(message);
        break;
      default:
        break;
    }
  }

  addRoom(): void {}

  removeRoom(): void {}

  async close(): Promise<void> {
    for (const tap of this.#taps.values()) tap.close();
    this.#taps.clear();
    await this.#decoder.close();
  }
}
