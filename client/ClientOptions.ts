import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';

/** The token, or what gets one: called again for each new connection, so that an expired one can be replaced. */
export type TokenSource = string | (() => string | Promise<string>);

/** Where the server is, and who asks. */
export interface LineOptions {
  /** Where the server is, such as `https://calls.example.org`. @default in a browser, where the page came from */
  url?: string;
  token: TokenSource;
  /** Anything else that Socket.IO should know: `path`, `transports`, `extraHeaders`, ... */
  socketOptions?: Partial<ManagerOptions & SocketOptions>;
}

interface CommonOptions {
  roomId: string;
  /** Follow only this participant. @default everybody whom the token lets one see */
  participantId?: string;
  /**
   * Follow only the means over the room, `emotion.aggregate`; the token needs `room:aggregate` or `room:all`. Not along with
   * `participantId`.
   */
  aggregate?: boolean;
  /** Begin after this number: 0 gives all that the server still keeps. @default only what comes from now on */
  since?: number;
  /** How long a request waits for its answer. @default 10000 */
  timeoutMs?: number;
  /** How many events may wait for a slow reader of `events()`. @default 10000 */
  bufferSize?: number;
}

export interface ConnectOptions extends CommonOptions, LineOptions {
  socket?: never;
}

export interface SocketClientOptions extends CommonOptions {
  /** A socket of the namespace `/emotion` with its token, where the app has a Socket.IO manager of its own. */
  socket: Socket;
  url?: never;
  token?: never;
  socketOptions?: never;
}

export type EmotionClientOptions = ConnectOptions | SocketClientOptions;
