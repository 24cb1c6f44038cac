import { ContractVersion } from '../../../plugin/events/contract/v1/messages.ts';
import { CONTRACT_MAJOR, CONTRACT_VERSION } from '../../../plugin/events/contract/v1/version.ts';
import { RequestError } from '../../sfu/RequestError.ts';

/**
 * Within a major version everybody understands everybody: readers ignore what they do not know. A client that says nothing is
 * taken for one of this version.
 *
 * @param told - `contract` of the handshake
 * @throws RequestError `contract-mismatch` for another major version, `invalid` for what is no version
 */
export function checkContract(told: unknown): void {
  if (told === undefined) return;
  const { success, data } = ContractVersion.safeParse(told);
  if (!success) throw new RequestError('invalid', 'contract: major.minor is needed, such as 1.0', 'contract');
  if (Number.parseInt(data, 10) === CONTRACT_MAJOR) return;
  const message = `contract: this server speaks ${CONTRACT_VERSION}, the client reads ${data}`;
  throw new RequestError('contract-mismatch', message, 'contract');
}
