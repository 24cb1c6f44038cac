/** A face smaller than this (side, px) tells the model little. */
export const WANTED_FACE_PX = 96;

export interface Layers {
  spatialLayer: number;
  temporalLayer: number;
}

/**
 * Picks the spatial layer for the next seconds: one up while the face is too small, one down when the next lower layer
 * (half the side) would still do with a third to spare, so that it does not swing.
 * The lowest temporal layer is always enough for two samples a second.
 *
 * @param current spatial layer now
 * @param highest spatial layer that the sender offers
 * @param facePx side of the face box in the frames of the current layer
 */
export function nextLayers(current: number, highest: number, facePx: number): Layers {
  let spatialLayer = current;
  if (facePx < WANTED_FACE_PX && current < highest) spatialLayer = current + 1;
  else if (facePx / 2 > WANTED_FACE_PX * 1.33 && current > 0) spatialLayer = current - 1;
  return { spatialLayer, temporalLayer: 0 };
}
