import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A plain TCP balancer, as much as a cloud's is: each connection goes to the next server that takes it, whoever it comes from.
 * What goes through it is not looked at.
 */
export class TcpBalancer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #ports: number[];
  #next = 0;

  private constructor(ports: number[]) {
    this.#ports = ports;
    this.#server = createServer((client) => this.#pass(client));
  }

  static async listen(ports: number[]): Promise<TcpBalancer> {
    const balancer = new TcpBalancer(ports);
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** New connections go to these, in turn. */
  use(...ports: number[]): void {
    this.#ports = ports;
    this.#next = 0;
  }

  /** Cuts all connections, as a network does. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  #pass(client: Socket, tries = 0): void {
    const port = this.#ports[this.#next++ % this.#ports.length]!;
    const server = connect(port, '127.0.0.1');
    server.once('connect', () => {
      client.pipe(server).pipe(client);
      for (const [one, other] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(one);
        one.once('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
    server.on('error', () => {
      if (server.connecting || server.bytesRead === 0) {
        if (tries + 1 < this.#ports.length) return this.#pass(client, tries + 1);
      }
      client.destroy();
    });
    client.on('error', () => server.destroy());
  }
}
