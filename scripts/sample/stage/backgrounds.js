/* global document */

/** Rooms out of focus, drawn once a speaker. */
const rooms = {
  window(g, w, h) {
    fill(g, w, h, ['#c9c3b8', '#a89f92']);
    g.fillStyle = '#e9f0f4';
    g.fillRect(w * 0.02, h * 0.02, w * 0.34, h * 0.62);
    const sky = g.createLinearGradient(0, 0, 0, h * 0.6);
    sky.addColorStop(0, '#f6fbff');
    sky.addColorStop(1, '#cfdfe4');
    g.fillStyle = sky;
    g.fillRect(w * 0.035, h * 0.04, w * 0.15, h * 0.57);
    g.fillRect(w * 0.2, h * 0.04, w * 0.145, h * 0.57);
    g.fillStyle = '#8ea58a';
    g.fillRect(w * 0.035, h * 0.46, w * 0.31, h * 0.15);
    g.fillStyle = '#7b6a58';
    g.fillRect(w * 0.7, h * 0.3, w * 0.3, h * 0.02);
    for (const [x, y, bw, bh, c] of [
      [0.72, 0.14, 0.03, 0.16, '#6e4a3c'],
      [0.755, 0.12, 0.025, 0.18, '#3f5a63'],
      [0.785, 0.15, 0.035, 0.15, '#b89b6a'],
      [0.9, 0.2, 0.06, 0.1, '#d8d2c4'],
    ]) {
      g.fillStyle = c;
      g.fillRect(w * x, h * y, w * bw, h * bh);
    }
    g.fillStyle = '#8a7866';
    g.fillRect(0, h * 0.8, w, h * 0.2);
  },
  shelf(g, w, h) {
    fill(g, w, h, ['#70767c', '#4d5157']);
    g.fillStyle = '#3d3229';
    for (const y of [0.2, 0.46, 0.72]) g.fillRect(w * 0.56, h * y, w * 0.44, h * 0.022);
    const colours = ['#8b3f35', '#2f5063', '#c8b37a', '#557050', '#d8d0c3', '#3b3b46', '#a5673f'];
    let n = 0;
    for (const y of [0.2, 0.46, 0.72]) {
      for (let x = 0.58; x < 0.97; x += 0.028 + 0.012 * (n % 3)) {
        g.fillStyle = colours[(n * 5) % colours.length];
        const tall = 0.1 + 0.05 * ((n * 7) % 4) * 0.6;
        if (n % 9 !== 4) g.fillRect(w * x, h * (y - tall), w * 0.024, h * tall);
        n += 1;
      }
    }
    const lamp = g.createRadialGradient(w * 0.14, h * 0.3, 2, w * 0.14, h * 0.3, w * 0.3);
    lamp.addColorStop(0, 'rgba(255,214,150,0.95)');
    lamp.addColorStop(0.25, 'rgba(255,196,120,0.5)');
    lamp.addColorStop(1, 'rgba(255,190,110,0)');
    g.fillStyle = lamp;
    g.fillRect(0, 0, w, h);
    g.fillStyle = '#f2dcb4';
    g.fillRect(w * 0.1, h * 0.22, w * 0.08, h * 0.13);
    g.fillStyle = '#2d2a28';
    g.fillRect(w * 0.135, h * 0.35, w * 0.012, h * 0.65);
  },
  plants(g, w, h) {
    fill(g, w, h, ['#d7cfc4', '#b4a595']);
    g.fillStyle = '#c2724e';
    g.fillRect(w * 0.76, h * 0.7, w * 0.13, h * 0.3);
    for (let i = 0; i < 16; i += 1) {
      g.save();
      g.translate(w * 0.825, h * 0.7);
      g.rotate(-1.25 + i * 0.165);
      g.fillStyle = ['#4d6d49', '#63885a', '#3d5a3e'][i % 3];
      g.beginPath();
      g.ellipse(0, -h * (0.2 + 0.04 * (i % 4)), w * 0.017, h * 0.21, 0, 0, 7);
      g.fill();
      g.restore();
    }
    g.fillStyle = '#5d5247';
    g.fillRect(w * 0.06, h * 0.1, w * 0.22, h * 0.27);
    g.fillStyle = '#e7dfd0';
    g.fillRect(w * 0.075, h * 0.12, w * 0.19, h * 0.23);
    g.fillStyle = '#c58a5c';
    g.beginPath();
    g.arc(w * 0.14, h * 0.25, w * 0.045, 0, 7);
    g.fill();
    g.fillStyle = '#54707c';
    g.fillRect(w * 0.16, h * 0.22, w * 0.07, h * 0.13);
  },
};

function fill(g, w, h, [top, bottom]) {
  const gradient = g.createLinearGradient(0, 0, w * 0.3, h);
  gradient.addColorStop(0, top);
  gradient.addColorStop(1, bottom);
  g.fillStyle = gradient;
  g.fillRect(0, 0, w, h);
}

export function paintRoom(name, width, height) {
  const [sharp, soft] = [document.createElement('canvas'), document.createElement('canvas')];
  for (const canvas of [sharp, soft]) Object.assign(canvas, { width, height });
  rooms[name](sharp.getContext('2d'), width, height);
  const g = soft.getContext('2d');
  // Larger than the picture, so that its edges do not fade.
  g.filter = `blur(${Math.round(width / 52)}px)`;
  g.drawImage(sharp, -width * 0.06, -height * 0.06, width * 1.12, height * 1.12);
  g.filter = 'none';
  const corners = g.createRadialGradient(width / 2, height / 2, height * 0.4, width / 2, height / 2, height * 0.95);
  corners.addColorStop(0, 'rgba(0,0,0,0)');
  corners.addColorStop(1, 'rgba(0,0,0,0.32)');
  g.fillStyle = corners;
  g.fillRect(0, 0, width, height);
  return soft;
}
