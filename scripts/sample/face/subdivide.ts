/** New vertices as weighted sums of old ones: linear, so that it holds for positions, displacements and masks alike. */
export interface Subdivision {
  stencils: ReadonlyArray<ReadonlyArray<readonly [vertex: number, weight: number]>>;
  quads: number[][];
}

type Stencil = Map<number, number>;

/** One step of Catmull and Clark's scheme (1978) on a mesh of polygons whose borders keep their shape. */
export function subdivide(faces: readonly (readonly number[])[], vertexCount: number): Subdivision {
  const facePoints = faces.map((face) => mean(face.map((vertex) => new Map([[vertex, 1]]))));
  const edges = new Map<string, { ends: [number, number]; faces: number[]; index: number }>();
  const edgeOf = (a: number, b: number) => edges.get(a < b ? `${a},${b}` : `${b},${a}`)!;
  faces.forEach((face, index) => {
    face.forEach((a, corner) => {
      const b = face[(corner + 1) % face.length]!;
      const key = a < b ? `${a},${b}` : `${b},${a}`;
      const edge = edges.get(key) ?? { ends: [a, b] as [number, number], faces: [], index: edges.size };
      edge.faces.push(index);
      edges.set(key, edge);
    });
  });

  const edgePoints: Stencil[] = [];
  const around = Array.from({ length: vertexCount }, () => ({
    faces: new Set<number>(),
    middles: [] as Stencil[],
    border: [] as Stencil[],
  }));
  for (const { ends, faces: beside } of edges.values()) {
    const middle = mean(ends.map((vertex) => new Map([[vertex, 1]])));
    const inside = beside.length === 2;
    edgePoints.push(inside ? mean([middle, mean(beside.map((face) => facePoints[face]!))]) : middle);
    for (const end of ends) {
      around[end]!.middles.push(middle);
      if (!inside) around[end]!.border.push(middle);
      for (const face of beside) around[end]!.faces.add(face);
    }
  }

  const vertexPoints = around.map(({ faces: beside, middles, border }, vertex): Stencil => {
    const self: Stencil = new Map([[vertex, 1]]);
    if (border.length > 0)
      return sum([[self, 0.5], ...border.map((middle): [Stencil, number] => [middle, 0.5 / border.length])]);
    const n = beside.size;
    if (n < 3) return self;
    return sum([
      [mean([...beside].map((face) => facePoints[face]!)), 1 / n],
      [mean(middles), 2 / n],
      [self, (n - 3) / n],
    ]);
  });

  const edgeAt = vertexCount;
  const faceAt = edgeAt + edges.size;
  const quads = faces.flatMap((face, index) =>
    face.map((vertex, corner) => {
      const next = face[(corner + 1) % face.length]!;
      const before = face[(corner + face.length - 1) % face.length]!;
      return [vertex, edgeAt + edgeOf(vertex, next).index, faceAt + index, edgeAt + edgeOf(before, vertex).index];
    }),
  );
  return { stencils: [...vertexPoints, ...edgePoints, ...facePoints].map((stencil) => [...stencil]), quads };
}

/** Applies the stencils to values of `size` numbers a vertex. */
export function refine(subdivision: Subdivision, values: ArrayLike<number>, size: number): Float64Array {
  const refined = new Float64Array(subdivision.stencils.length * size);
  subdivision.stencils.forEach((stencil, vertex) => {
    for (const [from, weight] of stencil) {
      for (let i = 0; i < size; i += 1) refined[vertex * size + i]! += values[from * size + i]! * weight;
    }
  });
  return refined;
}

function mean(stencils: readonly Stencil[]): Stencil {
  return sum(stencils.map((stencil) => [stencil, 1 / stencils.length]));
}

function sum(terms: ReadonlyArray<readonly [Stencil, number]>): Stencil {
  const total: Stencil = new Map();
  for (const [stencil, factor] of terms) {
    for (const [vertex, weight] of stencil) total.set(vertex, (total.get(vertex) ?? 0) + weight * factor);
  }
  return total;
}
