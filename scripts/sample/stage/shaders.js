const HEADER = `#version 300 es
precision highp float;
`;

/** The same depth in every program, so that a pass over depths alone agrees with the one that draws. */
const INVARIANT = 'invariant gl_Position;\n';

/** The head turns about the top of the neck; shoulders follow a little. Shared by everything that is attached to it. */
const POSE = `
uniform mat3 headTurn;
uniform vec3 headPivot;
uniform vec3 headShift;
uniform vec3 bodyShift;
float headWeight(vec3 p) {
  float h = smoothstep(headPivot.y - 0.75, headPivot.y + 0.35, p.y);
  return h;
}
vec3 posed(vec3 p) {
  float w = headWeight(p);
  vec3 turned = headTurn * (p - headPivot) + headPivot + headShift;
  return mix(p, turned, w) + bodyShift;
}
vec3 turnedNormal(vec3 n, vec3 p) { return normalize(mix(n, headTurn * n, headWeight(p))); }
`;

const LIGHT = `
uniform vec3 keyDirection;
uniform vec3 keyColour;
uniform vec3 fillDirection;
uniform vec3 fillColour;
uniform vec3 rimDirection;
uniform vec3 rimColour;
uniform vec3 skyColour;
uniform vec3 groundColour;
uniform vec3 eyePoint;
uniform highp sampler2D shadowMap;
uniform mat4 shadowMatrix;
const int TAPS = 12;
const vec2 disc[16] = vec2[](
  vec2(-0.94, -0.40), vec2(0.95, -0.77), vec2(-0.09, -0.93), vec2(0.34, 0.29),
  vec2(-0.92, 0.46), vec2(-0.82, -0.88), vec2(-0.38, 0.28), vec2(0.97, 0.76),
  vec2(0.44, -0.98), vec2(0.54, -0.47), vec2(-0.26, -0.42), vec2(0.79, 0.19),
  vec2(-0.24, 1.00), vec2(-0.81, 0.91), vec2(0.20, 0.79), vec2(0.14, -0.14));
float lit(vec3 world, vec3 n, float bias) {
  vec4 c = shadowMatrix * vec4(world + n * 0.035, 1.0);
  vec3 p = c.xyz * 0.5 + 0.5;
  float sum = 0.0;
  for (int i = 0; i < TAPS; i++) {
    float depth = texture(shadowMap, p.xy + disc[i] * 0.014).r;
    sum += smoothstep(-0.004, 0.002, depth - p.z + bias);
  }
  return sum / float(TAPS);
}
float ggx(vec3 n, vec3 v, vec3 l, float rough, float f0) {
  vec3 h = normalize(v + l);
  float nh = max(dot(n, h), 0.0), nv = max(dot(n, v), 0.05), nl = max(dot(n, l), 0.0), vh = max(dot(v, h), 0.0);
  float a = rough * rough, a2 = a * a;
  float d = nh * nh * (a2 - 1.0) + 1.0;
  float k = (rough + 1.0) * (rough + 1.0) / 8.0;
  float g = (nv / (nv * (1.0 - k) + k)) * (nl / (nl * (1.0 - k) + k + 1e-4));
  float f = f0 + (1.0 - f0) * pow(1.0 - vh, 5.0);
  return a2 / (3.1416 * d * d) * g * f / (4.0 * nv);
}
vec3 wrapped(float nl, vec3 w) { return clamp((nl + w) / ((1.0 + w) * (1.0 + w)), 0.0, 1.0); }
vec3 toScreen(vec3 c) {
  c = max(c, vec3(0.0));
  c = (c * (2.51 * c + 0.03)) / (c * (2.43 * c + 0.59) + 0.14);
  return pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2));
}
`;

const NOISE = `
float hash(vec3 p) { p = fract(p * 0.3183099 + 0.1); p *= 17.0; return fract(p.x * p.y * p.z * (p.x + p.y + p.z)); }
float noise(vec3 x) {
  vec3 i = floor(x), f = fract(x);
  f = f * f * (3.0 - 2.0 * f);
  return mix(mix(mix(hash(i), hash(i + vec3(1,0,0)), f.x), mix(hash(i + vec3(0,1,0)), hash(i + vec3(1,1,0)), f.x), f.y),
    mix(mix(hash(i + vec3(0,0,1)), hash(i + vec3(1,0,1)), f.x), mix(hash(i + vec3(0,1,1)), hash(i + vec3(1,1,1)), f.x), f.y), f.z);
}
`;

export const meshVertex = `${HEADER}${POSE}
layout(location = 0) in vec3 position;
layout(location = 1) in vec3 normal;
layout(location = 2) in vec4 masks;
layout(location = 3) in vec3 rest;
layout(location = 4) in float occlusion;
uniform mat4 viewProjection;
uniform float inflate;
out vec3 world; out vec3 n; out vec3 local; out vec4 mask; out float ao;
void main() {
  vec3 p = position + normal * inflate;
  world = posed(p);
  n = turnedNormal(normal, position);
  local = rest; mask = masks; ao = occlusion;
  gl_Position = viewProjection * vec4(world, 1.0);
}`;

export const skinFragment = `${HEADER}${LIGHT}${NOISE}
in vec3 world; in vec3 n; in vec3 local; in vec4 mask; in float ao;
uniform vec3 skinColour, lipColour, hairColour;
uniform float stubble, freckles, flush;
uniform float mouthY, noseY, faceZ, collarY;
uniform float hairCover;
out vec4 colour;
void main() {
  if (local.y < collarY - 0.25) discard;
  vec3 N = normalize(n), V = normalize(eyePoint - world);
  if (dot(N, V) < -0.2) N = -N;
  float mottled = noise(local * 7.0) * 0.5 + noise(local * 19.0) * 0.3 + noise(local * 47.0) * 0.2;
  vec3 albedo = skinColour * (0.92 + 0.16 * mottled);
  float front = smoothstep(faceZ - 0.75, faceZ - 0.3, local.z);
  float cheeks = exp(-pow((abs(local.x) - 0.43) / 0.2, 2.0) - pow((local.y - noseY - 0.02) / 0.2, 2.0)) * front;
  float tip = exp(-pow(local.x / 0.13, 2.0) - pow((local.y - noseY) / 0.13, 2.0)) * front;
  float under = exp(-pow((abs(local.x) - 0.28) / 0.17, 2.0) - pow((local.y + 0.17) / 0.07, 2.0)) * front;
  vec3 red = vec3(1.05, 0.80, 0.78);
  albedo *= mix(vec3(1.0), red, clamp(cheeks * (0.55 + flush) + tip * 0.5, 0.0, 1.0));
  albedo *= mix(vec3(1.0), vec3(0.86, 0.80, 0.84), under * 0.6);
  float spots = cheeks + tip > 0.05 ? smoothstep(0.70, 0.80, noise(local * 26.0 + 3.0)) * (cheeks + tip + 0.1) * front : 0.0;
  albedo *= mix(vec3(1.0), vec3(0.82, 0.68, 0.58), spots * freckles * 0.6);
  float beard = smoothstep(noseY - 0.04, noseY - 0.16, local.y) * smoothstep(-1.42, -1.2, local.y)
    * smoothstep(faceZ - 1.1, faceZ - 0.75, local.z) * (1.0 - mask.x)
    * (1.0 - 0.85 * exp(-pow((abs(local.x) - 0.34) / 0.13, 2.0) - pow((local.y - mouthY - 0.18) / 0.16, 2.0)));
  float grain = beard * stubble > 0.02 ? 0.6 + 0.6 * noise(local * 80.0) : 0.0;
  albedo = mix(albedo, albedo * mix(vec3(0.62, 0.62, 0.66), hairColour, 0.35), clamp(beard * stubble * grain, 0.0, 0.85));
  albedo *= mix(vec3(1.0), vec3(0.90, 0.78, 0.76), mask.y * 0.55);
  vec3 lips = mask.x < 0.2 ? lipColour : lipColour * (0.9 + 0.2 * noise(vec3(local.x * 60.0, local.y * 12.0, 0.0)));
  albedo = mix(albedo, lips, smoothstep(0.25, 0.8, mask.x) * 0.85);
  albedo = mix(albedo, hairColour * 0.8, smoothstep(0.35, 0.95, mask.w) * hairCover);
  albedo = mix(albedo, vec3(0.20, 0.045, 0.045), smoothstep(0.3, 0.7, mask.z));
  albedo = pow(albedo, vec3(2.2));

  float dark = mix(1.0, 0.25, smoothstep(0.3, 0.8, mask.z)) * ao;
  float shade = lit(world, N, 0.0);
  vec3 soft = vec3(0.42, 0.22, 0.16);
  vec3 sum = keyColour * wrapped(dot(N, keyDirection), soft) * mix(soft * 0.18, vec3(1.0), shade);
  sum += fillColour * wrapped(dot(N, fillDirection), soft) * mix(0.5, 1.0, ao);
  sum += mix(groundColour, skyColour, N.y * 0.5 + 0.5) * ao;
  vec3 c = albedo * sum * mix(vec3(dark), vec3(1.0), vec3(0.12, 0.03, 0.02) * step(0.5, 1.0 - mask.z));
  float lipGloss = smoothstep(0.3, 0.8, mask.x);
  float tzone = exp(-pow(local.x / 0.3, 2.0)) * front;
  float rough = mix(0.52 - 0.08 * tzone, 0.34, lipGloss) + (mottled - 0.5) * 0.12;
  c += keyColour * ggx(N, V, keyDirection, rough, 0.03) * shade * dark * 0.9;
  c += fillColour * ggx(N, V, fillDirection, rough, 0.03) * dark * 0.8;
  c += rimColour * pow(1.0 - max(dot(N, V), 0.0), 3.0) * max(dot(N, rimDirection), 0.0) * 0.35 * ao;
  colour = vec4(toScreen(c), 1.0);
}`;

export const clothFragment = `${HEADER}${LIGHT}${NOISE}
in vec3 world; in vec3 n; in vec3 local; in vec4 mask; in float ao;
uniform vec3 shirtColour;
uniform float collarY;
out vec4 colour;
void main() {
  float neck = collarY + 0.16 * smoothstep(0.5, -0.5, local.z - 0.35) - 0.10 * exp(-local.x * local.x * 7.0) * step(0.3, local.z);
  if (local.y > neck) discard;
  vec3 N = normalize(n), V = normalize(eyePoint - world);
  if (dot(N, V) < 0.0) N = -N;
  float rib = smoothstep(neck - 0.13, neck - 0.11, local.y);
  float knit = sin(local.x * 150.0) * sin(local.y * 130.0);
  float folds = noise(local * vec3(2.2, 1.6, 2.2)) * 0.6 + noise(local * 5.0) * 0.25;
  vec3 albedo = pow(shirtColour * (0.88 + 0.18 * folds + 0.03 * knit) * mix(1.0, 0.9 + 0.04 * sin(local.x * 90.0), rib), vec3(2.2));
  float shade = lit(world, N, 0.0);
  vec3 soft = vec3(0.2);
  vec3 sum = keyColour * wrapped(dot(N, keyDirection), soft) * mix(0.1, 1.0, shade);
  sum += fillColour * wrapped(dot(N, fillDirection), soft);
  sum += mix(groundColour, skyColour, N.y * 0.5 + 0.5) * ao;
  vec3 c = albedo * sum + rimColour * pow(1.0 - max(dot(N, V), 0.0), 3.0) * 0.05;
  colour = vec4(toScreen(c), 1.0);
}`;

export const plainFragment = `${HEADER}${LIGHT}
in vec3 world; in vec3 n; in vec3 local; in vec4 mask; in float ao;
uniform vec3 plainColour;
uniform float gloss;
uniform float mouthDark;
uniform float gaps;
uniform float faceZ;
out vec4 colour;
void main() {
  if (fract(sin(floor(local.x * 140.0) * 12.9898) * 43758.5453) < gaps) discard;
  vec3 N = normalize(n), V = normalize(eyePoint - world);
  if (dot(N, V) < 0.0) N = -N;
  float depth = mix(1.0, smoothstep(faceZ - 0.62, faceZ - 0.12, local.z), mouthDark);
  float shade = mix(lit(world, N, 0.002), 1.0, 0.25);
  vec3 sum = keyColour * wrapped(dot(N, keyDirection), vec3(0.4)) * shade * 0.8 + fillColour * wrapped(dot(N, fillDirection), vec3(0.4)) * 0.8
    + mix(groundColour, skyColour, N.y * 0.5 + 0.5) * 0.7;
  vec3 c = pow(plainColour, vec3(2.2)) * sum * mix(0.12, 0.85, depth) + keyColour * ggx(N, V, keyDirection, 0.3, 0.04) * gloss * shade * depth;
  colour = vec4(toScreen(c), 1.0);
}`;

export const eyeVertex = `${HEADER}${POSE}
layout(location = 0) in vec3 position;
uniform mat4 viewProjection;
uniform vec3 eyeCentre;
uniform float eyeRadius;
uniform mat3 gaze;
out vec3 world; out vec3 n; out vec3 local;
void main() {
  vec3 p = eyeCentre + position * eyeRadius;
  world = posed(p);
  n = turnedNormal(position, p);
  local = transpose(gaze) * position;
  gl_Position = viewProjection * vec4(world, 1.0);
}`;

export const eyeFragment = `${HEADER}${LIGHT}${NOISE}
in vec3 world; in vec3 n; in vec3 local;
uniform vec3 irisColour;
uniform float lidShade;
out vec4 colour;
void main() {
  vec3 N = normalize(n), V = normalize(eyePoint - world);
  float r = length(local.xy);
  float iris = 0.47, pupil = 0.19;
  float inIris = (1.0 - smoothstep(iris - 0.03, iris + 0.02, r)) * step(0.0, local.z);
  float angle = atan(local.y, local.x);
  float fibres = noise(vec3(cos(angle) * 9.0, sin(angle) * 9.0, r * 5.0));
  vec3 white = vec3(0.86, 0.82, 0.79) * mix(1.0, 0.9, smoothstep(0.4, 0.95, abs(local.x)));
  white = mix(white, vec3(0.80, 0.62, 0.58), smoothstep(0.7, 1.0, r) * 0.5);
  vec3 i = irisColour * (0.6 + 0.9 * fibres) * mix(1.35, 0.45, smoothstep(pupil + 0.02, iris, r));
  i = mix(i, irisColour * 0.25, smoothstep(iris - 0.09, iris, r));
  i *= 1.0 + 0.6 * smoothstep(0.1, -0.3, local.y);
  i = mix(vec3(0.015), i, smoothstep(pupil - 0.03, pupil + 0.02, r));
  vec3 albedo = pow(mix(white, i, inIris), vec3(2.2));
  float shade = mix(lit(world, N, 0.004), 1.0, 0.55);
  float lid = mix(0.40, 1.0, smoothstep(0.62 - lidShade, 0.02 - lidShade, n.y)) * mix(0.75, 1.0, smoothstep(-0.7, -0.2, n.y));
  vec3 sum = keyColour * wrapped(dot(N, keyDirection), vec3(0.5)) * shade + fillColour * wrapped(dot(N, fillDirection), vec3(0.5))
    + mix(groundColour, skyColour, N.y * 0.5 + 0.5);
  vec3 c = albedo * sum * lid * 0.95;
  vec3 bulge = normalize(N + vec3(0.0, 0.0, 0.0));
  float spec = ggx(bulge, V, keyDirection, 0.09, 0.03) * 0.09 + ggx(bulge, V, fillDirection, 0.13, 0.03) * 0.03;
  c += keyColour * min(spec, 1.6) * mix(0.4, 1.0, inIris);
  colour = vec4(toScreen(c), 1.0);
}`;

export const hairVertex = `${HEADER}${INVARIANT}${POSE}
layout(location = 0) in vec3 position;
layout(location = 1) in vec3 tangent;
layout(location = 2) in vec3 info;
uniform mat4 viewProjection;
uniform vec3 viewer;
uniform float width;
uniform vec3 lift[2];
out vec3 world; out vec3 t; out vec3 data;
void main() {
  vec3 p = position;
  if (length(lift[0]) + length(lift[1]) > 0.0) {
    vec3 l = p.x > 0.0 ? lift[0] : lift[1];
    float inner = smoothstep(0.42, 0.08, abs(p.x));
    p.y += mix(l.z, l.x, inner) + l.y;
    p.x -= sign(p.x) * max(0.0, -(l.x)) * 0.25 * inner;
  }
  world = posed(p);
  t = turnedNormal(tangent, position);
  vec3 across = normalize(cross(t, viewer - world));
  world += across * info.x * width * (1.0 - 0.75 * info.y * info.y);
  data = info;
  gl_Position = viewProjection * vec4(world, 1.0);
}`;

export const hairFragment = `${HEADER}${LIGHT}
in vec3 world; in vec3 t; in vec3 data;
uniform vec3 hairColour;
uniform float rootDark;
out vec4 colour;
void main() {
  vec3 T = normalize(t), V = normalize(eyePoint - world);
  vec3 N = normalize(V - T * dot(T, V));
  vec3 albedo = pow(hairColour * data.z * mix(rootDark, 1.12, data.y), vec3(2.2));
  float shade = lit(world, N, -0.001);
  float tl = dot(T, keyDirection), th = dot(T, normalize(keyDirection + V));
  float diffuse = sqrt(max(0.0, 1.0 - tl * tl));
  float spec = pow(sqrt(max(0.0, 1.0 - th * th)), 60.0);
  float broad = pow(sqrt(max(0.0, 1.0 - pow(th + 0.12, 2.0))), 14.0);
  vec3 c = albedo * (keyColour * diffuse * mix(0.12, 0.9, shade) + fillColour * 0.5 + skyColour * 0.7 + groundColour * 0.3);
  c += keyColour * shade * (vec3(0.035) * spec + albedo * broad * 0.55);
  float rl = dot(T, rimDirection);
  c += rimColour * pow(sqrt(max(0.0, 1.0 - rl * rl)), 6.0) * (albedo * 0.6 + 0.008);
  colour = vec4(toScreen(c), 1.0);
}`;

export const depthFragment = `${HEADER}
void main() {}`;
