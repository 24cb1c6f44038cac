/* global document, window */
import { paintRoom } from './backgrounds.js';
import { context, depthTarget, program, vertexArray } from './gl.js';
import { lookAt, multiply, normalize, orthographic, perspective, rotation } from './matrix.js';
import { ball, blend, computeNormals, ribbons } from './mesh.js';
import { skyVisibility } from './occlusion.js';
import * as shaders from './shaders.js';

/** Pictures are drawn larger and scaled down, which smooths edges. */
const OVERSAMPLING = 1.6;
/** Hairs are in random order: some of them, drawn wider, cast the shadow of all. */
const HAIRS_THAT_SHADE = 0.4;
const times = (rgb, factor) => rgb.map((value) => value * factor);

const LIGHTS = {
  window: {
    key: [0.95, 0.45, 0.75],
    keyColour: [1.0, 0.95, 0.88],
    fill: [-0.8, 0.1, 0.7],
    fillColour: [0.8, 0.88, 1.0],
  },
  shelf: { key: [-0.8, 0.5, 0.85], keyColour: [1.0, 0.9, 0.76], fill: [0.9, 0.15, 0.6], fillColour: [0.62, 0.75, 1.0] },
  plants: {
    key: [-0.7, 0.55, 0.9],
    keyColour: [1.0, 0.96, 0.9],
    fill: [0.85, 0.05, 0.65],
    fillColour: [0.95, 0.88, 0.8],
  },
};

/** Draws one speaker; every picture follows from its pose alone. */
class Stage {
  constructor(model, look, width, height) {
    this.model = model;
    this.look = look;
    this.picture = document.getElementById('picture');
    Object.assign(this.picture, { width, height });
    this.surface = document.createElement('canvas');
    Object.assign(this.surface, { width: Math.round(width * OVERSAMPLING), height: Math.round(height * OVERSAMPLING) });
    this.room = paintRoom(look.background, width, height);
    const gl = (this.gl = context(this.surface));

    this.skin = program(gl, shaders.meshVertex, shaders.skinFragment);
    this.cloth = program(gl, shaders.meshVertex, shaders.clothFragment);
    this.plain = program(gl, shaders.meshVertex, shaders.plainFragment);
    this.eye = program(gl, shaders.eyeVertex, shaders.eyeFragment);
    this.strand = program(gl, shaders.hairVertex, shaders.hairFragment);
    this.meshDepth = program(gl, shaders.meshVertex, shaders.depthFragment);
    this.strandDepth = program(gl, shaders.hairVertex, shaders.depthFragment);

    this.positions = Float32Array.from(model.positions);
    this.normals = new Float32Array(model.positions.length);
    computeNormals(this.positions, model.indices, this.normals);
    this.mesh = vertexArray(
      gl,
      {
        0: { data: this.positions, size: 3, dynamic: true },
        1: { data: this.normals, size: 3, dynamic: true },
        2: { data: model.masks, size: 4 },
        3: { data: model.positions, size: 3 },
      },
      model.indices,
    );
    const round = ball();
    this.ball = vertexArray(gl, { 0: { data: round.positions, size: 3 } }, round.indices);
    [this.hair, this.brows] = [model.hair, model.brows].map((strands) => {
      const { position, tangent, info, indices } = ribbons(strands);
      return {
        width: strands.width,
        ...vertexArray(
          gl,
          { 0: { data: position, size: 3 }, 1: { data: tangent, size: 3 }, 2: { data: info, size: 3 } },
          indices,
        ),
      };
    });
    this.addOcclusion();
    this.shadow = depthTarget(gl, 640);
  }

  addOcclusion() {
    const { gl, mesh } = this;
    const visible = skyVisibility(gl, this.positions, this.normals, () => {
      this.drawRuns(['head', 'neck', 'chest']);
    });
    gl.bindVertexArray(mesh.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(
      gl.ARRAY_BUFFER,
      Float32Array.from(visible, (v) => Math.min(1, 0.12 + 1.15 * v)),
      gl.STATIC_DRAW,
    );
    gl.enableVertexAttribArray(4);
    gl.vertexAttribPointer(4, 1, gl.FLOAT, false, 0, 0);
    gl.bindVertexArray(null);
  }

  /** @param pose `{ units, yaw, pitch, roll, shift, bodyShift, gaze: [x, y], flush, brows: { left, right } }` */
  render(pose) {
    const { gl, look, model, mesh } = this;
    blend(model.positions, model.units, pose.units, this.positions);
    computeNormals(this.positions, model.indices, this.normals);
    for (const [location, data] of [
      [0, this.positions],
      [1, this.normals],
    ]) {
      gl.bindBuffer(gl.ARRAY_BUFFER, mesh.buffers[location]);
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, data);
    }

    const eyePoint = [0, -0.12, 8.6];
    const { width, height } = this.surface;
    const view = multiply(perspective(0.435, width / height, 1, 20), lookAt(eyePoint, [0, -0.28, 0]));
    const light = LIGHTS[look.background];
    const key = normalize(light.key);
    const lightView = multiply(orthographic(2.3, 0.5, 9), lookAt(times(key, 5), [0, -0.5, 0.3]));
    const [eyeLeft] = model.eyes;
    const common = {
      headTurn: rotation(pose.yaw, pose.pitch, pose.roll),
      headPivot: [0, -1.25, 0.25],
      headShift: pose.shift,
      bodyShift: pose.bodyShift,
      eyePoint,
      viewer: eyePoint,
      keyDirection: key,
      keyColour: times(light.keyColour, 1.3),
      fillDirection: normalize(light.fill),
      fillColour: times(light.fillColour, 0.42),
      rimDirection: normalize([-light.key[0], 0.6, -0.7]),
      rimColour: times([1, 0.97, 0.92], 0.8),
      skyColour: [0.36, 0.37, 0.39],
      groundColour: [0.17, 0.14, 0.12],
      shadowMatrix: lightView,
      mouthY: -0.68,
      noseY: -0.4,
      faceZ: eyeLeft.centre[2] + 0.35,
      collarY: look.collarY,
      inflate: 0,
      gaps: 0,
      lift: [0, 0, 0, 0, 0, 0],
    };
    const browLift = [...pose.brows.left, ...pose.brows.right];

    gl.enable(gl.DEPTH_TEST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.shadow.framebuffer);
    gl.viewport(0, 0, this.shadow.size, this.shadow.size);
    gl.clear(gl.DEPTH_BUFFER_BIT);
    this.meshDepth.use();
    this.meshDepth.set({ ...common, viewProjection: lightView });
    this.drawRuns(['head', 'neck', 'teeth']);
    this.strandDepth.use();
    this.strandDepth.set({ ...common, viewProjection: lightView, viewer: times(key, 50), width: this.hair.width * 2 });
    this.drawWhole(this.hair, HAIRS_THAT_SHADE);

    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.shadow.texture);
    const use = (shader, values) => {
      shader.use();
      shader.set({ ...common, viewProjection: view, ...values });
      shader.texture('shadowMap', 0);
    };

    use(this.skin, {
      skinColour: look.skin,
      lipColour: look.lips,
      hairColour: look.hair,
      stubble: look.stubble,
      freckles: look.freckles,
      flush: pose.flush,
      hairCover: 0.92,
    });
    this.drawRuns(['head', 'neck']);
    use(this.cloth, { shirtColour: look.shirt, inflate: 0.06 });
    this.drawRuns(['neck', 'chest']);
    use(this.plain, { plainColour: [0.8, 0.77, 0.71], gloss: 0.5, mouthDark: 1, inflate: 0.012 });
    this.drawRuns(['teeth']);
    use(this.plain, { plainColour: [0.66, 0.33, 0.32], gloss: 0.35, mouthDark: 1 });
    this.drawRuns(['tongue']);
    use(this.plain, { plainColour: look.lashes, gloss: 0, mouthDark: 0, gaps: look.lashGaps });
    this.drawRuns(['lashes']);
    for (const { centre, radius } of model.eyes) {
      use(this.eye, {
        irisColour: look.iris,
        eyeCentre: centre,
        eyeRadius: radius,
        gaze: rotation(pose.gaze[0], -pose.gaze[1], 0),
        lidShade: pose.lidShade,
      });
      this.drawWhole(this.ball);
    }
    if (look.haircut === 'long') this.drawHairDepths(common, view);
    use(this.strand, { hairColour: look.hair, width: this.hair.width, rootDark: 0.45 });
    gl.depthFunc(gl.LEQUAL);
    this.drawWhole(this.hair);
    gl.depthFunc(gl.LESS);
    use(this.strand, { hairColour: look.brow, width: this.brows.width, rootDark: 0.9, lift: browLift });
    this.drawWhole(this.brows);

    const g = this.picture.getContext('2d');
    g.drawImage(this.room, 0, 0);
    g.imageSmoothingQuality = 'high';
    g.drawImage(this.surface, 0, 0, this.picture.width, this.picture.height);
  }

  /** Long hair lies in many layers, of which only the outermost is worth its light. */
  drawHairDepths(common, viewProjection) {
    const { gl } = this;
    this.strandDepth.use();
    this.strandDepth.set({ ...common, viewProjection, width: this.hair.width });
    gl.colorMask(false, false, false, false);
    this.drawWhole(this.hair);
    gl.colorMask(true, true, true, true);
  }

  drawRuns(materials) {
    const { gl, mesh, model } = this;
    gl.bindVertexArray(mesh.array);
    for (const { material, from, count } of model.runs) {
      if (materials.includes(material)) gl.drawElements(gl.TRIANGLES, count, gl.UNSIGNED_INT, from * 4);
    }
  }

  drawWhole({ array, count }, share = 1) {
    this.gl.bindVertexArray(array);
    this.gl.drawElements(this.gl.TRIANGLES, Math.floor((count * share) / 3) * 3, this.gl.UNSIGNED_INT, 0);
  }
}

/** Typed arrays travel as `{ type, base64 }`. */
function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.base64 === 'string') {
    const bytes = Uint8Array.from(window.atob(value.base64), (letter) => letter.charCodeAt(0));
    return value.type === 'u32' ? new Uint32Array(bytes.buffer) : new Float32Array(bytes.buffer);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item)]));
}

window.openStage = (model, look, width, height) => {
  window.stage = new Stage(
    revive(model),
    { ...look, brow: look.hair.map((value) => value * (look.haircut === 'long' ? 0.6 : 0.85)) },
    width,
    height,
  );
};
window.draw = (pose) => {
  window.stage.render(pose);
  return window.stage.picture.toDataURL('image/png').slice('data:image/png;base64,'.length);
};
