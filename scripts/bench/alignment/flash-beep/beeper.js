/* global AudioWorkletProcessor, registerProcessor, sampleRate */

/** Silence with a tone at the wall times that it is told, and a word to the page when each of them begins. */
class Beeper extends AudioWorkletProcessor {
  #plan = [];
  #lengthMs;
  #hz;
  /** Samples of the tone so far; beyond its length there is silence. */
  #at = Infinity;

  constructor({ processorOptions }) {
    super();
    this.#lengthMs = processorOptions.lengthMs;
    this.#hz = processorOptions.hz;
    this.port.onmessage = ({ data }) => this.#plan.push(...data);
  }

  process(_inputs, [output]) {
    const nowMs = Date.now();
    if (this.#plan.length > 0 && nowMs >= this.#plan[0]) {
      this.#plan.shift();
      this.#at = 0;
      this.port.postMessage(nowMs);
    }
    const end = (this.#lengthMs / 1000) * sampleRate;
    for (let i = 0; i < output[0].length; i += 1, this.#at += 1) {
      output[0][i] = this.#at < end ? 0.5 * Math.sin((2 * Math.PI * this.#hz * this.#at) / sampleRate) : 0;
    }
    return true;
  }
}

registerProcessor('beeper', Beeper);
