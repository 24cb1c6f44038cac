import { COMMON_CODES, REQUESTS } from './messages.ts';
import { ERROR_CODES } from './error-codes.ts';
import { EVENT_TYPES, wireNameOf } from './event-types.ts';
import { contractSchemas, schemaName } from './json-schema.ts';
import { REPLAY_MESSAGES } from './replay.ts';
import { CONTRACT_VERSION } from './version.ts';

const EVENT_SUMMARIES: Record<(typeof EVENT_TYPES)[number], string> = {
  'emotion.interim': 'A result about an utterance that goes on. Volatile: it has no number and may be dropped.',
  'emotion.final': 'The result about an utterance; a higher `revision` replaces it.',
  'emotion.aggregate': 'Means over more than five people of the room.',
  'emotion.retracted': 'Everything said about these utterances is to be forgotten.',
  alert: 'Results in a row suggest what a rule asks for, or do so no more.',
  'utterance.start': 'Somebody has begun to speak.',
  'utterance.end': 'The utterance is over; its result follows.',
  'analysis.state': 'The analyzer has started, fallen, come back, or rests.',
  'consent.changed': 'What a participant allows, and what is really analysed.',
  'participant.joined': 'Somebody has come into the call.',
  'participant.left': 'Somebody has left the call. A result about what they said before may still follow.',
  overload: 'Something is given up, or taken up again, because of the load.',
  error: 'Something went wrong in the analysis.',
};

const ref = (path: string) => ({ $ref: `#/${path}` });

function eventMessages(): Record<string, object> {
  return Object.fromEntries(
    EVENT_TYPES.map((type) => [
      type,
      {
        name: wireNameOf(type),
        title: type,
        summary: EVENT_SUMMARIES[type],
        payload: ref(`components/schemas/${schemaName(type)}`),
      },
    ]),
  );
}

function requestMessages(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(REQUESTS).flatMap(([name, { summary }]) => [
      [
        `${name}.request`,
        { name, title: name, summary, payload: ref(`components/schemas/${schemaName(name)}Request`) },
      ],
      [
        `${name}.reply`,
        {
          name: `${name} acknowledgement`,
          title: `Answer to ${name}`,
          payload: ref(`components/schemas/${schemaName(name)}Reply`),
        },
      ],
    ]),
  );
}

function replayMessages(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(REPLAY_MESSAGES).map(([name, { summary }]) => [
      name,
      { name, title: name, summary, payload: ref(`components/schemas/${schemaName(name)}`) },
    ]),
  );
}

function codeTable(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { meaning, retryable }]) => `| \`${code}\` | ${meaning} | ${retryable ? 'yes' : 'no'} |`,
  );
  return ['| code | meaning | worth another try |', '| --- | --- | --- |', ...rows].join('\n');
}

/**
 * The namespace `/emotion` as an AsyncAPI 3.0 document, seen from the server: it receives requests and sends events.
 * @see https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function asyncApiDocument(): object {
  const refusal = {
    name: 'refusal',
    title: 'A request that is refused',
    summary: 'The acknowledgement of any request that the server does not grant.',
    payload: ref('components/schemas/Refusal'),
  };
  const sessionEnded = {
    name: 'session.ended',
    title: 'session.ended',
    summary: 'Why the server is about to end this connection.',
    payload: ref('components/schemas/SessionEnded'),
  };
  const messages = {
    ...eventMessages(),
    ...requestMessages(),
    ...replayMessages(),
    refusal,
    'session.ended': sessionEnded,
  };
  const inChannel = (name: string) => ref(`channels/emotion/messages/${name}`);
  const operations = Object.entries(REQUESTS).map(([name, { summary, codes }]): [string, object] => [
    name,
    {
      action: 'receive',
      channel: ref('channels/emotion'),
      summary,
      description: `Refused with one of: ${[...COMMON_CODES, ...codes].map((code) => `\`${code}\``).join(', ')}.`,
      messages: [inChannel(`${name}.request`)],
      reply: {
        channel: ref('channels/emotion'),
        messages: [inChannel(`${name}.reply`), inChannel('refusal')],
      },
    },
  ]);
  return {
    asyncapi: '3.0.0',
    id: 'urn:undertone:contract:v1',
    info: {
      title: 'Undertone events',
      version: CONTRACT_VERSION,
      description: [
        'Emotion events of a mediasoup call over Socket.IO 4. A request is a Socket.IO event with one object as its',
        'argument; the reply is its acknowledgement.',
        'Version 1 only grows: ignore fields, event types and codes that you do not know.',
        '\n\nRefusals, also those of the connection itself (`connect_error`, in `data`):\n\n',
      ]
        .join(' ')
        .concat(codeTable()),
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      local: {
        host: '127.0.0.1:3000',
        protocol: 'ws',
        protocolVersion: 'socket.io-5',
        pathname: '/socket.io',
        description: 'Socket.IO 4 (protocol revision 5) over WebSocket, or over HTTP long-polling.',
        security: [ref('components/securitySchemes/token')],
      },
    },
    channels: {
      emotion: {
        address: '/emotion',
        title: 'Namespace /emotion',
        description: 'Who may see what is decided by the scopes of the token in the `auth` of the handshake.',
        messages: Object.fromEntries(Object.keys(messages).map((name) => [name, ref(`components/messages/${name}`)])),
      },
    },
    operations: {
      ...Object.fromEntries(operations),
      events: {
        action: 'send',
        channel: ref('channels/emotion'),
        summary: 'Events of what the client subscribed to.',
        messages: [...EVENT_TYPES, 'session.ended'].map(inChannel),
      },
      replays: {
        action: 'send',
        channel: ref('channels/emotion'),
        summary: 'What a replay gives to the one viewer who opened it.',
        messages: Object.keys(REPLAY_MESSAGES).map(inChannel),
      },
    },
    components: {
      messages,
      schemas: contractSchemas((name) => `#/components/schemas/${name}`),
      securitySchemes: {
        token: { type: 'userPassword', description: 'JSON Web Token in `auth.token` of the Socket.IO handshake.' },
      },
    },
  };
}
