import { randomUUID } from 'node:crypto';
import type { AuditTrail } from '../../plugin/consent/audit/AuditTypes.ts';
import type { Logger } from '../../plugin/UndertoneTypes.ts';
import type { ErasureScope, ErasureTarget } from '../store/ErasureTypes.ts';
import { RequestError } from '../sfu/RequestError.ts';
import type { ErasedCounts, Eraser } from './Eraser.ts';
import { RETAINED, type PersonalExport, type Receipt } from './Receipt.ts';

/** Whose data, in which room, and who asks. */
export interface PersonalRequest {
  participantId: string;
  /** Only in this room; all by default. */
  roomId?: string | undefined;
  by: 'participant' | 'host';
  /** Who asks, where it is not the participant. */
  actorId?: string | undefined;
}

const total = (counts: ErasedCounts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

const factsOf = (erased: Receipt['erased']) => erased.map(({ where, counts }) => ({ where, ...counts }));

/** Export and erasure over everything that keeps data about participants and has registered here. */
export class PersonalData {
  readonly #audit: AuditTrail;
  readonly #log: Logger;
  readonly #erasers: Eraser[] = [];

  constructor(audit: AuditTrail, log: Logger) {
    this.#audit = audit;
    this.#log = log;
  }

  /**
   * Adds something that keeps data. They erase in the order in which they came: what makes data before what keeps it.
   * @returns takes it out again
   */
  register(eraser: Eraser): () => void {
    if (this.#erasers.some(({ name }) => name === eraser.name)) throw new TypeError(`name: ${eraser.name} is taken`);
    this.#erasers.push(eraser);
    return () => void this.#erasers.splice(this.#erasers.indexOf(eraser), 1);
  }

  /** What has registered by now: what this server itself keeps, for others that ask. */
  here(): readonly Eraser[] {
    return [...this.#erasers];
  }

  /** @throws RequestError `not-found` when nothing is known of the participant, `unavailable` when something cannot be read */
  async export({ participantId, roomId, by, actorId }: PersonalRequest): Promise<PersonalExport> {
    const kept: Record<string, unknown> = {};
    for (const eraser of this.#erasers) {
      const found = await this.#try(eraser, 'be read', () => eraser.export?.(participantId, roomId));
      if (found !== undefined) kept[eraser.name] = found;
    }
    const consentHistory = await this.#history(participantId, roomId);
    // Of themselves nobody is told that they do not exist.
    if (by === 'host' && Object.keys(kept).length === 0 && consentHistory.length === 0) throw unknown();
    this.#audit.append({ action: 'data.exported', participantId, roomId, by, actorId });
    return {
      participantId,
      ...(roomId !== undefined && { roomId }),
      exportedAtMs: Date.now(),
      consentHistory,
      subject: this.#audit.pseudonym(participantId),
      kept,
    };
  }

  /**
   * @throws RequestError `not-found` when nothing is known of the participant; `unavailable` when something could not be
   *   erased, which is tried again when asked again
   */
  async erase({ participantId, roomId, by, actorId }: PersonalRequest): Promise<Receipt> {
    const erased: Receipt['erased'] = [];
    const failed: string[] = [];
    for (const eraser of this.#erasers) {
      try {
        erased.push({ where: eraser.name, counts: await eraser.erase(participantId, roomId) });
      } catch (error) {
        this.#log.error({ where: eraser.name, reason: (error as Error).message }, 'erasure failed');
        failed.push(eraser.name);
      }
    }
    const found = by === 'participant' || failed.length > 0 || erased.some(({ counts }) => total(counts) > 0);
    if (!found && (await this.#history(participantId, roomId)).length === 0) throw unknown();

    const receiptId = randomUUID();
    const { n, hash } = this.#audit.append({
      action: failed.length > 0 ? 'data.erasure-failed' : 'data.erased',
      participantId,
      roomId,
      by,
      actorId,
      facts: { receiptId, erased: factsOf(erased), failed },
    });
    if (failed.length > 0) {
      throw new RequestError('unavailable', `not everything could be erased: ${failed.join(', ')}; ask again`);
    }
    return {
      receiptId,
      participantId,
      ...(roomId !== undefined && { roomId }),
      erasedAtMs: Date.now(),
      by,
      erased,
      retained: RETAINED,
      audit: { n, hash, subject: this.#audit.pseudonym(participantId) },
    };
  }

  /** Reaches what is kept here when another process erases somebody from the store. */
  asErasureTarget(): ErasureTarget {
    return { name: 'servers', erase: (scope) => this.#follow(scope) };
  }

  async #follow({ elsewhere, meetingId, roomId, matches }: ErasureScope): Promise<number> {
    // What is asked for here comes to the store from here; and one meeting is a matter of what was stored alone.
    if (!elsewhere || meetingId !== undefined) return 0;
    const erasers = this.#erasers.filter((eraser) => eraser.participants !== undefined);
    const lists = await Promise.all(erasers.map(async (eraser) => [...((await eraser.participants?.()) ?? [])]));
    let sum = 0;
    for (const participantId of new Set(lists.flat().filter(matches))) {
      const erased: Receipt['erased'] = [];
      for (const eraser of erasers) {
        erased.push({ where: eraser.name, counts: await eraser.erase(participantId, roomId) });
      }
      const count = erased.reduce((all, { counts }) => all + total(counts), 0);
      sum += count;
      if (count === 0) continue;
      const facts = { receiptId: elsewhere.receiptId, erased: factsOf(erased), failed: [] };
      this.#audit.append({ action: 'data.erased', participantId, roomId, by: 'host', facts });
    }
    return sum;
  }

  async #history(participantId: string, roomId: string | undefined) {
    return this.#try({ name: 'audit trail' }, 'be read', () => this.#audit.find({ participantId, roomId }));
  }

  async #try<T>({ name }: Pick<Eraser, 'name'>, what: string, act: () => T | Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      this.#log.error({ where: name, reason: (error as Error).message }, 'personal data');
      throw new RequestError('unavailable', `${name} cannot ${what} just now; try again`);
    }
  }
}

function unknown(): RequestError {
  return new RequestError('not-found', 'nothing is kept about such a participant', 'participantId');
}
