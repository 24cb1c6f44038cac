import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The part of the optional package `node-av` that writes test files. */
interface Writer {
  Demuxer: { open(path: string): Promise<Input> };
  Muxer: { open(path: string): Promise<Output> };
  Decoder: { create(stream: object): Promise<{ frames(packets: object): object }> };
  Encoder: {
    create(name: string, options: object): Promise<{ packets(frames: object): AsyncGenerator<Packet | null, void> }>;
  };
  Log: { setLevel(level: number): void };
  AV_LOG_QUIET: number;
}

interface Input {
  streams: { index: number }[];
  packets(stream: number): AsyncGenerator<Packet | null, void>;
  close(): Promise<void>;
}

type Packet = object;

interface Output {
  addStream(of: object, options?: { inputStream: object }): number;
  writePacket(packet: Packet | null, stream: number): Promise<void>;
  close(): Promise<void>;
}

/** Where the package is: beside the project, or where UNDERTONE_NODE_AV points. */
async function loadWriter(): Promise<Writer> {
  const elsewhere = process.env['UNDERTONE_NODE_AV'];
  const from = elsewhere === undefined ? import.meta.url : pathToFileURL(`${elsewhere}/package.json`);
  return (await import(pathToFileURL(createRequire(from).resolve('node-av')).href)) as Writer;
}

/** The reason to skip where node-av is not there, as `skip` of a test wants it. */
export const WITHOUT_NODE_AV = await loadWriter().then(
  () => false as const,
  () => 'node-av is not installed (npm install --no-save node-av, or UNDERTONE_NODE_AV)',
);

/**
 * Puts the first stream of each file into one container.
 *
 * @param encoders coded anew, each by the encoder of that name; as it is where there is none
 */
export async function writeContainer(
  path: string,
  files: readonly string[],
  encoders: readonly string[] = [],
): Promise<void> {
  const { Demuxer, Muxer, Decoder, Encoder, Log, AV_LOG_QUIET } = await loadWriter();
  Log.setLevel(AV_LOG_QUIET);
  const output = await Muxer.open(path);
  const inputs = await Promise.all(files.map((file) => Demuxer.open(file)));
  let open: { packets: AsyncGenerator<Packet | null, void>; place: number }[] = [];
  for (const [index, input] of inputs.entries()) {
    const stream = input.streams[0]!;
    const packets = input.packets(stream.index);
    const name = encoders[index];
    if (name === undefined) open.push({ packets, place: output.addStream(stream) });
    else {
      const decoder = await Decoder.create(stream);
      const encoder = await Encoder.create(name, { decoder });
      const place = output.addStream(encoder, { inputStream: stream });
      open.push({ packets: encoder.packets(decoder.frames(packets)), place });
    }
  }
  // By turns, as a recorder would write them.
  while (open.length > 0) {
    const left: typeof open = [];
    for (const one of open) {
      const { value: packet } = (await one.packets.next()) as IteratorResult<Packet | null, undefined>;
      await output.writePacket(packet ?? null, one.place);
      if (packet) left.push(one);
    }
    open = left;
  }
  await output.close();
  for (const input of inputs) await input.close();
}
