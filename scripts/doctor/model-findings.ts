import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { required, type Finding } from './finding.ts';

const ADVICE =
  'Restore the folder from the repository (`git checkout -- models`), or export the model anew: models/README.md.';
const GRAPHS = ['text', 'audio', 'vision', 'fusion'] as const;

interface Manifest {
  id: string;
  version: string;
  licence: string;
  [graph: string]: unknown;
}

/** The models in the repository, each file checked against the SHA-256 that was written down when it was made. */
export function modelFindings(root: string): Finding[] {
  const manifests = globSync('models/weights/*/manifest.json', { cwd: root }).sort();
  if (manifests.length === 0) {
    return [detectors(root), required('model', false, 'models/weights has no model', ADVICE)];
  }
  return [detectors(root), ...manifests.map((file) => model(path.join(root, file)))];
}

function detectors(root: string): Finding {
  const folder = path.join(root, 'models', 'detectors');
  const name = 'face and voice detectors';
  const list = path.join(folder, 'SHA256SUMS');
  if (!existsSync(list)) return required(name, false, 'models/detectors/SHA256SUMS is missing', ADVICE);
  const sums = [...readFileSync(list, 'utf8').matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)];
  const wrong = sums.flatMap(([, sum = '', file = '']) => mismatch(path.join(folder, file), sum));
  return required(name, wrong.length === 0, wrong.join('; ') || `${sums.length} files, unchanged`, ADVICE);
}

function model(manifestFile: string): Finding {
  const folder = path.dirname(manifestFile);
  const name = `model ${path.basename(folder)}`;
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest;
  } catch (error) {
    return required(name, false, `manifest.json: ${(error as Error).message}`, ADVICE);
  }
  // Not every model has a label encoder of its own.
  const graphs = [...GRAPHS, ...('label' in manifest ? ['label'] : [])];
  const wrong = graphs.flatMap((graph) => {
    const { file, sha256 } = (manifest[graph] ?? {}) as { file?: string; sha256?: string };
    return file && sha256
      ? mismatch(path.join(folder, file), sha256)
      : [`manifest.json names no file and sha256 for ${graph}`];
  });
  const found = `${manifest.id} ${manifest.version}, ${manifest.licence}, ${graphs.length} graphs unchanged`;
  return required(name, wrong.length === 0, wrong.join('; ') || found, ADVICE);
}

/** @returns what is wrong with the file, or nothing */
function mismatch(file: string, sha256: string): string[] {
  if (!existsSync(file)) return [`${path.basename(file)} is missing`];
  const found = createHash('sha256').update(readFileSync(file)).digest('hex');
  return found === sha256 ? [] : [`${path.basename(file)} has another content than when it was made (sha256 ${found})`];
}
