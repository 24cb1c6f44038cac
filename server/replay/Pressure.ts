/** One line of Engine.IO, as far as it tells what waits on it. */
export interface Line {
  on(event: 'packetCreate', listener: (packet: { data?: unknown }) => void): unknown;
  on(event: 'drain', listener: () => void): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** Packets that may wait to be sent; live events take turns with them. */
const MAX_PACKETS = 64;
/** Characters that may wait. */
const MAX_LENGTH = 256 * 1_024;

const known = new WeakMap<Line, Pressure>();

/** Whether what was sent over a line has left this process: a client that does not read holds it up. */
export class Pressure {
  #packets = 0;
  #length = 0;
  #listeners: (() => void)[] = [];

  /** Of a line there is one, however many namespaces go over it. */
  static of(line: Line): Pressure {
    const pressure = known.get(line) ?? new Pressure(line);
    known.set(line, pressure);
    return pressure;
  }

  private constructor(line: Line) {
    line.on('packetCreate', ({ data }) => {
      this.#packets += 1;
      this.#length += typeof data === 'string' ? data.length : 0;
    });
    line.on('drain', () => {
      this.#packets = 0;
      this.#length = 0;
      for (const listener of this.#listeners.splice(0)) listener();
    });
    line.once('close', () => (this.#listeners = []));
  }

  get writable(): boolean {
    return this.#packets < MAX_PACKETS && this.#length < MAX_LENGTH;
  }

  onceWritable(listener: () => void): void {
    if (this.writable) queueMicrotask(listener);
    else this.#listeners.push(listener);
  }
}
