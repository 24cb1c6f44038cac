/** Adds weighted expression units to the resting face, in place of `out`. */
export function blend(rest, units, weights, out) {
  out.set(rest);
  for (const [name, weight] of Object.entries(weights)) {
    const unit = units[name];
    if (!unit) throw new Error(`there is no expression unit "${name}"`);
    if (Math.abs(weight) < 1e-4) continue;
    unit.vertices.forEach((vertex, index) => {
      for (let axis = 0; axis < 3; axis += 1) out[vertex * 3 + axis] += unit.deltas[index * 3 + axis] * weight;
    });
  }
}

/** Normals as the sum of those of the faces around, by area. */
export function computeNormals(positions, indices, out) {
  out.fill(0);
  for (let i = 0; i < indices.length; i += 3) {
    const a = indices[i] * 3;
    const b = indices[i + 1] * 3;
    const c = indices[i + 2] * 3;
    const ux = positions[b] - positions[a];
    const uy = positions[b + 1] - positions[a + 1];
    const uz = positions[b + 2] - positions[a + 2];
    const vx = positions[c] - positions[a];
    const vy = positions[c + 1] - positions[a + 1];
    const vz = positions[c + 2] - positions[a + 2];
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    for (let corner = 0; corner < 3; corner += 1) {
      const at = indices[i + corner] * 3;
      out[at] += nx;
      out[at + 1] += ny;
      out[at + 2] += nz;
    }
  }
  for (let i = 0; i < out.length; i += 3) {
    const size = Math.hypot(out[i], out[i + 1], out[i + 2]) || 1;
    out[i] /= size;
    out[i + 1] /= size;
    out[i + 2] /= size;
  }
}

/** A ball of radius 1. */
export function ball(rows = 32, columns = 48) {
  const positions = [];
  const indices = [];
  for (let row = 0; row <= rows; row += 1) {
    for (let column = 0; column <= columns; column += 1) {
      const [theta, phi] = [(row / rows) * Math.PI, (column / columns) * 2 * Math.PI];
      positions.push(Math.sin(theta) * Math.sin(phi), Math.cos(theta), Math.sin(theta) * Math.cos(phi));
      if (row < rows && column < columns) {
        const at = row * (columns + 1) + column;
        indices.push(at, at + columns + 1, at + 1, at + 1, at + columns + 1, at + columns + 2);
      }
    }
  }
  return { positions: Float32Array.from(positions), indices: Uint32Array.from(indices) };
}

/** Each hair as a ribbon of two vertices a point; the vertex shader turns it to the camera. */
export function ribbons({ points, starts, shades }) {
  const count = points.length / 3;
  const position = new Float32Array(count * 6);
  const tangent = new Float32Array(count * 6);
  const info = new Float32Array(count * 6);
  const indices = [];
  for (let strand = 0; strand + 1 < starts.length; strand += 1) {
    const [from, to] = [starts[strand], starts[strand + 1]];
    for (let i = from; i < to; i += 1) {
      const [before, after] = [Math.max(from, i - 1), Math.min(to - 1, i + 1)];
      for (let side = 0; side < 2; side += 1) {
        const at = (i * 2 + side) * 3;
        for (let axis = 0; axis < 3; axis += 1) {
          position[at + axis] = points[i * 3 + axis];
          tangent[at + axis] = points[after * 3 + axis] - points[before * 3 + axis];
        }
        info.set([side * 2 - 1, (i - from) / Math.max(1, to - from - 1), shades[strand]], at);
      }
      if (i + 1 < to) indices.push(i * 2, i * 2 + 1, i * 2 + 2, i * 2 + 2, i * 2 + 1, i * 2 + 3);
    }
  }
  return { position, tangent, info, indices: Uint32Array.from(indices) };
}
