export interface SenderReportFields {
  ssrc: number;
  cname: string;
  /** Ms since 1970. */
  wallMs: number;
  /** The same instant on the stream's clock. */
  rtpTimestamp: number;
  packets: number;
  octets: number;
}

const SENDER_REPORT = 200;
const SOURCE_DESCRIPTION = 202;
const CNAME = 1;
const REPORT_BYTES = 28;
/** Seconds from 1900, where NTP begins, to 1970. */
const NTP_EPOCH_S = 2_208_988_800;

/** A compound RTCP packet: a sender report and the description that must go with it (RFC 3550, 6.1, 6.4.1 and 6.5). */
export function senderReport({ ssrc, cname, wallMs, rtpTimestamp, packets, octets }: SenderReportFields): Buffer {
  const name = Buffer.from(cname, 'utf8').subarray(0, 255);
  // The list of items ends with at least one zero, and the chunk with a whole word.
  const itemBytes = Math.ceil((2 + name.length + 1) / 4) * 4;
  const packet = Buffer.alloc(REPORT_BYTES + 8 + itemBytes);
  const seconds = Math.floor(wallMs / 1000);

  packet[0] = 0x80;
  packet[1] = SENDER_REPORT;
  packet.writeUInt16BE(REPORT_BYTES / 4 - 1, 2);
  packet.writeUInt32BE(ssrc, 4);
  packet.writeUInt32BE((seconds + NTP_EPOCH_S) % 2 ** 32, 8);
  packet.writeUInt32BE(Math.floor(((wallMs - seconds * 1000) / 1000) * 2 ** 32), 12);
  packet.writeUInt32BE(rtpTimestamp, 16);
  packet.writeUInt32BE(packets % 2 ** 32, 20);
  packet.writeUInt32BE(octets % 2 ** 32, 24);

  packet[REPORT_BYTES] = 0x81;
  packet[REPORT_BYTES + 1] = SOURCE_DESCRIPTION;
  packet.writeUInt16BE((8 + itemBytes) / 4 - 1, REPORT_BYTES + 2);
  packet.writeUInt32BE(ssrc, REPORT_BYTES + 4);
  packet[REPORT_BYTES + 8] = CNAME;
  packet[REPORT_BYTES + 9] = name.length;
  packet.set(name, REPORT_BYTES + 10);
  return packet;
}
