import type { Character } from './characters.ts';
import { seededRandom } from '../../random.ts';
import { SkullShape } from './skull-shape.ts';
import { add, cross, dot, length, mix, scale, smoothstep, subtract, unit, type Vec } from './vec.ts';

/** Hairs as lines; strand i is `points[starts[i]..starts[i+1]]`. */
export interface Strands {
  /** x, y, z per point. */
  points: Float32Array;
  starts: Uint32Array;
  /** Per strand: lightness around 1. */
  shades: Float32Array;
  /** Width at the root, decimetres. */
  width: number;
}

export interface Surface {
  positions: Float64Array;
  quads: number[][];
  /** Per vertex: belongs to an ear. */
  ears: Float64Array;
}

export interface HairOptions {
  eyes: Array<{ centre: [number, number, number]; radius: number }>;
  crownY: number;
  character: Character;
}

interface Root {
  at: Vec;
  normal: Vec;
}

export interface Grown {
  hair: Strands;
  brows: Strands;
  /** Per vertex: 0 skin, 1 hair grows here. */
  scalp: Float64Array;
}

const COUNTS = { long: 2100, short: 6500, cropped: 9000 };

export function growHair(surface: Surface, { eyes, crownY, character }: HairOptions): Grown {
  const random = seededRandom(character.seed);
  const eyeY = eyes[0]!.centre[1];
  const unitY = crownY - eyeY;
  const skull = new SkullShape(surface, [0, eyeY + 0.2 * unitY, eyes[0]!.centre[2] - 0.72 * unitY]);
  const { haircut } = character;

  /** How far above its hairline a point lies, decimetres. */
  const aboveHairline = (point: Vec): number => point[1] - (eyeY + unitY * hairline(skull.azimuth(point), haircut));
  const scalp = new Float64Array(surface.positions.length / 3);
  for (let vertex = 0; vertex < scalp.length; vertex += 1) {
    const point = vertexAt(surface, vertex);
    const onHead = point[1] > eyeY - unitY * 0.75 && surface.ears[vertex]! < 0.3 && skull.isOuter(point);
    scalp[vertex] = onHead ? smoothstep(-0.02, 0.09, aboveHairline(point)) : 0;
  }

  // Nobody sees the back of a head before a camera; what falls beside the neck is enough.
  const density = (vertex: number): number => scalp[vertex]! * (skull.azimuth(vertexAt(surface, vertex)) > 2 ? 0.4 : 1);
  const roots = scatter(surface, density, COUNTS[haircut], random);
  const style = { long: longStrand, short: shortStrand, cropped: croppedStrand }[haircut];
  const hair = roots.map((root) => style(root, { skull, random, eyeY, unitY }));
  if (haircut !== 'cropped') clump(hair, random, haircut === 'long' ? 260 : 420, haircut === 'long' ? 0.55 : 0.45);

  const brows = [1, -1].flatMap((side) => growBrow(surface, eyes, side, unitY, haircut === 'long', random));
  const shade = (): number => 0.75 + 0.5 * random();
  return {
    hair: pack(hair, shade, { long: 0.021, short: 0.018, cropped: 0.014 }[haircut]),
    brows: pack(brows, shade, haircut === 'long' ? 0.009 : 0.011),
    scalp,
  };
}

/** Height of the hairline above the eyes, in heights of the forehead and crown, around the head (0 = front, pi = nape). */
function hairline(azimuth: number, haircut: Character['haircut']): number {
  const nape = haircut === 'long' ? -0.55 : -0.6;
  const peak = haircut === 'cropped' ? 0.63 : 0.6;
  const knots: Array<[number, number]> = [
    [0, peak],
    [0.45, peak + 0.01],
    [0.75, peak - 0.06],
    [0.95, 0.3],
    [1.2, haircut === 'long' ? 0.1 : 0.06],
    [1.42, -0.12],
    [1.62, 0.05],
    [1.95, -0.05],
    [2.3, nape + 0.1],
    [Math.PI, nape],
  ];
  const next = knots.findIndex(([angle]) => angle >= azimuth);
  const [toAngle, to] = knots[Math.max(1, next)]!;
  const [fromAngle, from] = knots[Math.max(1, next) - 1]!;
  return from + (to - from) * smoothstep(fromAngle, toAngle, azimuth);
}

interface Growth {
  skull: SkullShape;
  random: () => number;
  eyeY: number;
  unitY: number;
}

/** Shoulder-long, parted off the middle, behind the ears. */
function longStrand({ at, normal }: Root, { skull, random, eyeY, unitY }: Growth): Vec[] {
  const part = 0.12;
  const side = at[0] + (random() - 0.5) * 0.04 > part ? 1 : -1;
  const points: Vec[] = [at];
  const steps = 12;
  const layer = 0.025 + 0.09 * random();
  // Roots in front are swept back over the ear; all end at about the same height.
  const tip = eyeY - unitY * (1.62 + 0.22 * random());
  const reach = at[1] - tip + unitY * 0.45;
  let direction = unit(add(scale(normal, 0.25), [side * 0.7, -0.2, -0.25]));
  for (let i = 1; i < steps; i += 1) {
    const point = points[i - 1]!;
    const height = (point[1] - eyeY) / unitY;
    const fallen = smoothstep(0.95, 0.25, height);
    const back = 0.5 * smoothstep(0.1, 0.6, point[2]) * smoothstep(-0.5, 0.3, height);
    const around = unit([
      side * (1 - fallen) * 0.8 - side * 0.2 * smoothstep(0.2, -0.8, height),
      -0.35 - fallen,
      -0.12 - back,
    ]);
    direction = unit(mix(direction, around, 0.58));
    const next = skull.keepOut(add(point, direction, reach / steps), layer * (0.3 + 0.7 * Math.min(1, i / 3)));
    points.push(keepOffFace(keepOffNeck(next, eyeY, unitY, layer), side, eyeY, unitY, layer));
  }
  return points;
}

/** Long hair hangs beside the face, not over it. */
function keepOffFace(point: Vec, side: number, eyeY: number, unitY: number, layer: number): Vec {
  const height = (point[1] - eyeY) / unitY;
  if (height > 0.5 || point[2] < 0.2) return point;
  const least = unitY * (0.5 + 0.14 * smoothstep(0.5, -0.1, height)) + layer * 0.6;
  const x = side * Math.max(least, side * point[0]);
  const depth = 0.86 * unitY - layer;
  return [x, point[1], Math.min(point[2], depth)];
}

function keepOffNeck(point: Vec, eyeY: number, unitY: number, layer: number): Vec {
  const height = (point[1] - eyeY) / unitY;
  if (height > -0.6) return point;
  const radius = unitY * (0.5 + 0.42 * smoothstep(-0.9, -1.7, height)) + layer;
  const centre: Vec = [0, point[1], 0.05];
  const out = subtract(point, centre);
  const distance = length(out);
  return distance >= radius ? point : add(centre, scale(out, radius / (distance || 1)));
}

/** Combed up and to the side on top, short and flat at the sides. */
function shortStrand({ at, normal }: Root, { skull, random, eyeY, unitY }: Growth): Vec[] {
  const height = (at[1] - eyeY) / unitY;
  const top = smoothstep(0.42, 0.78, height);
  const front = smoothstep(0.2, 0.75, at[2]);
  const reach = 0.15 + 0.04 * random() + top * (0.3 + 0.12 * front + 0.1 * random());
  const jitter: Vec = [(random() - 0.5) * 0.35, (random() - 0.5) * 0.3, (random() - 0.5) * 0.35];
  const flat = add([0.12 * Math.sign(at[0]), -1, -0.45] as Vec, jitter);
  const swept = add([-0.85, 0.22 * front, 0.1 - 0.5 * front] as Vec, jitter);
  const target = unit(mix(flat, swept, top));
  const points: Vec[] = [at];
  const steps = 6;
  let direction = unit(add(scale(normal, 0.5 + 0.5 * top * front), target, 0.7));
  for (let i = 1; i < steps; i += 1) {
    direction = unit(mix(direction, target, 0.32));
    points.push(skull.keepOut(add(points[i - 1]!, direction, reach / steps), 0.02 + 0.07 * top * Math.min(1, i / 2.5)));
  }
  return points;
}

/** Very short and curly. */
function croppedStrand({ at, normal }: Root, { random, eyeY, unitY }: Growth): Vec[] {
  const top = smoothstep(0.1, 0.8, (at[1] - eyeY) / unitY);
  const reach = 0.05 + 0.09 * top * (0.6 + 0.4 * random());
  const across = unit(cross(normal, [0.3, 0.2, 0.9]));
  const along = cross(normal, across);
  const phase = random() * 6.283;
  const points: Vec[] = [at];
  for (let i = 1; i < 5; i += 1) {
    const turn = phase + i * 1.6;
    const curl = add(scale(across, Math.cos(turn)), along, Math.sin(turn));
    points.push(add(add(at, normal, (reach * i) / 4), curl, 0.022));
  }
  return points;
}

function growBrow(
  surface: Surface,
  eyes: HairOptions['eyes'],
  side: number,
  unitY: number,
  fine: boolean,
  random: () => number,
): Vec[][] {
  const eye = eyes.find(({ centre }) => Math.sign(centre[0]) === side)!.centre;
  const skin = new SkullShape(surface, [0, eye[1], eye[2] - 0.72 * unitY], 220);
  const strands: Vec[][] = [];
  for (let i = 0; i < (fine ? 220 : 330); i += 1) {
    const t = random();
    const thickness = (fine ? 0.02 : 0.03) * unitY * (0.5 + Math.sqrt(t) * 0.9) * (1 - 0.75 * t ** 3);
    const x = eye[0] + side * unitY * (-0.15 + 0.38 * t);
    const y =
      eye[1] +
      unitY * (0.175 + 0.055 * Math.sin(Math.min(1, t * 1.25) * 2.3) - 0.05 * t * t) +
      (random() - 0.5) * 2 * thickness;
    const at = skin.onSurface([x, y, eye[2] + 0.1]);
    const lean = 0.15 + 0.85 * Math.min(1, t * 1.6);
    const direction = unit([side * lean, (1 - lean) * 0.9 + (random() - 0.5) * 0.5 - 0.15 * t, 0]);
    const reach = (fine ? 0.05 : 0.06) * unitY * (0.8 + 0.5 * random());
    strands.push(
      [0, 0.5, 1].map((s) => add(skin.onSurface(add(at, direction, reach * s)), skin.outward(at), 0.006 + 0.008 * s)),
    );
  }
  return strands;
}

/** Random points on the surface, as dense as `weight` says. */
function scatter(surface: Surface, weight: (vertex: number) => number, count: number, random: () => number): Root[] {
  const triangles = surface.quads
    .flatMap(([a, b, c, d]) => [
      [a!, b!, c!],
      [a!, c!, d!],
    ])
    .filter((triangle) => triangle.some((vertex) => weight(vertex) > 0));
  const areas: number[] = [];
  let total = 0;
  for (const [a, b, c] of triangles) {
    const ab = subtract(vertexAt(surface, b!), vertexAt(surface, a!));
    const ac = subtract(vertexAt(surface, c!), vertexAt(surface, a!));
    total += (length(cross(ab, ac)) / 2) * ((weight(a!) + weight(b!) + weight(c!)) / 3);
    areas.push(total);
  }
  return Array.from({ length: count }, () => {
    const pick = random() * total;
    let low = 0;
    for (let high = areas.length - 1; low < high;) {
      const middle = (low + high) >> 1;
      if (areas[middle]! < pick) low = middle + 1;
      else high = middle;
    }
    const [a, b, c] = triangles[low]!.map((vertex) => vertexAt(surface, vertex)) as [Vec, Vec, Vec];
    const s = Math.sqrt(random());
    const t = random();
    const at = add(add(scale(a, 1 - s), b, s * (1 - t)), c, s * t);
    return { at, normal: unit(cross(subtract(b, a), subtract(c, a))) };
  });
}

/** Draws strands towards a neighbour that they follow, more so at the tips: locks instead of fur. */
function clump(strands: Vec[][], random: () => number, locks: number, strength: number): void {
  const guides = Array.from({ length: locks }, () => strands[Math.floor(random() * strands.length)]!);
  const paths = guides.map((guide) => [...guide]);
  for (const strand of strands) {
    const root = strand[0]!;
    let guide = paths[0]!;
    let nearest = Infinity;
    for (const path of paths) {
      const between = subtract(path[0]!, root);
      const distance = dot(between, between);
      if (distance < nearest) {
        nearest = distance;
        guide = path;
      }
    }
    for (let i = 1; i < strand.length; i += 1) {
      strand[i] = mix(strand[i]!, guide[i]!, strength * smoothstep(0, 0.8, i / strand.length) * (0.7 + 0.3 * random()));
    }
  }
}

function pack(strands: Vec[][], shade: () => number, width: number): Strands {
  const starts = [0];
  for (const strand of strands) starts.push(starts.at(-1)! + strand.length);
  return {
    points: Float32Array.from(strands.flat(2)),
    starts: Uint32Array.from(starts),
    shades: Float32Array.from(strands, shade),
    width,
  };
}

function vertexAt({ positions }: Surface, vertex: number): Vec {
  return [positions[vertex * 3]!, positions[vertex * 3 + 1]!, positions[vertex * 3 + 2]!];
}
