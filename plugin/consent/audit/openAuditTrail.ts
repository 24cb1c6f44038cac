import { AuditError } from './AuditError.ts';
import { AuditFile } from './AuditFile.ts';
import type { AuditOptions, AuditTrail } from './AuditTypes.ts';
import { ChainedAuditTrail } from './ChainedAuditTrail.ts';

/** About 200,000 records: read through within seconds, and easily moved about. */
const SEGMENT_BYTES = 64 * 1_024 * 1_024;

/**
 * Opens a trail: a new one in memory, or that of the file, whose chain is followed first.
 * @throws AuditError when the file was changed or cannot be written
 */
export async function openAuditTrail({
  file: path,
  key,
  segmentBytes = SEGMENT_BYTES,
}: AuditOptions = {}): Promise<AuditTrail> {
  if (!Number.isInteger(segmentBytes) || segmentBytes < 1) {
    throw new AuditError(`segmentBytes: ${segmentBytes} is not allowed; an integer of 1 or more`);
  }
  if (path === undefined) return new ChainedAuditTrail({ key });
  const { file, head, repaired } = await AuditFile.open(path, segmentBytes);
  const trail = new ChainedAuditTrail({ key, file, head });
  if (repaired) trail.append({ action: 'trail.repaired', by: 'server', facts: { ...repaired } });
  try {
    await trail.synced();
  } catch (error) {
    await trail.close();
    throw error instanceof AuditError ? error : new AuditError((error as Error).message);
  }
  return trail;
}
