import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Character } from './characters.ts';
import { growHair, type Strands } from './hair.ts';
import { readMask } from './masks.ts';
import { parseObj, type Corner, type ObjMesh } from './obj.ts';
import { refine, subdivide } from './subdivide.ts';
import { applyTarget, readTarget } from './targets.ts';

/** The body in three parts: always bare, bare or covered, always covered. */
export const MATERIALS = ['head', 'neck', 'chest', 'teeth', 'tongue', 'lashes'] as const;
export type Material = (typeof MATERIALS)[number];

/** A head and shoulders as the stage draws it; decimetres, the eyes at height 0, the face looks along +z. */
export interface HeadModel {
  positions: Float32Array;
  /** Per vertex: lips, eyelids, inside of the mouth, scalp; 0..1. */
  masks: Float32Array;
  /** Triangles, one run per material. */
  indices: Uint32Array;
  runs: Array<{ material: Material; from: number; count: number }>;
  /** Facial expressions as sparse displacements: at weight 1, `vertices[i]` moves by `deltas[3i..3i+2]`. */
  units: Record<string, { vertices: Uint32Array; deltas: Float32Array }>;
  eyes: Array<{ centre: [number, number, number]; radius: number }>;
  /** Heights of the chin and the crown, and how far the face reaches forward. */
  chinY: number;
  crownY: number;
  hair: Strands;
  brows: Strands;
}

const PARTS: Array<{ group: string; material: Material }> = [
  { group: 'body', material: 'head' },
  { group: 'helper-upper-teeth', material: 'teeth' },
  { group: 'helper-lower-teeth', material: 'teeth' },
  { group: 'helper-tongue', material: 'tongue' },
  { group: 'helper-l-eyelashes-2', material: 'lashes' },
  { group: 'helper-r-eyelashes-2', material: 'lashes' },
];

/** What the camera does not see is left out. Heights count from the eyes. */
const LOWEST_Y = -3;
const WIDEST_X = 2.5;
/** Between these the shirt ends. */
const NECK_Y = { top: -1.25, bottom: -2.3 };

/** @param directory The folder `mpfb2` with the base mesh (`3dobjs/base.obj`), `targets/` and `textures/`. */
export function buildHead(directory: string, character: Character): HeadModel {
  const mesh = parseObj(readFileSync(join(directory, '3dobjs', 'base.obj'), 'utf8'));
  for (const [name, weight] of Object.entries(character.shapes)) {
    applyTarget(mesh.positions, readTarget(directory, name), weight);
  }
  raise(mesh.positions, -middle(mesh, 'helper-l-eye')[1]);
  // The teeth of the base mesh lie too far back to be seen between the lips, and too close together.
  for (const [group, down] of [
    ['helper-upper-teeth', 0.055],
    ['helper-lower-teeth', 0.05],
  ] as const) {
    for (const vertex of new Set(
      mesh.groups
        .get(group)!
        .flat()
        .map((corner) => corner.vertex),
    )) {
      mesh.positions[vertex * 3 + 1]! -= down;
      mesh.positions[vertex * 3 + 2]! += 0.03;
    }
  }
  const y = (vertex: number): number => mesh.positions[vertex * 3 + 1]!;
  const x = (vertex: number): number => mesh.positions[vertex * 3]!;

  const kept = new Map<number, number>();
  const faces: number[][] = [];
  const materials: Material[] = [];
  const cornerUv: Corner[] = [];
  for (const { group, material } of PARTS) {
    for (const face of mesh.groups.get(group) ?? []) {
      if (face.some(({ vertex }) => y(vertex) < LOWEST_Y || Math.abs(x(vertex)) > WIDEST_X)) continue;
      faces.push(
        face.map((corner) => {
          const known = kept.get(corner.vertex);
          if (known !== undefined) return known;
          const index = kept.size;
          kept.set(corner.vertex, index);
          cornerUv.push(corner);
          return index;
        }),
      );
      materials.push(material === 'head' ? bodyPart(mean(face.map(({ vertex }) => y(vertex)))) : material);
    }
  }

  const basePositions = new Float64Array(kept.size * 3);
  for (const [vertex, index] of kept) basePositions.set(mesh.positions.subarray(vertex * 3, vertex * 3 + 3), index * 3);
  const masks = ['lips', 'eyelids', 'inside-mouth', 'ears'].map((name) => readMask(directory, name));
  const baseMasks = new Float64Array(kept.size * 4);
  const isBody = new Set(faces.flatMap((face, index) => (isSkin(materials[index]) ? face : [])));
  cornerUv.forEach(({ uv }, index) => {
    if (!isBody.has(index)) return;
    masks.forEach((mask, channel) => {
      baseMasks[index * 4 + channel] = mask(mesh.uvs[uv * 2]!, mesh.uvs[uv * 2 + 1]!);
    });
  });

  const fine = subdivide(faces, kept.size);
  const positions = refine(fine, basePositions, 3);
  const fineMasks = refine(fine, baseMasks, 4);

  const indices: number[] = [];
  const runs: HeadModel['runs'] = [];
  for (const material of MATERIALS) {
    const from = indices.length;
    fine.quads.forEach((quad, index) => {
      // Each face of the base mesh gave as many quads as it has corners; all have four.
      if (materials[Math.floor(index / 4)] !== material) return;
      const [a, b, c, d] = quad as [number, number, number, number];
      indices.push(a, b, c, a, c, d);
    });
    if (indices.length > from) runs.push({ material, from, count: indices.length - from });
  }

  const units: HeadModel['units'] = {};
  const unitsFolder = `expression/units/${character.expressions}`;
  for (const file of readdirSync(join(directory, 'targets', unitsFolder))) {
    const name = file.replace('.target.gz', '');
    const displaced = new Float64Array(kept.size * 3);
    for (const [vertex, delta] of readTarget(directory, `${unitsFolder}/${name}`)) {
      const index = kept.get(vertex);
      if (index !== undefined) displaced.set(delta, index * 3);
    }
    units[name] = sparse(refine(fine, displaced, 3));
  }

  const eyes = ['helper-l-eye', 'helper-r-eye'].map((group) => ({
    centre: middle(mesh, group),
    radius: extent(mesh, group, 0).size / 2,
  }));

  const skin = [...isBody].map((index) => basePositions.subarray(index * 3, index * 3 + 3));
  const crownY = Math.max(...skin.map((point) => point[1]!));
  const eyeY = eyes[0]!.centre[1];
  const chinY = eyeY - (crownY - eyeY) * 0.95;
  const surface = {
    positions,
    quads: fine.quads.filter((_, index) => isSkin(materials[Math.floor(index / 4)])),
    ears: Float64Array.from({ length: fineMasks.length / 4 }, (_, vertex) => fineMasks[vertex * 4 + 3]!),
  };
  const grown = growHair(surface, { eyes, crownY, character });
  grown.scalp.forEach((value, vertex) => (fineMasks[vertex * 4 + 3] = value));

  return {
    positions: Float32Array.from(positions),
    masks: Float32Array.from(fineMasks),
    indices: Uint32Array.from(indices),
    runs,
    units,
    eyes,
    chinY,
    crownY,
    hair: grown.hair,
    brows: grown.brows,
  };
}

function bodyPart(height: number): Material {
  return height > NECK_Y.top ? 'head' : height > NECK_Y.bottom ? 'neck' : 'chest';
}

function isSkin(material: Material | undefined): boolean {
  return material === 'head' || material === 'neck' || material === 'chest';
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function raise(positions: Float64Array, by: number): void {
  for (let i = 1; i < positions.length; i += 3) positions[i]! += by;
}

function middle(mesh: ObjMesh, group: string): [number, number, number] {
  return [0, 1, 2].map((axis) => extent(mesh, group, axis).middle) as [number, number, number];
}

function extent(mesh: ObjMesh, group: string, axis: number): { middle: number; size: number } {
  const values = mesh.groups
    .get(group)!
    .flatMap((face) => face.map(({ vertex }) => mesh.positions[vertex * 3 + axis]!));
  const low = Math.min(...values);
  const high = Math.max(...values);
  return { middle: (low + high) / 2, size: high - low };
}

function sparse(dense: Float64Array): { vertices: Uint32Array; deltas: Float32Array } {
  const vertices: number[] = [];
  const deltas: number[] = [];
  for (let vertex = 0; vertex * 3 < dense.length; vertex += 1) {
    const delta = dense.subarray(vertex * 3, vertex * 3 + 3);
    if (delta.every((value) => Math.abs(value) < 1e-5)) continue;
    vertices.push(vertex);
    deltas.push(...delta);
  }
  return { vertices: Uint32Array.from(vertices), deltas: Float32Array.from(deltas) };
}
