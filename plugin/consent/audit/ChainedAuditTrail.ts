import type { AuditFile } from './AuditFile.ts';
import { AuditError } from './AuditError.ts';
import type { AuditEvent, AuditFilter, AuditHead, AuditRecord, AuditTrail } from './AuditTypes.ts';
import { canonicalJson } from './canonical.ts';
import { GENESIS, link } from './chain.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { verifyAuditFile } from './verifyAuditFile.ts';

/** Records kept in memory; without a file, older ones are gone. */
const KEPT = 20_000;
/** They are dropped some at a time, so that the list is not moved with each record. */
const SLACK = 2_000;

export interface ChainedAuditTrailOptions {
  key?: string | undefined;
  file?: AuditFile | undefined;
  /** Where the chain in the file ends. */
  head?: AuditHead | undefined;
  now?: () => number;
}

type Matches = (record: AuditRecord) => boolean;

/** The trail, in memory and, where it has one, in its file. */
export class ChainedAuditTrail implements AuditTrail {
  readonly #pseudonyms: Pseudonyms;
  readonly #file: AuditFile | undefined;
  readonly #now: () => number;
  readonly #kept: AuditRecord[] = [];
  #head: AuditHead;
  #closed = false;

  constructor({ key, file, head = GENESIS, now = Date.now }: ChainedAuditTrailOptions = {}) {
    this.#pseudonyms = new Pseudonyms(key);
    this.#file = file;
    this.#head = head;
    this.#now = now;
    this.append({ action: 'trail.started', by: 'server', facts: { keyId: this.#pseudonyms.keyId } });
  }

  get head(): AuditHead {
    return this.#head;
  }

  get trouble(): string | undefined {
    return this.#closed ? 'the audit trail is closed' : this.#file?.trouble;
  }

  append({ participantId, actorId, ...body }: AuditEvent): AuditRecord {
    if (this.#closed) throw new AuditError('the audit trail is closed');
    const record = link(this.#head, {
      atMs: this.#now(),
      ...body,
      ...(participantId !== undefined && { subject: this.pseudonym(participantId) }),
      ...(actorId !== undefined && actorId !== participantId && { actor: this.pseudonym(actorId) }),
    });
    this.#head = { n: record.n, hash: record.hash };
    this.#kept.push(record);
    if (this.#kept.length > KEPT + SLACK) this.#kept.splice(0, SLACK);
    this.#file?.write(canonicalJson(record));
    return record;
  }

  pseudonym(participantId: string): string {
    return this.#pseudonyms.of(participantId);
  }

  recent(filter: AuditFilter = {}): AuditRecord[] {
    return this.#kept.filter(this.#matching(filter));
  }

  async find(filter: AuditFilter): Promise<AuditRecord[]> {
    if (!this.#file) return this.recent(filter);
    const matches = this.#matching(filter);
    const found: AuditRecord[] = [];
    const { problem } = await verifyAuditFile(this.#file.path, {
      record: (record) => void (matches(record) && found.push(record)),
    });
    if (problem) throw new AuditError(`line ${problem.line} of ${problem.file} ${problem.message}`);
    return found;
  }

  async synced(): Promise<void> {
    await this.#file?.synced();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#file?.close();
  }

  #matching({ roomId, participantId }: AuditFilter): Matches {
    const person = participantId === undefined ? undefined : this.pseudonym(participantId);
    return (record) =>
      (roomId === undefined || record.roomId === roomId) &&
      (person === undefined || record.subject === person || record.actor === person);
  }
}
