import type { Modality, PerModality } from '../events/contract/v1/types.ts';
import { Answers, MODALITIES } from './Answers.ts';
import type { AuditAction, AuditEvent, AuditRecord, AuditTrail } from './audit/AuditTypes.ts';
import { checkRelease } from './checkRelease.ts';
import { ConsentError } from './ConsentError.ts';
import type { ConsentChange, ConsentOptions, ConsentRegistry } from './ConsentTypes.ts';

export interface MemoryConsentRegistryOptions {
  roomId: string;
  audit: AuditTrail;
  changed: (change: ConsentChange) => void;
  noticeVersion?: string | undefined;
  now?: () => number;
}

const NOTHING: Readonly<PerModality> = { audio: false, video: false, text: false };

/**
 * Consent of one room, in memory: it ends with the room, and nobody is asked about on the strength of an old answer. Each
 * answer is in the audit trail before it takes effect.
 */
export class MemoryConsentRegistry implements ConsentRegistry {
  readonly #options: MemoryConsentRegistryOptions;
  readonly #audit: AuditTrail;
  readonly #now: () => number;
  readonly #answers = new Answers();
  /** When somebody last said no, by pseudonym: it outlasts their visit, and their erasure. */
  readonly #refusedAtMs = new Map<string, number>();
  #notice: string | undefined;

  constructor(options: MemoryConsentRegistryOptions) {
    this.#options = options;
    this.#audit = options.audit;
    this.#now = options.now ?? Date.now;
    this.#notice = options.noticeVersion;
  }

  get notice(): string | undefined {
    return this.#notice;
  }

  get(participantId: string): PerModality {
    return this.#answers.allowed(participantId);
  }

  set(participantId: string, modalities: Partial<PerModality>, options: ConsentOptions = {}): PerModality {
    const wanted = checkAnswer(participantId, modalities);
    const before = this.get(participantId);
    const granted = wanted.filter(([modality, yes]) => yes && !before[modality]).map(([modality]) => modality);
    const refused = wanted.filter(([, yes]) => !yes).map(([modality]) => modality);
    const withdrawn = refused.filter((modality) => before[modality]);
    const denied = refused.filter((modality) => !this.#answers.has(participantId, modality));

    const { by = 'participant', noticeVersion } = options;
    const atMs = this.#now();
    const release = options.release && checkRelease(options.release, atMs);
    if (granted.length > 0) {
      this.#checkYes(participantId, { ...options, by });
      this.#record('consent.granted', participantId, granted, {
        by,
        noticeVersion,
        actorId: release?.recordedBy,
        release: release && { reference: release.reference, signedAtMs: release.signedAtMs },
      });
      this.#mustBeKept(participantId, granted);
    }
    this.#record('consent.withdrawn', participantId, withdrawn, { by, noticeVersion });
    this.#record('consent.denied', participantId, denied, { by, noticeVersion });
    if (refused.length > 0) this.#refusedAtMs.set(this.#audit.pseudonym(participantId), atMs);

    this.#answers.set(participantId, granted, { allowed: true, noticeVersion });
    this.#answers.set(participantId, [...withdrawn, ...denied], { allowed: false, noticeVersion });
    const after = this.get(participantId);
    if (granted.length + withdrawn.length > 0) {
      this.#options.changed({ participantId, before, after, by, noticeVersion, retracts: true, atMs });
    }
    return after;
  }

  withdraw(participantId: string, options: ConsentOptions = {}): void {
    this.set(participantId, NOTHING, options);
  }

  setNotice(version: string): void {
    if (typeof version !== 'string' || version === '') throw new TypeError('version: a non-empty string is needed');
    if (version === this.#notice) return;
    this.#notice = version;
    for (const [participantId, modalities] of this.#answers.toOtherNotices(version)) {
      const before = this.get(participantId);
      this.#record('consent.lapsed', participantId, modalities, { by: 'server', noticeVersion: version });
      this.#answers.forget(participantId, modalities);
      const after = this.get(participantId);
      const atMs = this.#now();
      this.#options.changed({
        participantId,
        before,
        after,
        by: 'server',
        noticeVersion: version,
        retracts: false,
        atMs,
      });
    }
  }

  /** The participant has left: a new visit starts with a new question. Nothing is withdrawn by that. */
  forget(participantId: string): void {
    const before = this.get(participantId);
    const allowed = MODALITIES.filter((modality) => before[modality]);
    this.#record('consent.ended', participantId, allowed, { by: 'server' });
    this.#answers.forget(participantId);
  }

  /** The room is over, and everybody's consent with it. */
  end(): void {
    for (const participantId of this.#answers.participants) this.forget(participantId);
  }

  audit(): readonly AuditRecord[] {
    return this.#audit.recent({ roomId: this.#options.roomId });
  }

  history(participantId: string): Promise<AuditRecord[]> {
    return this.#audit.find({ roomId: this.#options.roomId, participantId });
  }

  #checkYes(participantId: string, { by, noticeVersion, release }: ConsentOptions): void {
    if (this.#notice !== undefined && noticeVersion !== this.#notice) {
      const message = `consent is to the notice ${this.#notice}; show that one and ask again`;
      throw new ConsentError('notice-outdated', message, 'noticeVersion');
    }
    if (by === 'host') {
      if (!release)
        throw new ConsentError('release-needed', 'only a recorded release lets the host say yes', 'release');
      const refusedAtMs = this.#refusedAtMs.get(this.#audit.pseudonym(participantId));
      if (refusedAtMs !== undefined && release.signedAtMs <= refusedAtMs) {
        const message = 'was signed before the participant said no; a new one is needed';
        throw new ConsentError('refused-since', message, 'release.signedAtMs');
      }
    }
  }

  /** Who cannot be shown to have agreed is not analysed. */
  #mustBeKept(participantId: string, granted: readonly Modality[]): void {
    if (this.#audit.trouble === undefined) return;
    this.#record('consent.ended', participantId, granted, { by: 'server', facts: { reason: 'not recorded in time' } });
    throw new ConsentError('unavailable', `consent cannot be recorded just now: ${this.#audit.trouble}`);
  }

  #record(
    action: AuditAction,
    participantId: string,
    modalities: readonly Modality[],
    rest: Omit<AuditEvent, 'action' | 'participantId' | 'modalities' | 'roomId'>,
  ): void {
    if (modalities.length === 0) return;
    this.#audit.append({ action, roomId: this.#options.roomId, participantId, modalities, ...rest });
  }
}

/** @throws TypeError naming what is wrong */
function checkAnswer(participantId: string, modalities: Partial<PerModality>): [Modality, boolean][] {
  if (typeof participantId !== 'string' || participantId === '') {
    throw new TypeError('participantId: a non-empty string is needed');
  }
  const wanted = new Map<string, boolean>();
  for (const [name, value] of Object.entries(modalities)) {
    if (!MODALITIES.includes(name as Modality)) {
      throw new TypeError(`modalities.${name}: unknown modality; allowed are ${MODALITIES.join(', ')}`);
    }
    if (typeof value !== 'boolean') {
      throw new TypeError(`modalities.${name}: ${JSON.stringify(value)} is not true or false`);
    }
    wanted.set(name, value);
  }
  return MODALITIES.filter((modality) => wanted.has(modality)).map((modality) => [modality, wanted.get(modality)!]);
}
