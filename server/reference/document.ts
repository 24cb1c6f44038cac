import { asyncApiDocument } from '../../plugin/events/contract/v1/asyncapi.ts';
import type { JsonSchema } from '../../plugin/events/contract/v1/JsonSchemaTypes.ts';

export interface Message {
  name: string;
  title: string;
  summary?: string;
  payload: JsonSchema;
}

interface Operation {
  action: 'send' | 'receive';
  summary: string;
  description?: string;
  messages: { $ref: string }[];
  reply?: { messages: { $ref: string }[] };
}

/** What is read of the AsyncAPI document. */
export interface AsyncApi {
  info: { title: string; version: string };
  channels: Record<string, { address: string; title: string; description: string }>;
  operations: Record<string, Operation>;
  components: { messages: Record<string, Message>; schemas: Record<string, JsonSchema> };
}

export function asyncApi(): AsyncApi {
  return asyncApiDocument() as AsyncApi;
}

/** `subscribe.request` of `#/channels/emotion/messages/subscribe.request`. */
export function nameOfRef({ $ref }: { $ref: string }): string {
  return $ref.split('/').at(-1) ?? '';
}
