/** Names of Socket.IO rooms: never a raw id, so that no id can be mistaken for another kind of room. */

/** Everybody who may see all events of a room; in `/call`: everybody in the call. */
export const everybody = (roomId: string) => `room:${roomId}`;
/** What concerns the room as a whole, for those who may not see everybody. */
export const roomState = (roomId: string) => `room:${roomId}:state`;
/** Those who follow the means over a room. */
export const aggregateOf = (roomId: string) => `room:${roomId}:aggregate`;
/** Those who follow one participant. */
export const followersOf = (roomId: string, participantId: string) => `participant:${roomId}:${participantId}`;
/** All connections of one participant. */
export const member = (roomId: string, participantId: string) => `member:${roomId}:${participantId}`;
/** All connections that belong to a room, joined or not. */
export const connections = (roomId: string) => `connections:${roomId}`;
