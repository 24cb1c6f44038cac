import type { Modality, PerModality } from '../events/contract/v1/types.ts';

/** Who moved a participant's consent. */
export type ConsentActor = 'participant' | 'host';

export interface ConsentChange {
  participantId: string;
  before: PerModality;
  after: PerModality;
  by: ConsentActor;
  /** Version of the notice that the participant was shown. */
  noticeVersion?: string;
  atMs: number;
}

/** One line of the audit trail: who, what, when, never content. */
export interface AuditEntry {
  atMs: number;
  roomId: string;
  action: 'consent.granted' | 'consent.withdrawn' | 'erased';
  participantId: string;
  modalities: Modality[];
  by: ConsentActor;
  noticeVersion?: string;
}

export interface ConsentOptions {
  /** Who changes it. @default 'participant' */
  by?: ConsentActor;
  noticeVersion?: string;
}

/** Who may be analysed, by modality. Everything not granted is denied. */
export interface ConsentRegistry {
  /** What this participant allows now; all false for anybody unknown. */
  get(participantId: string): PerModality;
  /**
   * Changes the named modalities, leaves the others.
   * @throws TypeError for an unknown modality or a value that is not boolean
   */
  set(participantId: string, modalities: Partial<PerModality>, options?: ConsentOptions): PerModality;
  /** Withdraws everything. */
  withdraw(participantId: string, options?: ConsentOptions): void;
  /** The audit trail of this room, oldest first. */
  audit(): readonly AuditEntry[];
}
