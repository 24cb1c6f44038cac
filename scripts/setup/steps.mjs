import { PURPOSES } from './context.mjs';
import { cudaStep } from './step-cuda.mjs';
import { debianStep } from './step-debian.mjs';
import { linkStep } from './step-link.mjs';
import { nodeStep } from './step-node.mjs';
import { packagesStep } from './step-packages.mjs';
import { pageStep } from './step-page.mjs';
import { workerBuildStep } from './step-worker-build.mjs';
import { workerDownloadStep } from './step-worker-download.mjs';

/**
 * The steps that a purpose takes, in their order: each may count on those before it.
 *
 * @param {'node' | 'tools' | 'start' | 'test'} purpose
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('./context.mjs').Step[]}
 */
export function stepsFor(purpose, env) {
  const steps = [
    nodeStep,
    packagesStep,
    linkStep,
    ...(env.UNDERTONE_CUDA === '1' ? [cudaStep] : []),
    workerDownloadStep,
    debianStep(purpose === 'test' ? 'test' : 'start'),
    workerBuildStep,
    pageStep,
  ];
  return steps.filter((step) => PURPOSES.indexOf(step.from) <= PURPOSES.indexOf(purpose));
}
