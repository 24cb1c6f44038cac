import { answered } from './answered.ts';
import type { EmotionClientOptions } from './ClientOptions.ts';
import { EmotionClient } from './EmotionClient.ts';

/**
 * Connects to the events of a room and resolves once the server has answered. With `since`, what was missed is delivered right
 * afterwards, to who listens by then.
 *
 * @throws ClientError with the server's refusal, or `unreachable` when nothing answers within `timeoutMs`
 * @throws TypeError when the address of the server is missing
 * @example
 * const emotions = await connect({ url: 'http://127.0.0.1:3000', roomId: 'standup', token });
 * for await (const event of emotions) console.log(event.type);
 */
export async function connect(options: EmotionClientOptions): Promise<EmotionClient> {
  // Who calls this has nobody listening yet.
  return answered(new EmotionClient(options, { answerFirst: true }), options);
}
