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
const view = new Viewport(canvas, draw);
view.extent = { wide: data.wide, high: data.high };
let chosen = -1;

function key(x, y) {
  return `${Math.floor(x / data.size)},${Math.floor(y / data.size)}`;
}

const fills = data.classes.map((one) => (one.hatched ? hatching(pen, one.colour) : one.colour));

function draw(brush, dots, wide, high) {
  if (grid) squares(wide, high);
  else polygons(dots);
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
  view.inMetres(dots);
  for (const one of fills) if (typeof one !== "string") one.setTransform(new DOMMatrix().scale(1 / view.scale));
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
  const [east, south] = view.metres(x, y);
  if (grid) {
    const at = places.get(key(east, south));
    return at === undefined ? -1 : at;
  }
  pen.setTransform(1, 0, 0, 1, 0, 0);
  return paths.findIndex((path) => pen.isPointInPath(path, east, south, "evenodd"));
}

function tell(x, y) {
  const at = found(x, y);
  if (at !== chosen || view.cross) {
    chosen = at;
    told.textContent = at < 0 ? data.nowhere : data.told[at];
    view.redraw();
  }
}

const held = { on: false, x: 0, y: 0 };
canvas.addEventListener("pointerdown", (event) => {
  Object.assign(held, { on: true, x: event.offsetX, y: event.offsetY });
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener("pointerup", () => { held.on = false; });
canvas.addEventListener("pointermove", (event) => {
  view.cross = false;
  if (held.on) {
    view.pan(event.offsetX - held.x, event.offsetY - held.y);
    Object.assign(held, { x: event.offsetX, y: event.offsetY });
  } else {
    tell(event.offsetX, event.offsetY);
  }
});
canvas.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && document.activeElement !== canvas) return;
  event.preventDefault();
  view.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.offsetX, event.offsetY);
}, { passive: false });
canvas.addEventListener("keydown", (event) => {
  const step = grid ? Math.max(data.size * view.scale, 12) : 24;
  const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in moves) {
    view.pan(...moves[event.key]);
  } else if (event.key === "+" || event.key === "=") {
    view.zoom(1.4, ...view.middle());
  } else if (event.key === "-") {
    view.zoom(1 / 1.4, ...view.middle());
  } else if (event.key === "0") {
    view.whole();
  } else {
    return;
  }
  event.preventDefault();
  view.cross = true;
  tell(...view.middle());
});
document.querySelector("[data-do='in']").addEventListener("click", () => view.zoom(1.5, ...view.middle()));
document.querySelector("[data-do='out']").addEventListener("click", () => view.zoom(1 / 1.5, ...view.middle()));
document.querySelector("[data-do='whole']").addEventListener("click", () => view.whole());
new ResizeObserver(() => view.whole()).observe(canvas);
