import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { observer as mediasoup, type types } from 'mediasoup';
import type { Undertone } from '../../plugin/index.ts';
import { ConfigError } from '../../server/config/ConfigError.ts';
import { createServer, type ConfigInput } from '../../server/index.ts';
import { TEST_CONFIG, tinyUndertone } from './support.ts';

/** The same, but for what is given in its place. */
function changed(undertone: Undertone, change: Partial<Undertone>): Undertone {
  return new Proxy(undertone, {
    get(target, name) {
      const value: unknown = name in change ? change[name as keyof Undertone] : Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

describe('a server that cannot be created', () => {
  const workers: types.Worker[] = [];
  const collect = (worker: types.Worker) => void workers.push(worker);
  before(() => mediasoup.on('newworker', collect));
  after(() => mediasoup.off('newworker', collect));

  async function leavesNothing(
    config: ConfigInput,
    change: Partial<Undertone>,
    reason: (error: Error) => void,
    pageDir?: string,
  ) {
    workers.length = 0;
    const undertone = await tinyUndertone();
    try {
      await assert.rejects(
        createServer(
          { ...TEST_CONFIG, ...config },
          { undertone: changed(undertone, change), ...(pageDir && { pageDir }) },
        ),
        (error: Error) => (reason(error), true),
      );
      assert.ok(workers.length > 0, 'it had come as far as to have workers');
      assert.ok(
        workers.every(({ closed }) => closed),
        'no worker is left',
      );
      assert.equal(undertone.closed, true, 'the analyzer is gone');
    } finally {
      await undertone.close();
    }
  }

  test('for want of a line to Redis leaves nothing behind, and names the setting', async () => {
    const redis = { url: 'rediss://127.0.0.1:1', caFile: '/nowhere/ca.pem' };
    await leavesNothing({ tokenSecret: 'x'.repeat(32), redis }, {}, (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /^redis\.caFile .*cannot read \/nowhere\/ca\.pem \(ENOENT\)/);
    });
  });

  test('since a part of it fails leaves nothing behind', async () => {
    const broken = {
      get audit(): never {
        throw new Error('no trail today');
      },
    };
    await leavesNothing({}, broken, (error) => assert.equal(error.message, 'no trail today'));
  });

  test('for a file of the page that is in the way of a route leaves nothing behind', async (t) => {
    const pageDir = mkdtempSync(join(tmpdir(), 'undertone-page-'));
    t.after(() => rmSync(pageDir, { recursive: true }));
    writeFileSync(join(pageDir, 'index.html'), '');
    writeFileSync(join(pageDir, 'healthz'), '');
    const inTheWay = (error: Error) => assert.match(error.message, /already declared for route '\/healthz'/);
    await leavesNothing({}, {}, inTheWay, pageDir);
  });
});
