import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Sparse displacements of a MakeHuman target, by vertex of the base mesh. */
export type Target = Map<number, readonly [number, number, number]>;

export function readTarget(directory: string, name: string): Target {
  const text = gunzipSync(readFileSync(join(directory, 'targets', `${name}.target.gz`))).toString('utf8');
  const target: Target = new Map();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [vertex = '', x, y, z] = line.trim().split(/\s+/);
    target.set(Number(vertex), [Number(x), Number(y), Number(z)]);
  }
  return target;
}

export function applyTarget(positions: Float64Array, target: Target, weight: number): void {
  for (const [vertex, delta] of target) {
    for (let axis = 0; axis < 3; axis += 1) positions[vertex * 3 + axis]! += delta[axis]! * weight;
  }
}
