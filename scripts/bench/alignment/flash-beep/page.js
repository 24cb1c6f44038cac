/* global AudioContext, AudioWorkletNode, Blob, MediaStreamTrackGenerator, OffscreenCanvas, Uint8Array, VideoFrame, askSfu, atob, performance */
import { Device } from 'mediasoup-client';
import beeperSource from './beeper.js?raw';

/** What was really sent: see Truth in scene.ts. */
const truth = { pictures: [], beeps: [] };

/** Wall times of flashes to come; the microphone has its own. */
const waiting = [];
let beeper;
let microphone;

/** A camera that shows a dark room and, at the planned times, a face in the light that steps to the right. */
function openCamera({ picture, flashPictures, stepPx, fps, width, height }) {
  const i420 = Uint8Array.from(atob(picture.base64), (char) => char.charCodeAt(0));
  const size = { codedWidth: picture.width, codedHeight: picture.height };
  const face = new VideoFrame(i420, { format: 'I420', ...size, timestamp: 0 });
  const canvas = new OffscreenCanvas(width, height);
  const g = canvas.getContext('2d', { alpha: false });
  const track = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = track.writable.getWriter();
  /** Of the picture to come in the flash that is on. */
  let number = flashPictures;
  let count = 0;
  setInterval(() => {
    if (waiting.length > 0 && Date.now() >= waiting[0]) {
      waiting.shift();
      number = 0;
    }
    const flash = number < flashPictures;
    g.fillStyle = flash ? '#d8dce0' : '#181c22';
    g.fillRect(0, 0, width, height);
    if (flash) g.drawImage(face, (number - (flashPictures - 1) / 2) * stepPx, 0, width, height);
    // Something moves, so that every picture is worth coding.
    g.fillStyle = '#3a4450';
    g.fillRect((count * 7) % width, height - 12, 12, 12);
    count += 1;
    if (flash) truth.pictures.push({ number, atMs: Date.now() });
    number += 1;
    void writer.write(new VideoFrame(canvas, { timestamp: Math.round(performance.now() * 1000) }));
  }, 1000 / fps);
  return track;
}

/** A microphone that beeps at the planned times. */
async function openMicrophone({ beepMs, beepHz }) {
  const context = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' });
  const module = URL.createObjectURL(new Blob([beeperSource], { type: 'text/javascript' }));
  await context.audioWorklet.addModule(module);
  const processorOptions = { lengthMs: beepMs, hz: beepHz };
  beeper = new AudioWorkletNode(context, 'beeper', { numberOfInputs: 0, outputChannelCount: [1], processorOptions });
  beeper.port.onmessage = ({ data }) => truth.beeps.push(data);
  const destination = context.createMediaStreamDestination();
  beeper.connect(destination);
  await context.resume();
  return destination.stream.getAudioTracks()[0];
}

/** Sends both into the SFU; resolves when they flow. */
globalThis.startSending = async (scene) => {
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities: await askSfu('capabilities') });
  const transport = device.createSendTransport(await askSfu('transport'));
  transport.on('connect', (parameters, done, failed) => askSfu('connect', parameters).then(done, failed));
  transport.on('produce', ({ kind, rtpParameters }, done, failed) =>
    askSfu('produce', { kind, rtpParameters }).then((id) => done({ id }), failed),
  );
  microphone = await transport.produce({ track: await openMicrophone(scene), zeroRtpOnPause: true, stopTracks: false });
  // The tap takes the lowest temporal layer, which is to be all pictures.
  const scalabilityMode = 'L1T1';
  const encodings = [2, 1]
    .slice(2 - scene.layers)
    .map((scaleResolutionDownBy) => ({ scaleResolutionDownBy, scalabilityMode }));
  // The network is rough, but not narrow: without this the browser may take jitter for that and leave a layer out.
  const codecOptions = { videoGoogleStartBitrate: 1500, videoGoogleMinBitrate: 1000 };
  const { rtpSender } = await transport.produce({ track: openCamera(scene), encodings, codecOptions });
  // Nor is it to leave one out because this machine is busy.
  await rtpSender.setParameters({ ...rtpSender.getParameters(), degradationPreference: 'maintain-resolution' });
};

globalThis.flashAndBeep = (plan) => {
  waiting.push(...plan);
  beeper.port.postMessage(plan);
};

/** Sends no sound for so long, and not even silence: the track is taken from the connection. */
globalThis.mute = async (ms) => {
  microphone.pause();
  await new Promise((resolve) => setTimeout(resolve, ms));
  microphone.resume();
};

globalThis.whatWasSent = () => truth;
