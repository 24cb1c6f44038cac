export interface WavOptions {
  /** Hz. */
  rate: number;
  channels: number;
  bits: 16 | 24 | 32;
  float?: boolean;
  /** Write the header that names the format by GUID, as recorders do for 24 bit. */
  extensible?: boolean;
}

/** A RIFF WAVE file of samples from -1 to 1, the same in every channel. */
export function wavFile(
  samples: Float32Array,
  { rate, channels, bits, float = false, extensible = false }: WavOptions,
): Buffer {
  const blockAlign = (channels * bits) / 8;
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : float ? 3 : 1, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt32LE(rate * blockAlign, 8);
  format.writeUInt16LE(blockAlign, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(bits, 18);
    format.writeUInt16LE(float ? 3 : 1, 24);
    Buffer.from('000000001000800000aa00389b71', 'hex').copy(format, 26);
  }
  const data = Buffer.alloc(samples.length * blockAlign);
  let at = 0;
  for (const sample of samples) {
    for (let channel = 0; channel < channels; channel += 1) {
      if (float) data.writeFloatLE(sample, at);
      else data.writeIntLE(Math.round(sample * (2 ** (bits - 1) - 1)), at, bits / 8);
      at += bits / 8;
    }
  }
  const chunk = (tag: string, body: Buffer) => {
    const head = Buffer.alloc(8);
    head.write(tag, 'latin1');
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
  };
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    chunk('LIST', Buffer.from('odd')),
    chunk('fmt ', format),
    chunk('data', data),
  ]);
  const head = Buffer.alloc(8);
  head.write('RIFF', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}
