#!/usr/bin/env node
/**
 * Makes a clone ready to run: Node.js, npm packages, the mediasoup worker, Debian packages, the web page. Each step looks
 * first whether it has anything to do, so running it again costs well under a second. Then it runs a script.
 *
 * Plain JavaScript for Node.js 18 and newer, without packages: it runs before any of them is there. Progress goes to
 * standard error, so that standard output belongs to the script.
 */
import { runSetup } from './setup/main.mjs';

await runSetup(process.argv.slice(2));
