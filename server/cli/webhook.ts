import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { keyOf, newSecret, problemWith } from '../webhooks/signature.ts';
import { UsageError } from './UsageError.ts';

const HELP = `Usage: undertone webhook secret
       undertone webhook verify [BODY] --id ID --timestamp SECONDS --signature 'v1,...' [--secret whsec_...]

secret   prints a new secret for alerts.webhooks[].secrets
verify   checks a webhook that was received: exit code 0 when it is signed with the secret and not old, 1 when not. BODY is
         a file with its body as it was on the wire; without it, it is read from stdin.

  --id, --timestamp, --signature   the headers webhook-id, webhook-timestamp, webhook-signature
  --secret SECRET                  whsec_...; better in the environment, as UNDERTONE_WEBHOOK_SECRET, where no other user sees it
  --any-age                        take one of any age: for one out of a log
  --json                           { "ok": true } or { "ok": false, "problem": "..." }
  --help                           this text`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      id: { type: 'string' },
      timestamp: { type: 'string' },
      signature: { type: 'string' },
      secret: { type: 'string' },
      'any-age': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [action, file, ...more] = positionals;
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (action === 'secret' && file === undefined) {
    console.log(newSecret());
    return 0;
  }
  if (action !== 'verify' || more.length > 0) {
    throw new UsageError('webhook needs secret, or verify with at most one BODY; --help tells more');
  }
  const need = (name: 'id' | 'timestamp' | 'signature') => {
    const value = values[name];
    if (value === undefined) throw new UsageError(`--${name}: is missing; give the header webhook-${name}`);
    return value;
  };
  const received = { id: need('id'), timestamp: need('timestamp'), signature: need('signature') };
  const secret = values.secret ?? process.env['UNDERTONE_WEBHOOK_SECRET'];
  if (secret === undefined || !keyOf(secret)) {
    const what = secret === undefined ? 'is missing' : 'is none';
    throw new UsageError(
      `--secret: ${what}; give whsec_ and 24 to 64 bytes in base64, or set UNDERTONE_WEBHOOK_SECRET`,
    );
  }
  const body = await bodyIn(file);
  const problem = problemWith({ ...received, body }, [secret], values['any-age'] ? { toleranceS: Infinity } : {});
  if (values.json) console.log(JSON.stringify(problem === undefined ? { ok: true } : { ok: false, problem }));
  else console.log(problem === undefined ? 'The signature is right.' : `Not to be trusted: ${problem}.`);
  return problem === undefined ? 0 : 1;
}

async function bodyIn(file: string | undefined): Promise<string> {
  if (file === undefined) return (await buffer(process.stdin)).toString();
  return readFile(file, 'utf8').catch(() => {
    throw new UsageError(`${file}: there is no such file, or it cannot be read`);
  });
}
