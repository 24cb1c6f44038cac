import { showsOthers } from '../webhooks/showsOthers.ts';
import { refersToLoopback } from './loopback.ts';
import type { Config } from './schema.ts';

type Add = (path: string[], message: string) => void;

/** Rules between the settings of alerts, and between them and others. */
export function checkAlerts({ alerts, visibility, analysis }: Config, add: Add): void {
  const { rules, webhooks, allowHttp } = alerts;
  const names = rules.map(({ id }) => id);
  if (analysis.aggregate.intervalMs === 0) {
    rules.forEach(({ about }, index) => {
      if (about !== 'aggregate') return;
      const message = 'there are no means to look at; allowed: `self`, or set analysis.aggregate.intervalMs above 0';
      add(['alerts', 'rules', String(index), 'about'], message);
    });
  }
  webhooks.forEach((webhook, index) => {
    const at = (field: string) => ['alerts', 'webhooks', String(index), field];
    const url = new URL(webhook.url);
    if (webhooks.findIndex(({ name }) => name === webhook.name) !== index) {
      add(at('name'), `${webhook.name} is taken; allowed: a name of its own`);
    }
    if (url.protocol === 'http:' && !allowHttp && !refersToLoopback(url.hostname)) {
      add(at('url'), 'what is posted without TLS can be read and changed on its way; allowed: https');
    }
    if (url.username !== '' || url.password !== '') {
      add(
        at('url'),
        'holds a user name or password, which logs would show; allowed: an address without, deliveries are signed',
      );
    }
    for (const unknown of webhook.rules?.filter((id) => !names.includes(id)) ?? []) {
      add(at('rules'), `there is no rule ${unknown}; allowed: ${names.join(', ') || 'nothing, as there are no rules'}`);
    }
    if (showsOthers(visibility)) return;
    const told = rules.filter(({ id, about }) => about === 'self' && (webhook.rules?.includes(id) ?? true));
    if (told.length === 0) return;
    const others = rules.filter(({ about }) => about === 'aggregate').map(({ id }) => id);
    add(
      at('rules'),
      `${told.map(({ id }) => id).join(', ')} would tell others about one participant, which visibility: ${visibility} ` +
        `forbids; allowed: rules about means (${others.join(', ') || 'there is none'}), or another visibility`,
    );
  });
  if (visibility !== 'self') return;
  webhooks.forEach((webhook, index) => {
    const told = rules.filter(({ id, about }) => about === 'aggregate' && (webhook.rules?.includes(id) ?? true));
    if (told.length === 0) return;
    const message = `${told.map(({ id }) => id).join(', ')} would tell others about means, which visibility: self forbids; allowed: no webhooks`;
    add(['alerts', 'webhooks', String(index), 'rules'], message);
  });
}
