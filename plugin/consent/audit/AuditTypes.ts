import type { Modality } from '../../events/contract/v1/types.ts';

/** What is written down. A reader passes over actions that it does not know. */
export type AuditAction =
  /** A trail was opened, with which key pseudonyms are made. */
  | 'trail.started'
  /** A line that a crash had cut off was taken away. */
  | 'trail.repaired'
  /** What the results are for, as declared at start. */
  | 'purpose.declared'
  /** A notice has come into force, with its text. */
  | 'notice.published'
  | 'consent.granted'
  /** A first answer of no. */
  | 'consent.denied'
  | 'consent.withdrawn'
  /** Another notice has come into force: the former yes was to another text. */
  | 'consent.lapsed'
  /** The participant has left; a new visit starts with a new question. */
  | 'consent.ended'
  | 'events.subscribed'
  | 'access.revoked'
  | 'data.exported'
  | 'data.erased'
  /** Not everything could be erased; asked again, the rest is. */
  | 'data.erasure-failed';

/** Who moved something: the person, the host app, or Undertone by itself. */
export type AuditActor = 'participant' | 'host' | 'server';

/** Plain facts: counts, versions, texts of the operator. Never what somebody said or how they seemed. */
export type AuditFact =
  string | number | boolean | null | readonly AuditFact[] | { readonly [name: string]: AuditFact };

/** A release that was signed elsewhere, as the trail has it. */
export interface AuditRelease {
  reference: string;
  signedAtMs: number;
}

interface AuditBody {
  action: AuditAction;
  roomId?: string | undefined;
  by?: AuditActor | undefined;
  modalities?: readonly Modality[] | undefined;
  noticeVersion?: string | undefined;
  release?: AuditRelease | undefined;
  facts?: Readonly<Record<string, AuditFact>> | undefined;
}

/** What is to be written down. Ids of people are replaced by pseudonyms on the way. */
export interface AuditEvent extends AuditBody {
  /** Whom it is about. */
  participantId?: string | undefined;
  /** Who did it, where that is somebody else. */
  actorId?: string | undefined;
}

/** One line of the trail: who, what, when, never content. */
export interface AuditRecord extends AuditBody {
  v: 1;
  /** 1, 2, 3, ... */
  n: number;
  atMs: number;
  /** Pseudonym of whom it is about. */
  subject?: string;
  /** Pseudonym of who did it, where that is somebody else. */
  actor?: string;
  /** `hash` of the record before; 64 zeros in the first. */
  prev: string;
  /** SHA-256 over all other fields as canonical JSON (RFC 8785), in hex. */
  hash: string;
}

/** The newest record: whoever keeps this can later tell whether the trail up to it is still the same. */
export interface AuditHead {
  n: number;
  hash: string;
}

export interface AuditFilter {
  roomId?: string | undefined;
  /** As subject or actor. */
  participantId?: string | undefined;
}

export interface AuditOptions {
  /** File of JSON Lines to append to; by default the trail is kept in memory and ends with the process. */
  file?: string | undefined;
  /**
   * A file that has so many bytes is given a number (`audit.jsonl.000001`), and another one goes on with the chain.
   * @default 64 MiB
   */
  segmentBytes?: number | undefined;
  /**
   * Secret, of at least 32 characters, from which pseudonyms are made; needed with `file`.
   * @default random
   */
  key?: string | undefined;
}

/** Who did what when, append-only; each record holds the hash of the one before. */
export interface AuditTrail {
  readonly head: AuditHead;
  /** Why records cannot be kept just now; while it is set, nobody new is analysed. */
  readonly trouble: string | undefined;
  append(event: AuditEvent): AuditRecord;
  /** The pseudonym of a participant. */
  pseudonym(participantId: string): string;
  /** The newest records, oldest first. */
  recent(filter?: AuditFilter): AuditRecord[];
  /** All records, oldest first, from the file where there is one. */
  find(filter: AuditFilter): Promise<AuditRecord[]>;
  /**
   * Resolves when everything so far has reached the disk; at once without a file.
   * @throws AuditError when it cannot
   */
  synced(): Promise<void>;
  close(): Promise<void>;
}
