/** Makes an empty canvas of this size, which counts in px of the page. Another size alone costs memory anew. */
export function fit(context: CanvasRenderingContext2D, width: number, height: number, ratio: number): void {
  const { canvas } = context;
  const [deviceWidth, deviceHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== deviceWidth || canvas.height !== deviceHeight) {
    canvas.width = deviceWidth;
    canvas.height = deviceHeight;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
}
