/**
 * A lock file, so that two setups at once (two terminals, two clones with one cache) do not build over each other.
 * The holder touches the file again and again; one that was killed is found out by its process id or by the file's age.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const HEARTBEAT_MS = 3_000;
const STALE_AFTER_MS = 30_000;
const RETRY_MS = 300;

/**
 * @template T
 * @param {string} file the lock file; its folder is made where missing
 * @param {() => Promise<T>} work
 * @param {(owner: string) => void} onWait called once when another process holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait) {
  mkdirSync(path.dirname(file), { recursive: true });
  const mine = JSON.stringify({ host: hostname(), pid: process.pid, id: randomUUID() });
  let told = false;
  while (!tryCreate(file, mine)) {
    const held = read(file);
    if (held === null) continue;
    if (isStale(file, held)) {
      breakLock(file, held);
      continue;
    }
    if (!told) onWait(describe(held));
    told = true;
    await delay(RETRY_MS);
  }
  const release = () => {
    if (read(file) === mine) rmSync(file, { force: true });
  };
  const heartbeat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // Somebody took the file away by hand: the work goes on.
    }
  }, HEARTBEAT_MS);
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.removeListener('exit', release);
    release();
  }
}

/** @param {string} file @param {string} content */
function tryCreate(file, content) {
  try {
    const descriptor = openSync(file, 'wx');
    writeSync(descriptor, content);
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** @param {string} held */
function owner(held) {
  try {
    return JSON.parse(held);
  } catch {
    // Created, but not written yet: only its age can tell.
    return {};
  }
}

/** @param {string} held */
function describe(held) {
  const { host, pid } = owner(held);
  return pid ? `process ${pid} on ${host}` : 'another process';
}

/** @param {string} file @param {string} held */
function isStale(file, held) {
  const { host, pid } = owner(held);
  if (pid && host === hostname()) {
    try {
      process.kill(pid, 0);
    } catch (error) {
      return error.code === 'ESRCH';
    }
  }
  try {
    return Date.now() - statSync(file).mtimeMs > STALE_AFTER_MS;
  } catch {
    return false;
  }
}

/** @param {string} file @param {string} held */
function breakLock(file, held) {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // Another waiter was faster.
  }
  // Between looking and renaming, another waiter may have broken it and taken it: then give it back.
  if (read(aside) !== held) {
    try {
      linkSync(aside, file);
    } catch {
      // Taken once more; its holder goes on, at worst beside the one that was moved aside.
    }
  }
  rmSync(aside, { force: true });
}
