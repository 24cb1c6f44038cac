declare module 'wav-decoder' {
  interface AudioData {
    sampleRate: number;
    channelData: Float32Array[];
  }
  const wavDecoder: { decode: { sync(buffer: ArrayBufferLike, options?: { symmetric?: boolean }): AudioData } };
  export default wavDecoder;
}
