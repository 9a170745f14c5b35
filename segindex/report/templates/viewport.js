"use strict";
/* What all maps to move in share: a view of metres on a canvas, and the hatching of what is not known. */
class Viewport {
  constructor(canvas, draw) {
    Object.assign(this, { canvas, draw, pen: canvas.getContext("2d"), waiting: false });
    Object.assign(this, { extent: { wide: 1, high: 1 }, scale: 1, x: 0, y: 0, cross: false, before: this.size() });
  }

  size() {
    return { wide: this.canvas.clientWidth, high: this.canvas.clientHeight };
  }

  middle() {
    const { wide, high } = this.size();
    return [wide / 2, high / 2];
  }

  metres(x, y) {
    return [(x - this.x) / this.scale, (y - this.y) / this.scale];
  }

  whole() {
    const { wide, high } = this.size();
    this.scale = 0.96 * Math.min(wide / this.extent.wide, high / this.extent.high);
    this.centre(this.extent.wide / 2, this.extent.high / 2);
  }

  centre(east, south) {
    const [x, y] = this.middle();
    this.x = x - east * this.scale;
    this.y = y - south * this.scale;
    this.redraw();
  }

  pan(x, y) {
    this.x += x;
    this.y += y;
    this.redraw();
  }

  zoom(by, x, y) {
    const { wide, high } = this.size();
    const least = 0.5 * Math.min(wide / this.extent.wide, high / this.extent.high);
    const scale = Math.min(Math.max(this.scale * by, least), Math.max(2, least));
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.redraw();
  }

  resized() {
    const { wide, high } = this.size();
    this.pan((wide - this.before.wide) / 2, (high - this.before.high) / 2);
    this.before = { wide, high };
  }

  redraw() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.paint();
    });
  }

  paint() {
    const { wide, high } = this.size();
    const dots = window.devicePixelRatio || 1;
    const [across, down] = [Math.max(1, Math.round(wide * dots)), Math.max(1, Math.round(high * dots))];
    if (this.canvas.width !== across || this.canvas.height !== down) {
      Object.assign(this.canvas, { width: across, height: down });
    }
    this.pen.setTransform(dots, 0, 0, dots, 0, 0);
    this.pen.clearRect(0, 0, wide, high);
    this.draw(this.pen, dots, wide, high);
    this.pen.setTransform(dots, 0, 0, dots, 0, 0);
    if (this.cross) {
      for (const [line, colour] of [[4, "#ffffff"], [1.5, "#22252b"]]) {
        Object.assign(this.pen, { lineWidth: line, strokeStyle: colour });
        this.pen.beginPath();
        this.pen.moveTo(wide / 2 - 9, high / 2);
        this.pen.lineTo(wide / 2 + 9, high / 2);
        this.pen.moveTo(wide / 2, high / 2 - 9);
        this.pen.lineTo(wide / 2, high / 2 + 9);
        this.pen.stroke();
      }
    }
  }

  inMetres(dots) {
    this.pen.setTransform(dots * this.scale, 0, 0, dots * this.scale, dots * this.x, dots * this.y);
  }
}

function hatching(pen, colour) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const brush = tile.getContext("2d");
  brush.fillStyle = colour;
  brush.fillRect(0, 0, 6, 6);
  brush.strokeStyle = "#ffffff";
  brush.lineWidth = 1.3;
  for (const shift of [-6, 0, 6]) {
    brush.beginPath();
    brush.moveTo(shift - 1, 7);
    brush.lineTo(shift + 7, -1);
    brush.stroke();
  }
  return pen.createPattern(tile, "repeat");
}
