import type { AuditRecord } from '../../plugin/index.ts';

/** Control characters in a file could make a terminal show something else. */
const plain = (text: string) => text.replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');

/** A record as one line: when, who, what. */
export function describeRecord(record: AuditRecord): string {
  const { n, atMs, action, roomId, subject, actor, by, modalities, noticeVersion, release, facts } = record;
  const parts = [
    String(n).padStart(6),
    new Date(atMs).toISOString(),
    action.padEnd(17),
    roomId !== undefined && `room ${roomId}`,
    subject !== undefined && `about ${subject}`,
    by !== undefined && `by ${by}${actor === undefined ? '' : ` ${actor}`}`,
    modalities && modalities.join(','),
    noticeVersion !== undefined && `notice ${noticeVersion}`,
    release && `release ${release.reference} of ${new Date(release.signedAtMs).toISOString()}`,
    facts && JSON.stringify(facts),
  ];
  return plain(parts.filter((part) => typeof part === 'string').join('  '));
}
