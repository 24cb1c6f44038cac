import { join } from 'node:path';
import type { types as mediasoup } from 'mediasoup';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { RoughNetwork } from '../rough-network.ts';
import type { Scene, Truth } from './scene.ts';

/** Never resolved: the page's requests are answered from here. Of https, as worklets ask for a secure context. */
const ORIGIN = 'https://flash-beep.invalid';
const PAGE = `<!doctype html><title>Flash and beep</title><script type="module" src="page.js"></script>`;

/** A browser's page that sends flashes and beeps into an SFU. */
export interface FlashBeepSender {
  readonly producers: ReadonlyMap<mediasoup.MediaKind, mediasoup.Producer>;
  /** What the page's packets travel through; smooth until it is told otherwise. */
  readonly network: RoughNetwork;
  /** Lets it flash and beep at these wall times, ms. */
  flashAndBeep(plan: readonly number[]): Promise<void>;
  /** Sends no sound, not even silence, for so long. */
  mute(ms: number): Promise<void>;
  truth(): Promise<Truth>;
}

/** What page.js leaves for us to call. */
interface InPage {
  startSending?: (scene: Scene) => Promise<void>;
  flashAndBeep: (plan: readonly number[]) => void;
  mute: (ms: number) => Promise<void>;
  whatWasSent: () => Truth;
}

/** Opens the page and lets it send, dark and silent at first; resolves when both tracks are produced. */
export async function openSender(browser: Browser, router: mediasoup.Router, scene: Scene): Promise<FlashBeepSender> {
  const page = await browser.newPage();
  const sfu = new Signalling(router);
  await page.exposeFunction('askSfu', (what: string, data: unknown) => sfu.answer(what, data));
  const files = new Map([
    ['/', { body: PAGE, contentType: 'text/html' }],
    ['/page.js', { body: await bundle(join(import.meta.dirname, 'page.js')), contentType: 'text/javascript' }],
  ]);
  await page.route(`${ORIGIN}/**`, (route) =>
    route.fulfill(files.get(new URL(route.request().url()).pathname) ?? { status: 404 }),
  );
  await page.goto(`${ORIGIN}/`);
  await page.waitForFunction(() => (globalThis as unknown as InPage).startSending !== undefined);
  await page.evaluate((given) => (globalThis as unknown as Required<InPage>).startSending(given), scene);
  return {
    producers: sfu.producers,
    network: sfu.network!,
    flashAndBeep: (plan) => page.evaluate((given) => (globalThis as unknown as InPage).flashAndBeep(given), plan),
    mute: (ms) => page.evaluate((given) => (globalThis as unknown as InPage).mute(given), ms),
    truth: () => page.evaluate(() => (globalThis as unknown as InPage).whatWasSent()),
  };
}

/** The SFU's side of the page's one transport. */
class Signalling {
  readonly producers = new Map<mediasoup.MediaKind, mediasoup.Producer>();
  network: RoughNetwork | undefined;
  readonly #router: mediasoup.Router;
  #transport: mediasoup.WebRtcTransport | undefined;

  constructor(router: mediasoup.Router) {
    this.#router = router;
  }

  async answer(what: string, data: unknown): Promise<unknown> {
    switch (what) {
      case 'capabilities':
        return this.#router.rtpCapabilities;
      case 'transport': {
        this.#transport = await this.#router.createWebRtcTransport({
          listenInfos: [{ protocol: 'udp', ip: '127.0.0.1' }],
          initialAvailableOutgoingBitrate: 1_000_000,
        });
        const { id, iceParameters, iceCandidates, dtlsParameters } = this.#transport;
        const network = await RoughNetwork.open(iceCandidates[0]!.port);
        this.#transport.observer.once('close', () => network.close());
        this.network = network;
        const throughIt = iceCandidates.map((candidate) => ({ ...candidate, port: network.port }));
        return { id, iceParameters, iceCandidates: throughIt, dtlsParameters };
      }
      case 'connect':
        return this.#transport!.connect(data as { dtlsParameters: mediasoup.DtlsParameters });
      case 'produce': {
        const producer = await this.#transport!.produce(data as mediasoup.ProducerOptions);
        this.producers.set(producer.kind, producer);
        return producer.id;
      }
      default:
        throw new Error(`the page asked for '${what}'; known are capabilities, transport, connect and produce`);
    }
  }
}

/** The page's script with mediasoup-client in it. */
async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'es2022', lib: { entry, formats: ['es'], fileName: 'page' } },
  });
  const [result] = Array.isArray(built) ? built : [built];
  if (!result || !('output' in result)) throw new Error('Vite gave no bundle');
  return result.output[0].code;
}
