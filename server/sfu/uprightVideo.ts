import type { types as mediasoup } from 'mediasoup';

/**
 * The router's capabilities without the extension that lets a sender leave its pictures lying on their side and tell
 * the angle (CVO, 3GPP TS 26.114): browsers then turn a phone's pictures before they encode them, and whoever decodes
 * them sees faces upright.
 */
export function uprightVideo(capabilities: mediasoup.RtpCapabilities): mediasoup.RtpCapabilities {
  const headerExtensions = capabilities.headerExtensions?.filter(({ uri }) => uri !== 'urn:3gpp:video-orientation');
  return { ...capabilities, headerExtensions };
}
