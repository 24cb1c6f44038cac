import type { Modality, PerModality } from '../events/contract/v1/types.ts';
import type { AuditEntry, ConsentChange, ConsentOptions, ConsentRegistry } from './ConsentTypes.ts';

const MODALITIES: readonly Modality[] = ['audio', 'video', 'text'];
const NOTHING: Readonly<PerModality> = { audio: false, video: false, text: false };

/** Consent of one room, in memory: it ends with the room, and nobody is asked about on the strength of an old answer. */
export class MemoryConsentRegistry implements ConsentRegistry {
  readonly #roomId: string;
  readonly #onChange: (change: ConsentChange) => void;
  readonly #now: () => number;
  readonly #granted = new Map<string, PerModality>();
  readonly #audit: AuditEntry[] = [];

  constructor(roomId: string, onChange: (change: ConsentChange) => void, now: () => number = Date.now) {
    this.#roomId = roomId;
    this.#onChange = onChange;
    this.#now = now;
  }

  get(participantId: string): PerModality {
    return { ...(this.#granted.get(participantId) ?? NOTHING) };
  }

  set(participantId: string, modalities: Partial<PerModality>, options: ConsentOptions = {}): PerModality {
    if (typeof participantId !== 'string' || participantId === '') {
      throw new TypeError('participantId: a non-empty string is needed');
    }
    const before = this.get(participantId);
    const after = { ...before };
    for (const [name, value] of Object.entries(modalities)) {
      if (!MODALITIES.includes(name as Modality)) {
        throw new TypeError(`modalities.${name}: unknown modality; allowed are ${MODALITIES.join(', ')}`);
      }
      if (typeof value !== 'boolean') {
        throw new TypeError(`modalities.${name}: ${JSON.stringify(value)} is not true or false`);
      }
      after[name as Modality] = value;
    }
    if (MODALITIES.every((modality) => before[modality] === after[modality])) return after;

    const { by = 'participant', noticeVersion } = options;
    const atMs = this.#now();
    this.#granted.set(participantId, after);
    const record = (action: AuditEntry['action'], changed: Modality[]) => {
      if (changed.length > 0) {
        this.#audit.push({ atMs, roomId: this.#roomId, action, participantId, modalities: changed, by, noticeVersion });
      }
    };
    record(
      'consent.granted',
      MODALITIES.filter((modality) => after[modality] && !before[modality]),
    );
    record(
      'consent.withdrawn',
      MODALITIES.filter((modality) => before[modality] && !after[modality]),
    );
    this.#onChange({ participantId, before, after, by, noticeVersion, atMs });
    return { ...after };
  }

  withdraw(participantId: string, options: ConsentOptions = {}): void {
    this.set(participantId, NOTHING, options);
  }

  /** The participant has left: a new visit starts with a new question. Nothing is withdrawn by that. */
  forget(participantId: string): void {
    this.#granted.delete(participantId);
  }

  audit(): readonly AuditEntry[] {
    return this.#audit;
  }
}
