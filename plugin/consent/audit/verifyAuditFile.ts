import type { AuditHead, AuditRecord } from './AuditTypes.ts';
import { ChainFollower, GENESIS } from './chain.ts';
import { readLines } from './readLines.ts';
import { segmentsOf } from './segments.ts';

export interface AuditReport {
  /** Whether every record is as it was written, and in its place. */
  intact: boolean;
  records: number;
  head: AuditHead;
  firstAtMs?: number;
  lastAtMs?: number;
  /** How many files it has: one that has become long is given a number, and another goes on with the chain. */
  files: number;
  /** The first line that does not fit, and the file that it is in. What follows it was not looked at. */
  problem?: { file: string; line: number; message: string };
  /** A last line that is cut off: a crash while it was written. It is not counted. */
  torn?: { line: number; offset: number; bytes: number };
  /** With `expected`: whether the trail holds that record. False: it was cut off before it, or is another trail. */
  holdsExpected?: boolean;
}

export interface VerifyOptions {
  /** Hash of a record that the trail once had, such as that on a receipt. */
  expected?: string | undefined;
  /** Hears each record that fits. */
  record?: (record: AuditRecord) => void;
}

/**
 * Follows the chain of a trail from its first record on, through all of its files.
 * @param path the file that is appended to, as it is configured
 * @throws what the file system throws; RangeError for a line that no trail has
 */
export async function verifyAuditFile(path: string, { expected, record }: VerifyOptions = {}): Promise<AuditReport> {
  const chain = new ChainFollower();
  const report: AuditReport = { intact: true, records: 0, head: GENESIS, files: 0 };
  let found = false;
  const take = (text: string): string | undefined => {
    const message = chain.take(text);
    if (message !== undefined) return message;
    const taken = JSON.parse(text) as AuditRecord;
    report.records += 1;
    report.firstAtMs ??= taken.atMs;
    report.lastAtMs = taken.atMs;
    found ||= taken.hash === expected;
    record?.(taken);
    return undefined;
  };
  for await (const segment of segmentsOf(path)) {
    report.files += 1;
    let line = 0;
    for await (const { text, complete, offset, bytes } of readLines(segment.file)) {
      line += 1;
      if (!complete && segment.last) {
        report.torn = { line, offset, bytes };
        break;
      }
      const message = complete ? take(text) : 'is cut off, and another file follows';
      if (message === undefined) continue;
      report.intact = false;
      report.problem = { file: segment.path, line, message };
      break;
    }
    if (report.problem) break;
  }
  return { ...report, head: chain.head, ...(expected !== undefined && { holdsExpected: found }) };
}
