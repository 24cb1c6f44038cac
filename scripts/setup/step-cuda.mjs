import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { findNode } from '../../bin/node-runtime.mjs';
import { logFile } from './context.mjs';
import { runCommand } from './run-command.mjs';

/**
 * The CUDA and TensorRT libraries of onnxruntime-node, which are only fetched when UNDERTONE_CUDA=1 asks for them.
 *
 * @type {import('./context.mjs').Step}
 */
export const cudaStep = {
  id: 'cuda',
  title: 'CUDA execution provider',
  from: 'start',

  missing({ root }) {
    const binaries = path.join(root, 'node_modules', 'onnxruntime-node', 'bin');
    if (!existsSync(binaries)) return 'onnxruntime-node';
    const present = readdirSync(binaries).some((abi) =>
      existsSync(path.join(binaries, abi, process.platform, process.arch, 'libonnxruntime_providers_cuda.so')),
    );
    return present ? null : 'the CUDA libraries of onnxruntime-node';
  },

  async run(context) {
    await runCommand(findNode(context.cache) ?? process.execPath, [path.join('script', 'install.js')], {
      cwd: path.join(context.root, 'node_modules', 'onnxruntime-node'),
      env: { ...context.env, ONNXRUNTIME_NODE_INSTALL: 'true' },
      logFile: logFile(context, 'cuda'),
      advice: 'The download needs Linux on x64 and the internet. Without UNDERTONE_CUDA=1 the CPU does the inference.',
    });
  },
};
