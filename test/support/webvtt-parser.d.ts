declare module 'webvtt-parser' {
  interface ParsedCue {
    id: string;
    startTime: number;
    endTime: number;
    text: string;
  }
  interface Parser {
    parse(text: string, mode?: 'metadata'): { cues: ParsedCue[]; errors: { message: string; line: number }[] };
  }
  const webVtt: { WebVTTParser: new () => Parser };
  export default webVtt;
}
