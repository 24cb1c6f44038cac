// Takes alerts of an Undertone server, checks their signature, takes each once, and forgets what is taken back.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { Alert, EmotionRetracted } from 'undertone/contract';

const webhook = new Webhook(process.env['WEBHOOK_SECRET']!);
const open = new Map<string, Alert>();
const seen = new Set<string>();

function take(event: Alert | EmotionRetracted): void {
  if (event.type === 'emotion.retracted') {
    // Consent was withdrawn: forget these alerts, wherever they are kept.
    for (const alertId of event.alertIds ?? []) open.delete(alertId);
    console.log(`taken back: ${event.alertIds?.length ?? 0}`);
  } else if (event.type === 'alert') {
    if (event.state === 'raised') open.set(event.alertId, event);
    else open.delete(event.alertId);
    console.log(`${event.state}: ${event.message}`);
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // As it came: a body that was parsed and written anew has another signature.
  const body = Buffer.concat(await Array.fromAsync(request)).toString();
  try {
    const { id, data } = webhook.verify(body, request.headers as Record<string, string>) as {
      id: string;
      data: Alert | EmotionRetracted;
    };
    // The same event may come twice. An app of several processes keeps these ids in its database.
    if (!seen.has(id)) take(data);
    seen.add(id);
    response.writeHead(204).end();
  } catch (error) {
    response.writeHead(error instanceof WebhookVerificationError ? 401 : 400).end();
  }
}

const server = createServer((request, response) => void answer(request, response));
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => console.log(JSON.stringify(server.address())));
