/* Matrices are column by column, as WebGL takes them. */

export const normalize = (v) => {
  const size = Math.hypot(...v) || 1;
  return v.map((value) => value / size);
};
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export function multiply(a, b) {
  const out = new Float32Array(16);
  for (let column = 0; column < 4; column += 1) {
    for (let row = 0; row < 4; row += 1) {
      for (let i = 0; i < 4; i += 1) out[column * 4 + row] += a[i * 4 + row] * b[column * 4 + i];
    }
  }
  return out;
}

export function lookAt(from, to, up = [0, 1, 0]) {
  const z = normalize(from.map((value, axis) => value - to[axis]));
  const x = normalize(cross(up, z));
  const y = cross(z, x);
  return new Float32Array([
    ...[x[0], y[0], z[0], 0],
    ...[x[1], y[1], z[1], 0],
    ...[x[2], y[2], z[2], 0],
    ...[-dot(x, from), -dot(y, from), -dot(z, from), 1],
  ]);
}

export function perspective(height, aspect, near, far) {
  const f = 1 / Math.tan(height / 2);
  return new Float32Array([
    f / aspect,
    0,
    0,
    0,
    0,
    f,
    0,
    0,
    0,
    0,
    (far + near) / (near - far),
    -1,
    0,
    0,
    (2 * far * near) / (near - far),
    0,
  ]);
}

export function orthographic(half, near, far) {
  return new Float32Array([
    1 / half,
    0,
    0,
    0,
    0,
    1 / half,
    0,
    0,
    0,
    0,
    2 / (near - far),
    0,
    0,
    0,
    (far + near) / (near - far),
    1,
  ]);
}

/** Turns by yaw (to the person's left), pitch (down) and roll, in radians. */
export function rotation(yaw, pitch, roll) {
  const [cy, sy, cp, sp, cr, sr] = [
    Math.cos(yaw),
    Math.sin(yaw),
    Math.cos(pitch),
    Math.sin(pitch),
    Math.cos(roll),
    Math.sin(roll),
  ];
  const m = (r, c) =>
    [
      [cy * cr + sy * sp * sr, -cy * sr + sy * sp * cr, sy * cp],
      [cp * sr, cp * cr, -sp],
      [-sy * cr + cy * sp * sr, sy * sr + cy * sp * cr, cy * cp],
    ][r][c];
  return new Float32Array([m(0, 0), m(1, 0), m(2, 0), m(0, 1), m(1, 1), m(2, 1), m(0, 2), m(1, 2), m(2, 2)]);
}
