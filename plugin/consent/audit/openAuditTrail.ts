import { AuditError } from './AuditError.ts';
import { AuditFile } from './AuditFile.ts';
import type { AuditOptions, AuditTrail } from './AuditTypes.ts';
import { ChainedAuditTrail } from './ChainedAuditTrail.ts';

/**
 * Opens a trail: a new one in memory, or that of the file, whose chain is followed first.
 * @throws AuditError when the file was changed or cannot be written
 */
export async function openAuditTrail({ file: path, key }: AuditOptions = {}): Promise<AuditTrail> {
  if (path === undefined) return new ChainedAuditTrail({ key });
  const { file, head, repaired } = await AuditFile.open(path);
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
