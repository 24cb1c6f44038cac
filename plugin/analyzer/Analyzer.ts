import { DecoderClient, type DecoderMessage } from './DecoderClient.ts';
import { InferenceClient, readManifest } from './inference/index.ts';
import { MediaClock } from './media-clock.ts';
import { overloadLevel, videoIsShed, type Loads } from './overload-report.ts';
import type { ParticipantSession } from './ParticipantSession.ts';
import type { AnalyzerOptions, DropCounts, FromAnalyzer, ModelInfo, ToAnalyzer, TrackSpec } from './protocol.ts';
import { Room } from './Room.ts';
import { Transcriber } from './Transcriber.ts';
import { UdpTap } from './UdpTap.ts';

/** How often time is told to pipelines that no media reaches. */
const TICK_MS = 100;
const STATS_MS = 1_000;
/** How often what the windows do is told, where somebody looks. */
const TRACE_MS = 400;
/** How often the host hears of the size of a face. */
const FACE_SIZE_MS = 2_000;

interface Track {
  spec: TrackSpec;
  media: MediaClock;
  faceSizeAtMs: number;
}

/** Ties the parts together: datagrams to decoders, what they make of them to utterances, those to the model. */
export class Analyzer {
  readonly #options: AnalyzerOptions;
  readonly #send: (message: FromAnalyzer) => void;
  readonly #inference: InferenceClient;
  readonly #rooms = new Map<string, Room>();
  readonly #taps = new Map<string, UdpTap>();
  readonly #tracks = new Map<string, Track>();
  readonly #timers: NodeJS.Timeout[] = [];
  #decoder!: DecoderClient;
  #transcriber!: Transcriber;
  #cpu = process.cpuUsage();
  #cpuAtMs = performance.now();
  readonly #loads: Loads = { inference: 0, decoding: 0 };
  #overloadLevel = 0;

  constructor(options: AnalyzerOptions, send: (message: FromAnalyzer) => void) {
    this.#options = options;
    this.#send = send;
    const { modelDir, provider, inferenceThreads } = options;
    this.#inference = new InferenceClient({ modelDir, provider, threads: inferenceThreads });
    this.#inference.on('overload', ({ level }) => this.#overload({ inference: level }));
  }

  /** @throws InferenceError or RecogniserError when a model, the provider or the recogniser cannot be used */
  async start(): Promise<ModelInfo> {
    const { detectorsDir, videoFps, modelDir, transcript } = this.#options;
    // All take a while, and none needs the others: how large a face has to be stands in the manifest.
    const { size, cropScale, cropRise } = (await readManifest(modelDir)).vision;
    const [info, decoder, transcriber] = await Promise.all([
      this.#inference.start(),
      DecoderClient.start({ detectorsDir, crop: { size, cropScale, cropRise }, videoFps }, (message) =>
        this.#decoded(message),
      ),
      Transcriber.start(transcript, (trouble) => this.#recogniserChanged(trouble)),
    ]);
    this.#decoder = decoder;
    this.#transcriber = transcriber;
    const { model, provider, why, labelSets } = info;
    this.#timers.push(
      setInterval(() => this.#tick(), TICK_MS),
      setInterval(() => this.#stats(), STATS_MS),
      setInterval(() => this.#tellTraces(), TRACE_MS),
    );
    return {
      id: model.id,
      version: model.version,
      calibration: 'temperature',
      provider,
      providerReason: why,
      labelSets: labelSets.map(({ id, kind, labels }) => ({ id, kind, labels: labels.map(({ name }) => name) })),
      decoders: this.#decoder.decoders,
    };
  }

  handle(message: ToAnalyzer): void {
    switch (message.type) {
      case 'room.open':
        this.#answer(message.requestId, () => this.#openRoom(message));
        break;
      case 'room.labels':
        this.#answer(message.requestId, () => this.#setLabels(message));
        break;
      case 'room.close':
        this.#rooms.get(message.roomId)?.drop();
        this.#rooms.delete(message.roomId);
        break;
      case 'tap.open':
        this.#answer(message.requestId, () => this.#openTap(message.tapId));
        break;
      case 'tap.source':
        this.#taps.get(message.tapId)?.setSource(message.port);
        break;
      case 'tap.close':
        this.#taps.get(message.tapId)?.close();
        this.#taps.delete(message.tapId);
        break;
      case 'track.add':
        this.#addTrack(message.track);
        break;
      case 'track.remove':
        this.#removeTrack(message.trackId);
        break;
      case 'track.pause':
      case 'track.resume':
        this.#decoder.send({ type: message.type, trackId: message.trackId });
        break;
      case 'participant':
        this.#rooms.get(message.roomId)?.participant(message);
        break;
      case 'participant.close':
        void this.#rooms.get(message.roomId)?.closeParticipant(message);
        break;
      case 'words':
        this.#words(message);
        break;
      case 'trace':
        this.#rooms.get(message.roomId)?.trace(message);
        break;
      case 'init':
      case 'shutdown':
        break;
    }
  }

  /** Lets everybody finish what they were saying, then lets go of everything. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const tap of this.#taps.values()) tap.close();
    await Promise.all([...this.#rooms.values()].map((room) => room.finish()));
    await this.#decoder.close();
    await this.#transcriber.close();
    await this.#inference.close();
  }

  async #openRoom({ roomId, labels }: Extract<ToAnalyzer, { type: 'room.open' }>): Promise<unknown> {
    const { utterance } = this.#options;
    const { contextTurns } = this.#inference.info.text;
    const room = new Room({
      roomId,
      utterance,
      contextTurns,
      inference: this.#inference,
      transcriber: this.#transcriber,
      send: this.#send,
    });
    await room.setLabels(labels);
    room.shedVideo(videoIsShed(this.#loads));
    this.#rooms.get(roomId)?.drop();
    this.#rooms.set(roomId, room);
    return undefined;
  }

  async #setLabels({ roomId, labels }: Extract<ToAnalyzer, { type: 'room.labels' }>): Promise<unknown> {
    const room = this.#rooms.get(roomId);
    if (!room) throw new Error('the room is not open');
    const { id, hash, labels: all } = await room.setLabels(labels);
    return { id, hash, labels: all.map(({ name }) => name) };
  }

  async #openTap(tapId: string): Promise<number> {
    const tap = await UdpTap.open({
      datagram: (trackId, data, arrivalMs) => this.#decoder.datagram(trackId, data, arrivalMs),
      error: (error) => this.#send({ type: 'error', code: 'tap-socket', message: error.message, retryable: true }),
    });
    this.#taps.set(tapId, tap);
    return tap.port;
  }

  #addTrack(spec: TrackSpec): void {
    const { trackId, roomId, participantId, kind, codec, payloadType, clockRate, ssrc } = spec;
    this.#tracks.set(trackId, { spec, media: new MediaClock(clockRate), faceSizeAtMs: 0 });
    const participantKey = JSON.stringify([roomId, participantId]);
    this.#decoder.send({ type: 'track.add', trackId, participantKey, kind, codec, payloadType, clockRate, ssrc });
    this.#taps.get(spec.tapId)?.addTrack(ssrc, trackId);
  }

  #removeTrack(trackId: string): void {
    const track = this.#tracks.get(trackId);
    if (!track) return;
    this.#tracks.delete(trackId);
    this.#taps.get(track.spec.tapId)?.removeTrack(trackId);
    this.#decoder.send({ type: 'track.remove', trackId });
  }

  #words({ roomId, segment, trackId }: Extract<ToAnalyzer, { type: 'words' }>): void {
    const session = () => this.#rooms.get(roomId)?.session(segment.participantId);
    if (segment.clock !== 'media') return session()?.pushed(segment);
    const media = trackId === undefined ? undefined : this.#tracks.get(trackId)?.media;
    // Words may be told before the first sound of the track is.
    media?.whenKnown(() => session()?.pushed(media.toWall(segment)));
  }

  #session(trackId: string): { track: Track; session: ParticipantSession } | undefined {
    // A track that was removed meanwhile, because consent was withdrawn, has nobody to speak for any more.
    const track = this.#tracks.get(trackId);
    const session = track && this.#rooms.get(track.spec.roomId)?.session(track.spec.participantId);
    return track && session ? { track, session } : undefined;
  }

  #decoded(message: DecoderMessage): void {
    switch (message.type) {
      case 'audio': {
        const { trackId, startMs, pcm, vad, concealedMs, anchor } = message;
        if (anchor) this.#tracks.get(trackId)?.media.add(anchor);
        this.#session(trackId)?.session.feed({ kind: 'audio', startMs, pcm, vad, concealedMs });
        break;
      }
      case 'audio.gap': {
        const { trackId, fromMs, toMs, reason } = message;
        this.#session(trackId)?.session.feed({ kind: 'audio.gap', fromMs, toMs, reason });
        break;
      }
      case 'face':
        this.#face(message);
        break;
      case 'keyframe':
        this.#keyFrame(message.trackId);
        break;
      case 'load':
        this.#overload({ decoding: message.level });
        break;
      case 'error':
        this.#decoderError(message);
        break;
      default:
        break;
    }
  }

  #keyFrame(trackId: string): void {
    const track = this.#tracks.get(trackId);
    if (track) this.#send({ type: 'keyframe', roomId: track.spec.roomId, trackId });
  }

  #face({ trackId, atMs, face }: Extract<DecoderMessage, { type: 'face' }>): void {
    const found = this.#session(trackId);
    if (!found) return;
    const { track, session } = found;
    session.feed({ kind: 'face', atMs, face: face && { ...face, reasons: [...face.reasons] } });
    if (face && Date.now() - track.faceSizeAtMs >= FACE_SIZE_MS) {
      track.faceSizeAtMs = Date.now();
      this.#send({
        type: 'face.size',
        roomId: track.spec.roomId,
        trackId,
        px: Math.max(face.box.width, face.box.height),
      });
    }
  }

  #decoderError({ trackId, code, message }: Extract<DecoderMessage, { type: 'error' }>): void {
    const spec = trackId === undefined ? undefined : this.#tracks.get(trackId)?.spec;
    this.#send({
      type: 'error',
      code,
      message,
      retryable: false,
      roomId: spec?.roomId,
      participantId: spec?.participantId,
    });
  }

  #recogniserChanged(trouble: string | undefined): void {
    for (const room of this.#rooms.values()) {
      for (const session of room.sessions) session.recogniserChanged();
    }
    this.#send({ type: 'recogniser', trouble });
  }

  #overload(change: Partial<Loads>): void {
    const level = overloadLevel(Object.assign(this.#loads, change));
    if (change.inference !== undefined) {
      // What is not decoded need not be thrown away later.
      const { videoFps } = this.#options;
      this.#decoder.send({
        type: 'settings',
        video: change.inference >= 3 ? 'off' : 'on',
        videoFps: change.inference >= 2 ? videoFps / 2 : videoFps,
      });
    }
    const shed = videoIsShed(this.#loads);
    for (const room of this.#rooms.values()) room.shedVideo(shed);
    if (level === this.#overloadLevel) return;
    const direction = level > this.#overloadLevel ? 'raised' : 'eased';
    this.#overloadLevel = level;
    this.#send({ type: 'overload', level, change: direction, dropped: this.#dropped() });
  }

  #dropped(): DropCounts {
    const { shed } = this.#inference.stats();
    return { interims: shed.interim, frames: shed['video-rate'] + shed.video, windows: shed.windows };
  }

  #answer(requestId: number, work: () => Promise<unknown>): void {
    work().then(
      (value) => this.#send({ type: 'reply', requestId, ok: true, value }),
      (error: Error) => this.#send({ type: 'reply', requestId, ok: false, message: error.message }),
    );
  }

  #tick(): void {
    const atMs = Date.now();
    for (const room of this.#rooms.values()) {
      for (const session of room.sessions) session.feed({ kind: 'tick', atMs });
    }
  }

  #tellTraces(): void {
    for (const room of this.#rooms.values()) room.tellTraces();
  }

  #stats(): void {
    const { user, system } = process.cpuUsage(this.#cpu);
    const nowMs = performance.now();
    const cpuPercent = (user + system) / 10 / (nowMs - this.#cpuAtMs);
    this.#cpu = process.cpuUsage();
    this.#cpuAtMs = nowMs;
    this.#send({
      type: 'stats',
      cpuPercent,
      rssBytes: process.memoryUsage.rss(),
      tracks: this.#tracks.size,
      dropped: this.#dropped(),
    });
  }
}
