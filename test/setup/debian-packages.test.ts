import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { runNode, setupScript, temporaryFolder, writeProgram, type Ended } from './run-script.ts';

const BUILD_PACKAGES = [
  'meson',
  'ninja-build',
  'g++',
  'pkg-config',
  'flatbuffers-compiler',
  'libuv1-dev',
  'libssl-dev',
  'libsrtp2-dev',
  'libabsl-dev',
  'libflatbuffers-dev',
];

/** A machine that has none of the programs and libraries, and whose user is the one with this id. */
class BareMachine {
  readonly #folder: string;
  readonly programs: string;
  /** What apt-get was called with, a line each. */
  readonly aptLog: string;

  constructor(t: TestContext) {
    this.#folder = temporaryFolder(t);
    this.programs = path.join(this.#folder, 'programs');
    this.aptLog = path.join(this.#folder, 'apt.log');
    mkdirSync(this.programs);
  }

  async setup(uid: number, purpose: 'start' | 'test'): Promise<Ended> {
    const pretend = `data:text/javascript,process.getuid=()=>${uid}`;
    return runNode(['--import', pretend, setupScript, '--for', purpose], {
      PATH: this.programs,
      UNDERTONE_CACHE: path.join(this.#folder, 'cache'),
      UNDERTONE_CHROMIUM: undefined,
      MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD: '1',
    });
  }

  aptCalls(): string[] {
    return existsSync(this.aptLog) ? readFileSync(this.aptLog, 'utf8').trim().split('\n') : [];
  }
}

describe('where Debian packages are missing, setup', () => {
  test('prints the one command to run when it may not install them, and exits with 1', async (t) => {
    const machine = new BareMachine(t);
    writeProgram(machine.programs, 'apt-get', `echo "$*" >> ${machine.aptLog}`);
    writeProgram(machine.programs, 'sudo', 'echo "sudo: a password is required" >&2; exit 1');
    const { code, stderr } = await machine.setup(1000, 'test');
    assert.equal(code, 1);
    const commands = stderr.split('\n').filter((line) => line.includes('apt-get install'));
    const install = `apt-get update && apt-get install -y --no-install-recommends ${BUILD_PACKAGES.join(' ')} chromium`;
    assert.deepEqual(commands, [`    sudo sh -c '${install}'`]);
    assert.deepEqual(machine.aptCalls(), [], 'apt-get is not called without the right to');
  });

  test('asks for Chromium for tests only', async (t) => {
    const machine = new BareMachine(t);
    writeProgram(machine.programs, 'apt-get', 'exit 1');
    const { code, stderr } = await machine.setup(1000, 'start');
    assert.equal(code, 1);
    assert.match(stderr, /libflatbuffers-dev/);
    assert.doesNotMatch(stderr, /chromium/);
  });

  test('installs them as root, fetching the package lists where there are none', async (t) => {
    const machine = new BareMachine(t);
    const noLists = '[ "$action" = install ] && [ ! -e lists ] && exit 100';
    writeProgram(
      machine.programs,
      'apt-get',
      `cd ${path.dirname(machine.aptLog)}
       for word in "$@"; do case "$word" in install|update) action=$word;; esac; done
       echo "$action \${*##*recommends }" >> ${machine.aptLog}
       ${noLists}
       [ "$action" = update ] && : > lists
       exit 0`,
    );
    const { stderr } = await machine.setup(0, 'start');
    const calls = machine.aptCalls();
    assert.deepEqual(
      calls.map((call) => call.split(' ')[0]),
      ['install', 'update', 'install'],
      stderr,
    );
    assert.ok(calls[2]?.endsWith(BUILD_PACKAGES.join(' ')), calls[2]);
    assert.match(stderr, /✓ Debian packages: meson, /);
  });

  test('installs them through sudo where that asks for no password', async (t) => {
    const machine = new BareMachine(t);
    writeProgram(machine.programs, 'true', '');
    writeProgram(machine.programs, 'apt-get', `echo "$DEBIAN_FRONTEND $*" >> ${machine.aptLog}`);
    writeProgram(machine.programs, 'sudo', 'shift; case "$1" in *=*) export "$1"; shift;; esac; exec "$@"');
    const { stderr } = await machine.setup(1000, 'start');
    assert.equal(machine.aptCalls().length, 1, stderr);
    assert.match(machine.aptCalls()[0] ?? '', /^noninteractive .*install -y --no-install-recommends meson /);
  });

  test('installs the recogniser and Redis for tests where it may, and goes on without what fails, which it tries once', async (t) => {
    const machine = new BareMachine(t);
    writeProgram(
      machine.programs,
      'apt-get',
      `for word in "$@"; do case "$word" in install|update) action=$word;; esac; done
       echo "$action \${*##*recommends }" >> ${machine.aptLog}
       case "$*" in *pocketsphinx*) exit 100;; esac
       exit 0`,
    );
    const { stderr } = await machine.setup(0, 'test');
    const recogniser = (call: string) => call === 'install pocketsphinx pocketsphinx-en-us';
    assert.equal(machine.aptCalls().filter(recogniser).length, 2, stderr);
    assert.match(stderr, /pocketsphinx, pocketsphinx-en-us could not be installed: the tests that need them will skip/);
    assert.match(stderr, /✓ Debian packages: meson, .*chromium, without pocketsphinx, .*, redis-server/);
    assert.ok(machine.aptCalls().includes('install redis-server'));
    await machine.setup(0, 'test');
    assert.equal(machine.aptCalls().filter(recogniser).length, 2, 'not tried again');
  });

  test('says what is missing where there is no apt-get', async (t) => {
    const { code, stderr } = await new BareMachine(t).setup(0, 'start');
    assert.equal(code, 1);
    assert.match(stderr, /This machine has no apt-get, and these are missing: meson, /);
    assert.match(stderr, /MEDIASOUP_WORKER_BIN/);
  });

  test('shows the end of what apt-get said when it fails', async (t) => {
    const machine = new BareMachine(t);
    writeProgram(machine.programs, 'apt-get', 'echo "E: the mirror is on fire"; exit 100');
    const { code, stderr } = await machine.setup(0, 'start');
    assert.equal(code, 1);
    assert.match(stderr, /E: the mirror is on fire/);
    assert.match(stderr, /Run this yourself to see what is wrong: apt-get update && /);
  });
});
