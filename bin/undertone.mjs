#!/usr/bin/env node
/**
 * The `undertone` command. In a clone it makes the clone ready first (progress on standard error) and runs the
 * TypeScript sources; in an installed package it runs the compiled ones. It starts on an old Node.js and goes on with
 * one that is new enough.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from './launch.mjs';
import { cacheDir, findNode, MINIMUM_NODE } from './node-runtime.mjs';

const args = process.argv.slice(2);
const setup = new URL('../scripts/setup/main.mjs', import.meta.url);
if (existsSync(setup)) {
  const { runSetup } = await import(setup.href);
  await runSetup(['--quiet', '--then', 'server/cli/main.ts', ...args]);
} else {
  const node = findNode(cacheDir());
  if (node) {
    const main = fileURLToPath(new URL('../dist/server/cli/main.js', import.meta.url));
    process.exitCode = await launch(node, [main, ...args], process.env);
  } else {
    process.stderr.write(
      `undertone needs Node.js ${MINIMUM_NODE} or newer; this is ${process.versions.node}. Install a newer one.\n`,
    );
    process.exitCode = 1;
  }
}
