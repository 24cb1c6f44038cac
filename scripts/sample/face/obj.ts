export interface Corner {
  vertex: number;
  uv: number;
}

export interface ObjMesh {
  /** x, y, z per vertex; decimetres, y up, the face looks along +z. */
  positions: Float64Array;
  uvs: Float64Array;
  groups: Map<string, Corner[][]>;
}

/** Reads what a MakeHuman base mesh has of Wavefront OBJ: positions, texture coordinates, groups of polygons. */
export function parseObj(text: string): ObjMesh {
  const positions: number[] = [];
  const uvs: number[] = [];
  const groups = new Map<string, Corner[][]>();
  let group: Corner[][] = [];
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line.trim().split(/\s+/);
    if (keyword === 'v') positions.push(...values.slice(0, 3).map(Number));
    else if (keyword === 'vt') uvs.push(...values.slice(0, 2).map(Number));
    else if (keyword === 'g') {
      group = groups.get(values[0] ?? '') ?? [];
      groups.set(values[0] ?? '', group);
    } else if (keyword === 'f') {
      group.push(
        values.map((corner) => {
          const [vertex = '1', uv = '1'] = corner.split('/');
          return { vertex: Number(vertex) - 1, uv: Number(uv) - 1 };
        }),
      );
    }
  }
  return { positions: Float64Array.from(positions), uvs: Float64Array.from(uvs), groups };
}
