import { SessionAwareAdapter, type Session } from 'socket.io-adapter';
import type { SocketData } from './serve.ts';

type Packet = [name: string, event?: { utteranceId?: string; utteranceIds?: string[] }];

/**
 * Keeps what a client missed while it was away, as Socket.IO does, with two differences: an ended token recovers
 * nothing, and a result that was retracted meanwhile is not delivered late.
 */
export class ConsentAwareAdapter extends SessionAwareAdapter {
  override async restoreSession(pid: string, offset: string): Promise<Session> {
    const session = await super.restoreSession(pid, offset);
    const claims = (session?.data as SocketData | undefined)?.claims;
    if (!session || !claims || claims.expiresAtMs <= Date.now()) return null as unknown as Session;
    const packets = session.missedPackets as Packet[];
    const retracted = new Set(
      packets.filter(([name]) => name === 'emotion.retracted').flatMap(([, event]) => event?.utteranceIds ?? []),
    );
    session.missedPackets = packets.filter(
      ([name, event]) => name === 'emotion.retracted' || !event?.utteranceId || !retracted.has(event.utteranceId),
    );
    return session;
  }
}
