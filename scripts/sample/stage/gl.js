/* global WebGL2RenderingContext */

/** @param {WebGL2RenderingContext} gl */
export function program(gl, vertex, fragment) {
  const linked = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ]) {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
    gl.attachShader(linked, shader);
  }
  gl.linkProgram(linked);
  if (!gl.getProgramParameter(linked, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(linked));
  const locations = new Map();
  return {
    use: () => gl.useProgram(linked),
    /** Numbers, vectors, 3x3 and 4x4 matrices (column by column) by their length. */
    set(values) {
      for (const [name, value] of Object.entries(values)) {
        if (!locations.has(name)) locations.set(name, gl.getUniformLocation(linked, name));
        const at = locations.get(name);
        if (at === null) continue;
        if (typeof value === 'number') gl.uniform1f(at, value);
        else if (value.length === 3) gl.uniform3fv(at, value);
        else if (value.length === 6) gl.uniform3fv(at, value);
        else if (value.length === 9) gl.uniformMatrix3fv(at, false, value);
        else gl.uniformMatrix4fv(at, false, value);
      }
    },
    texture(name, unit) {
      gl.uniform1i(gl.getUniformLocation(linked, name), unit);
    },
  };
}

/** A vertex array from `{ location: { data, size } }`; buffers come back so that they can be written anew. */
export function vertexArray(gl, attributes, indices) {
  const array = gl.createVertexArray();
  gl.bindVertexArray(array);
  const buffers = {};
  for (const [location, { data, size, dynamic }] of Object.entries(attributes)) {
    buffers[location] = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers[location]);
    gl.bufferData(gl.ARRAY_BUFFER, data, dynamic ? gl.DYNAMIC_DRAW : gl.STATIC_DRAW);
    gl.enableVertexAttribArray(Number(location));
    gl.vertexAttribPointer(Number(location), size, gl.FLOAT, false, 0, 0);
  }
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, indices, gl.STATIC_DRAW);
  gl.bindVertexArray(null);
  return { array, buffers, count: indices.length };
}

/** A texture that holds depths, and the framebuffer that writes them. */
export function depthTarget(gl, size) {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.DEPTH_COMPONENT32F, size, size);
  for (const [name, value] of [
    [gl.TEXTURE_MIN_FILTER, gl.NEAREST],
    [gl.TEXTURE_MAG_FILTER, gl.NEAREST],
    [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
    [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
  ]) {
    gl.texParameteri(gl.TEXTURE_2D, name, value);
  }
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.TEXTURE_2D, texture, 0);
  gl.drawBuffers([gl.NONE]);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  return { texture, framebuffer, size };
}

export const context = (canvas) => {
  const gl = canvas.getContext('webgl2', {
    antialias: false,
    alpha: true,
    premultipliedAlpha: true,
    preserveDrawingBuffer: true,
  });
  if (!(gl instanceof WebGL2RenderingContext)) throw new Error('this browser has no WebGL 2');
  return gl;
};
