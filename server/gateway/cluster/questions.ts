import type { DurableEvent } from '../../../plugin/events/contract/v1/types.ts';
import type { RoomLabels } from '../../sfu/Room.ts';
import type { Claims } from '../access/claims.ts';
import type { Revocation } from '../access/Revocations.ts';

/** Events of a room, oldest first; nothing else is left up to `seq`. */
export interface Since {
  events: DurableEvent[];
  seq: number;
  more: boolean;
}

/** What a node asks the one that has a room, or all of them. */
export interface Questions {
  /** May the bearer of a token come in? */
  admit: { question: { claims: Claims }; answer: { viewer: boolean } };
  /** A request of a client of `/emotion`. */
  ask: {
    question: { client: string; claims: Claims; event: string; payload: unknown };
    /** Rooms of Socket.IO that the client gets into, told by the stream. */
    answer: { reply: object; joined: string[] };
  };
  /** All clients that follow rooms of the asked node: those that are missing have gone. */
  present: {
    question: { clients: { client: string; claims: Claims }[] };
    /** The newest number of each room. */
    answer: { seqs: Record<string, number> };
  };
  /** What came after a number, for clients that may see it. */
  since: { question: { roomId: string; afterSeq: number }; answer: Since };
  register: {
    question: { roomId: string; displayName: string };
    answer: { participantId: string; labels: RoomLabels };
  };
  describe: { question: { roomId: string }; answer: object };
  revoke: { question: Revocation; answer: { ended: number } };
  erase: { question: { participantId: string; roomId?: string }; answer: { counts: Record<string, number> } };
  export: { question: { participantId: string; roomId?: string }; answer: { kept: Record<string, unknown> } };
}
