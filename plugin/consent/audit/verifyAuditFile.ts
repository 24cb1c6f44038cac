import type { AuditHead, AuditRecord } from './AuditTypes.ts';
import { ChainFollower, GENESIS } from './chain.ts';
import { readLines } from './readLines.ts';

export interface AuditReport {
  /** Whether every record is as it was written, and in its place. */
  intact: boolean;
  records: number;
  head: AuditHead;
  firstAtMs?: number;
  lastAtMs?: number;
  /** The first line that does not fit. What follows it was not looked at. */
  problem?: { line: number; message: string };
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
 * Follows the chain of a trail's file from its first record on.
 * @throws what the file system throws; RangeError for a line that no trail has
 */
export async function verifyAuditFile(path: string, { expected, record }: VerifyOptions = {}): Promise<AuditReport> {
  const chain = new ChainFollower();
  const report: AuditReport = { intact: true, records: 0, head: GENESIS };
  let found = false;
  let line = 0;
  for await (const { text, complete, offset, bytes } of readLines(path)) {
    line += 1;
    if (!complete) {
      report.torn = { line, offset, bytes };
      break;
    }
    const message = chain.take(text);
    if (message !== undefined) {
      report.intact = false;
      report.problem = { line, message };
      break;
    }
    const taken = JSON.parse(text) as AuditRecord;
    report.records += 1;
    report.firstAtMs ??= taken.atMs;
    report.lastAtMs = taken.atMs;
    found ||= taken.hash === expected;
    record?.(taken);
  }
  return { ...report, head: chain.head, ...(expected !== undefined && { holdsExpected: found }) };
}
