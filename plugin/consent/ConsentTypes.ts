import type { PerModality } from '../events/contract/v1/types.ts';
import type { AuditRecord } from './audit/AuditTypes.ts';

/** Who moved a participant's consent. */
export type ConsentActor = 'participant' | 'host';

export interface ConsentChange {
  participantId: string;
  before: PerModality;
  after: PerModality;
  by: ConsentActor | 'server';
  /** Version of the notice that the participant was shown. */
  noticeVersion?: string | undefined;
  /**
   * Whether results that rest on what is no longer allowed are taken back. They stay when another notice has come into force:
   * they were made while the former one held.
   */
  retracts: boolean;
  atMs: number;
}

/** A consent that was given elsewhere, such as a form with a signature. */
export interface ConsentRelease {
  /** Under which it is found in your own records: an id, never a name. Stays in the audit trail. */
  reference: string;
  /** When it was signed, wall ms. */
  signedAtMs: number;
  /** Who recorded it: the id of a user or a service of yours. The audit trail holds a pseudonym. */
  recordedBy: string;
}

export interface ConsentOptions {
  /** Who changes it. A yes by the host needs a `release`. @default 'participant' */
  by?: ConsentActor;
  /** Version of the notice that was shown; needed for a yes where the room has a notice. */
  noticeVersion?: string | undefined;
  release?: ConsentRelease;
}

/** Who may be analysed, by modality. Everything not granted is denied. */
export interface ConsentRegistry {
  /** Version of the notice in force; undefined where the host app looks after notices itself. */
  readonly notice: string | undefined;
  /** What this participant allows now; all false for anybody unknown. */
  get(participantId: string): PerModality;
  /**
   * Changes the named modalities, leaves the others. A no is always taken.
   *
   * @throws TypeError for an unknown modality, a value that is not boolean, or a release that is none
   * @throws ConsentError when a yes does not count: to another notice than the one in force, by the host without a release or
   *   on one that was signed before the participant said no, or while the audit trail cannot be written
   */
  set(participantId: string, modalities: Partial<PerModality>, options?: ConsentOptions): PerModality;
  /** Withdraws everything. */
  withdraw(participantId: string, options?: ConsentOptions): void;
  /** Another notice has come into force. A yes to a former one lapses: its text was another. */
  setNotice(version: string): void;
  /** The newest records of the audit trail about this room, oldest first. */
  audit(): readonly AuditRecord[];
  /** What the audit trail has about this participant in this room, oldest first. */
  history(participantId: string): Promise<AuditRecord[]>;
}
