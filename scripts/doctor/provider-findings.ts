import { optional, required, type Finding } from './finding.ts';

const NVIDIA =
  'Only for a GPU: with the NVIDIA driver, CUDA 13 and cuDNN 9 installed, run `UNDERTONE_CUDA=1 npm run setup`.';
const VULKAN = "Only for a GPU: install its Vulkan driver (Debian: mesa-vulkan-drivers 25 or newer, or the vendor's).";

/** The execution providers of onnxruntime that really work here, each tried with a small graph. */
export async function providerFindings(): Promise<Finding[]> {
  try {
    // Needs the npm packages, whose absence another finding tells.
    const { probeProviders } = await import('../../plugin/analyzer/inference/providers.ts');
    const results = await probeProviders();
    return results.map((result) => {
      const name = `execution provider ${result.provider}`;
      const detail = result.available ? `works, ${result.medianMs.toFixed(2)} ms a run of the probe` : result.reason;
      return result.provider === 'cpu'
        ? required(
            name,
            result.available,
            detail,
            'Run `npm run setup`; on an unusual platform onnxruntime-node may have no build.',
          )
        : optional(name, result.available, detail, result.provider === 'webgpu' ? VULKAN : NVIDIA);
    });
  } catch (error) {
    const detail = `could not be probed: ${(error as Error).message}`;
    return [required('execution providers', false, detail, 'Run `npm run setup`, then this again.')];
  }
}
