import type { AuditHead } from '../../plugin/consent/audit/AuditTypes.ts';
import type { ErasedCounts } from './Eraser.ts';

/** What a participant has in hand after an erasure. */
export interface Receipt {
  receiptId: string;
  participantId: string;
  /** The only room that was asked for; absent for all. */
  roomId?: string;
  erasedAtMs: number;
  by: 'participant' | 'host';
  /** What was erased where. */
  erased: { where: string; counts: ErasedCounts }[];
  /** What is kept on purpose, and why. */
  retained: { what: string; why: string }[];
  /** The record of this erasure in the audit trail: proves later that the trail up to it is still the same. */
  audit: AuditHead & { subject: string };
}

export const RETAINED: Receipt['retained'] = [
  {
    what: 'the audit trail of consent and access, under a pseudonym',
    why: 'shows that analysis rested on consent and that this erasure was done (GDPR, Articles 5(2), 7(1) and 17(3)(e))',
  },
  {
    what: 'the seat and the name in a call that goes on',
    why: 'the call needs them until the participant leaves',
  },
  {
    what: 'the id in the lists of tokens taken back and of who has followed whom, in memory',
    why: 'they keep others safe: without them an erasure would lift a refusal',
  },
];

/** What somebody gets to see of what is kept about them. */
export interface PersonalExport {
  participantId: string;
  /** The only room that was asked for; absent for all. */
  roomId?: string;
  exportedAtMs: number;
  /** What the audit trail has about them, oldest first; people are pseudonyms in it. */
  consentHistory: readonly object[];
  /** Their pseudonym there. */
  subject: string;
  /** By the name of what keeps it. */
  kept: Record<string, unknown>;
}
