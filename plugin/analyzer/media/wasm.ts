/**
 * The part of the WebAssembly JavaScript interface that the decoders use. TypeScript declares it with the DOM only, which
 * a server must not pull in.
 */
export interface WasmMemory {
  /** Replaced when the memory grows: read it anew after every call. */
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A compiled module; it can be instantiated many times. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: 'WebAssembly.Module';
}

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface WasmApi {
  readonly Memory: new (descriptor: { initial: number }) => WasmMemory;
  readonly Instance: new (module: WasmModule, imports: WasmImports) => WasmInstance;
  compile(bytes: Uint8Array): Promise<WasmModule>;
}

const api = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;

export function compileWasm(bytes: Uint8Array): Promise<WasmModule> {
  return api.compile(bytes);
}

export function instantiateWasm(module: WasmModule, imports: WasmImports): WasmInstance {
  return new api.Instance(module, imports);
}

export function isWasmMemory(value: unknown): value is WasmMemory {
  return value instanceof api.Memory;
}

const PAGE_BYTES = 65536;

/**
 * Keeps a memory from growing beyond a limit that its module does not have: an allocation that needs more fails inside
 * the module, as it would on a machine without more memory.
 */
export function limitMemory(memory: WasmMemory, maxBytes: number): void {
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (memory.buffer.byteLength + pages * PAGE_BYTES > maxBytes) {
      throw new RangeError(`The memory may not grow beyond ${maxBytes} bytes.`);
    }
    return grow(pages);
  };
}
