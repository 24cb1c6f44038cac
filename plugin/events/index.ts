/** The event contract, as `undertone/contract`: validators, types, JSON Schemas, writers. */
export { CONTRACT_MAJOR, CONTRACT_VERSION } from './contract/v1/version.ts';
export { EVENT_TYPES, wireNameOf } from './contract/v1/event-types.ts';
export { ERROR_CODES, type ErrorCode } from './contract/v1/error-codes.ts';
export { Event as EventSchema, DurableEvent as DurableEventSchema } from './contract/v1/schema.ts';
export { COMMON_CODES, Refusal as RefusalSchema, REQUESTS } from './contract/v1/messages.ts';
export { MeetingReport as MeetingReportSchema } from './contract/v1/report.ts';
export { eventJsonSchema, messageJsonSchema, reportJsonSchema } from './contract/v1/json-schema.ts';
export { asyncApiDocument } from './contract/v1/asyncapi.ts';
export type * from './contract/v1/types.ts';
export * from './export/index.ts';
