import { ClientError } from './ClientError.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

/** What waits for a server's answer, and can be given up. */
interface Waiting {
  ready(): Promise<unknown>;
  /** What keeps the answer from coming, where that is known. */
  readonly room: { readonly value: { readonly problem?: ClientError } };
  close(): void;
}

/**
 * The same once the server has answered; closed where it refuses, or says nothing in time.
 *
 * @throws ClientError with the server's refusal, or `unreachable` when nothing answers within `timeoutMs`
 */
export async function answered<W extends Waiting>(
  waiting: W,
  { url = 'The server', timeoutMs = DEFAULT_TIMEOUT_MS }: { url?: string; timeoutMs?: number },
): Promise<W> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const { problem } = waiting.room.value;
      reject(problem ?? new ClientError('unreachable', `${url} did not answer within ${timeoutMs} ms.`));
    }, timeoutMs);
  });
  try {
    await Promise.race([waiting.ready(), late]);
    return waiting;
  } catch (error) {
    waiting.close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
