import { lookAt, multiply, normalize, orthographic } from './matrix.js';
import { program } from './gl.js';

const SIZE = 512;
const DIRECTIONS = 72;
const HALF = 2.6;
const DEPTH = 8;

const vertex = `#version 300 es
precision highp float;
layout(location = 0) in vec3 position;
uniform mat4 matrix;
out float depth;
void main() { gl_Position = matrix * vec4(position, 1.0); depth = gl_Position.z * 0.5 + 0.5; }`;
const fragment = `#version 300 es
precision highp float;
in float depth;
out vec4 packed;
void main() { vec3 p = fract(depth * vec3(1.0, 255.0, 65025.0)); packed = vec4(p - p.yzz / vec3(255.0, 255.0, 1e9), 1.0); }`;

/**
 * How much of the sky each vertex sees, 0..1, found by looking at the head from many sides.
 *
 * @param draw Draws what casts shade.
 */
export function skyVisibility(gl, positions, normals, draw) {
  const depthProgram = program(gl, vertex, fragment);
  const colour = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, colour);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, SIZE, SIZE);
  const depth = gl.createRenderbuffer();
  gl.bindRenderbuffer(gl.RENDERBUFFER, depth);
  gl.renderbufferStorage(gl.RENDERBUFFER, gl.DEPTH_COMPONENT24, SIZE, SIZE);
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, colour, 0);
  gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.RENDERBUFFER, depth);
  gl.viewport(0, 0, SIZE, SIZE);
  gl.enable(gl.DEPTH_TEST);

  const seen = new Float32Array(positions.length / 3);
  const possible = new Float32Array(positions.length / 3);
  const pixels = new Uint8Array(SIZE * SIZE * 4);
  for (let i = 0; i < DIRECTIONS; i += 1) {
    const y = 1 - (2 * (i + 0.5)) / DIRECTIONS;
    const turn = i * 2.399963;
    const d = normalize([Math.sqrt(1 - y * y) * Math.cos(turn), y, Math.sqrt(1 - y * y) * Math.sin(turn)]);
    const up = Math.abs(d[1]) > 0.9 ? [0, 0, 1] : [0, 1, 0];
    const matrix = multiply(
      orthographic(HALF, 0.1, DEPTH),
      lookAt([d[0] * 4, d[1] * 4 - 0.7, d[2] * 4 + 0.4], [0, -0.7, 0.4], up),
    );
    gl.clearColor(1, 1, 1, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    depthProgram.use();
    depthProgram.set({ matrix });
    draw();
    gl.readPixels(0, 0, SIZE, SIZE, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    for (let v = 0; v < seen.length; v += 1) {
      const facing = normals[v * 3] * d[0] + normals[v * 3 + 1] * d[1] + normals[v * 3 + 2] * d[2];
      if (facing <= 0.02) continue;
      possible[v] += facing;
      const p = [0, 1, 2].map((axis) => positions[v * 3 + axis] + normals[v * 3 + axis] * 0.012);
      const c = [0, 1, 2].map(
        (row) => matrix[row] * p[0] + matrix[4 + row] * p[1] + matrix[8 + row] * p[2] + matrix[12 + row],
      );
      const column = Math.min(SIZE - 1, Math.max(0, Math.floor((c[0] * 0.5 + 0.5) * SIZE)));
      const row = Math.min(SIZE - 1, Math.max(0, Math.floor((c[1] * 0.5 + 0.5) * SIZE)));
      const at = (row * SIZE + column) * 4;
      const nearest = pixels[at] / 255 + pixels[at + 1] / 65025 + pixels[at + 2] / 16581375;
      if (pixels[at] === 255 || c[2] * 0.5 + 0.5 <= nearest + 0.006) seen[v] += facing;
    }
  }
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  return seen.map((value, v) => (possible[v] > 0 ? value / possible[v] : 0));
}
