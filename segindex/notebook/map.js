"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const canvas = document.querySelector("canvas");
const told = document.querySelector(".told");
const pen = canvas.getContext("2d");
const grid = data.size > 0;
const n = data.of.length;
const paths = grid ? [] : data.rings.map((rings) => {
  const path = new Path2D();
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      if (at) path.lineTo(ring[at], ring[at + 1]);
      else path.moveTo(ring[at], ring[at + 1]);
    }
    path.closePath();
  }
  return path;
});
const places = new Map();
for (let at = 0; grid && at < n; at += 1) places.set(key(data.x[at], data.y[at]), at);
const view = { scale: 1, x: 0, y: 0 };
let chosen = -1;
let cross = false;
let waiting = false;

function key(x, y) {
  return `${Math.floor(x / data.size)},${Math.floor(y / data.size)}`;
}

function size() {
  return { wide: canvas.clientWidth, high: canvas.clientHeight };
}

function whole() {
  const { wide, high } = size();
  view.scale = 0.96 * Math.min(wide / data.wide, high / data.high);
  view.x = wide / 2 - (data.wide / 2) * view.scale;
  view.y = high / 2 - (data.high / 2) * view.scale;
  draw();
}

function hatch(colour) {
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

const fills = data.classes.map((one) => (one.hatched ? hatch(one.colour) : one.colour));

function draw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    const { wide, high } = size();
    const dots = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(wide * dots) || canvas.height !== Math.round(high * dots)) {
      canvas.width = Math.round(wide * dots);
      canvas.height = Math.round(high * dots);
    }
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    pen.clearRect(0, 0, wide, high);
    if (grid) squares(wide, high);
    else polygons(dots);
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    if (cross) {
      pen.strokeStyle = "#22252b";
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.moveTo(wide / 2 - 9, high / 2);
      pen.lineTo(wide / 2 + 9, high / 2);
      pen.moveTo(wide / 2, high / 2 - 9);
      pen.lineTo(wide / 2, high / 2 + 9);
      pen.stroke();
    }
  });
}

function squares(wide, high) {
  const edge = Math.max(data.size * view.scale, 1);
  const gap = edge > 7 ? 0.5 : 0;
  let last = -1;
  for (let at = 0; at < n; at += 1) {
    const x = data.x[at] * view.scale + view.x;
    const y = data.y[at] * view.scale + view.y;
    if (x > wide || y > high || x + edge < 0 || y + edge < 0) continue;
    if (data.of[at] !== last) {
      last = data.of[at];
      pen.fillStyle = fills[last];
    }
    pen.fillRect(x, y, edge - gap + (gap ? 0 : 0.3), edge - gap + (gap ? 0 : 0.3));
  }
  if (chosen >= 0) {
    pen.strokeStyle = "#22252b";
    pen.lineWidth = 2;
    pen.strokeRect(data.x[chosen] * view.scale + view.x, data.y[chosen] * view.scale + view.y, edge, edge);
  }
}

function polygons(dots) {
  const to = [dots * view.scale, 0, 0, dots * view.scale, dots * view.x, dots * view.y];
  pen.setTransform(...to);
  pen.lineWidth = 0.6 / view.scale;
  pen.strokeStyle = "#8f959e";
  for (let at = 0; at < n; at += 1) {
    pen.fillStyle = fills[data.of[at]];
    pen.fill(paths[at], "evenodd");
    pen.stroke(paths[at]);
  }
  if (chosen >= 0) {
    pen.lineWidth = 2.2 / view.scale;
    pen.strokeStyle = "#22252b";
    pen.stroke(paths[chosen]);
  }
}

function found(x, y) {
  const east = (x - view.x) / view.scale;
  const south = (y - view.y) / view.scale;
  if (grid) {
    const at = places.get(key(east, south));
    return at === undefined ? -1 : at;
  }
  pen.setTransform(1, 0, 0, 1, 0, 0);
  return paths.findIndex((path) => pen.isPointInPath(path, east, south, "evenodd"));
}

function tell(x, y) {
  const at = found(x, y);
  if (at !== chosen || cross) {
    chosen = at;
    told.textContent = at < 0 ? data.nowhere : data.told[at];
    draw();
  }
}

function zoom(by, x, y) {
  const { wide, high } = size();
  const least = 0.5 * Math.min(wide / data.wide, high / data.high);
  const scale = Math.min(Math.max(view.scale * by, least), 2);
  view.x = x - ((x - view.x) * scale) / view.scale;
  view.y = y - ((y - view.y) * scale) / view.scale;
  view.scale = scale;
  draw();
}

function middle() {
  const { wide, high } = size();
  return [wide / 2, high / 2];
}

const held = { on: false, x: 0, y: 0 };
canvas.addEventListener("pointerdown", (event) => {
  Object.assign(held, { on: true, x: event.offsetX, y: event.offsetY });
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener("pointerup", () => { held.on = false; });
canvas.addEventListener("pointermove", (event) => {
  cross = false;
  if (held.on) {
    view.x += event.offsetX - held.x;
    view.y += event.offsetY - held.y;
    Object.assign(held, { x: event.offsetX, y: event.offsetY });
    draw();
  } else {
    tell(event.offsetX, event.offsetY);
  }
});
canvas.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && document.activeElement !== canvas) return;
  event.preventDefault();
  zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.offsetX, event.offsetY);
}, { passive: false });
canvas.addEventListener("keydown", (event) => {
  const step = grid ? Math.max(data.size * view.scale, 12) : 24;
  const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in moves) {
    view.x += moves[event.key][0];
    view.y += moves[event.key][1];
  } else if (event.key === "+" || event.key === "=") {
    zoom(1.4, ...middle());
  } else if (event.key === "-") {
    zoom(1 / 1.4, ...middle());
  } else if (event.key === "0") {
    whole();
  } else {
    return;
  }
  event.preventDefault();
  cross = true;
  tell(...middle());
});
document.querySelector("[data-do='in']").addEventListener("click", () => zoom(1.5, ...middle()));
document.querySelector("[data-do='out']").addEventListener("click", () => zoom(1 / 1.5, ...middle()));
document.querySelector("[data-do='whole']").addEventListener("click", whole);
whole();
new ResizeObserver(whole).observe(canvas);
