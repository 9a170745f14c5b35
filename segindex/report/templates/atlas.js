const data = JSON.parse(document.getElementById("data").textContent);
const part = (name) => document.getElementById(name);
const canvas = part("map");
const told = part("told");
const hover = part("hover");
const number = new Intl.NumberFormat(data.locale);
const view = new Viewport(canvas, draw);
const state = { what: "", group: "", year: 0, chosen: -1 };
let grounds = [];
let numbers = null;
let ground = null;
let layer = null;
let at = 0;
let picture = null;
let veil = null;

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
}

async function unpacked() {
  const raw = Uint8Array.from(atob(part("packed").textContent.trim()), (one) => one.charCodeAt(0));
  const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const length = new DataView(bytes.buffer).getUint32(0, true);
  grounds = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  numbers = bytes.subarray(4 + length);
}

function small([first, length]) {
  return new Uint16Array(numbers.slice(first, first + length).buffer);
}

function summed(steps) {
  let sum = 0;
  return steps.map((step) => (sum = (sum + step) & 65535));
}

function path(rings, open = false) {
  const line = new Path2D();
  for (const ring of rings) {
    let [x, y] = [0, 0];
    for (let each = 0; each < ring.length; each += 2) {
      x += ring[each];
      y += ring[each + 1];
      if (each) line.lineTo(x, y);
      else line.moveTo(x, y);
    }
    if (!open) line.closePath();
  }
  return line;
}

function opened(one) {
  const found = { ...one, named: small(one.named), water: one.water.map((rings) => path(rings)) };
  found.borders = one.borders.map((lines) => path(lines, true));
  if (one.size) {
    [found.column, found.row] = one.at.map((each) => summed(small(each)));
    found.grid = new Int32Array(one.columns * one.rows).fill(-1);
    found.column.forEach((column, cell) => { found.grid[found.row[cell] * one.columns + column] = cell; });
    found.east = Array.from(found.column, (column) => (column + 0.5) * one.size);
    found.south = Array.from(found.row, (row) => (row + 0.5) * one.size);
  } else {
    found.paths = one.rings.map((rings) => path(rings));
    const middles = one.rings.map(middle);
    found.east = middles.map((each) => each[0]);
    found.south = middles.map((each) => each[1]);
  }
  const id = (cell) => Math.round(one.left + found.east[cell]) + "" + Math.round(one.top - found.south[cell]);
  found.id = one.ids ? (cell) => one.ids[cell] : id;
  return found;
}

function middle(rings) {
  let [x, y, sum, east, south] = [0, 0, 0, 0, 0];
  const ring = rings[0] || [];
  for (let each = 0; each < ring.length; each += 2) {
    x += ring[each];
    y += ring[each + 1];
    east += x;
    south += y;
    sum += 1;
  }
  return sum ? [east / sum, south / sum] : [NaN, NaN];
}

/* What is shown */

function code(cell) {
  return numbers[layer.codes[0] + cell * layer.years.length + at];
}

function classes() {
  return data.classes[layer.what];
}

function title() {
  return fill(layer.title, { year: state.year });
}

function layersOf(what, group) {
  return data.layers.filter((one) => one.what === what && (!one.group || group === undefined || one.group === group));
}

function options(select, found, chosen) {
  select.replaceChildren(...found.map(([value, words]) => new Option(words, value, false, value === chosen)));
}

function show() {
  const of = layersOf(state.what);
  const groups = [...new Map(of.map((one) => [one.group, one.name]))].filter(([key]) => key);
  if (groups.length && !groups.some(([key]) => key === state.group)) state.group = groups[0][0];
  const known = groups.length ? layersOf(state.what, state.group) : of;
  const years = [...new Set(known.flatMap((one) => one.years))].sort((one, other) => one - other);
  if (!years.includes(state.year)) state.year = years[years.length - 1];
  part("what").value = state.what;
  part("group").disabled = !groups.length;
  const all = groups.length ? groups : [...new Map(data.layers.map((one) => [one.group, one.name]))].filter(([key]) => key);
  options(part("group"), all, state.group);
  options(part("year"), years.map((year) => [String(year), String(year)]), String(state.year));
  layer = known.find((one) => one.years.includes(state.year));
  at = layer.years.indexOf(state.year);
  if (grounds[layer.ground] !== ground) {
    ground = grounds[layer.ground];
    view.extent = ground;
    state.chosen = -1;
    view.whole();
  }
  part("shown").textContent = title();
  canvas.setAttribute("aria-label", fill(data.say.alt, { title: title() }));
  legend();
  overYears();
  paint();
  view.redraw();
}

function counts(which) {
  const found = classes().map(() => 0);
  for (let cell = 0; cell < ground.n; cell += 1) {
    const one = numbers[layer.codes[0] + cell * layer.years.length + which];
    if (one < found.length) found[one] += 1;
  }
  return found;
}

function make(name, words, attributes = {}) {
  const made = document.createElement(name);
  if (words !== "") made.textContent = words;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function legend() {
  const found = counts(at);
  const rows = classes().map((one, which) => {
    const head = make("th", "", { scope: "row" });
    const swatch = make("span", "", { class: one.hatched ? "swatch hatched" : "swatch", "aria-hidden": "true" });
    swatch.style.backgroundColor = one.colour;
    head.append(swatch, one.label);
    const row = document.createElement("tr");
    row.append(head, make("td", number.format(found[which])));
    return row;
  });
  part("legend").tBodies[0].replaceChildren(...rows);
  part("legend").caption.textContent = ground.size ? data.say.legend_grid : data.say.legend_area;
  part("counted").textContent = ground.size ? data.say.cells : data.say.areas;
}

function overYears() {
  const head = document.createElement("tr");
  head.append(make("th", data.say.year, { scope: "col" }), ...classes().map((one) => make("th", one.label, { scope: "col" })));
  const rows = layer.years.map((year, which) => {
    const row = document.createElement("tr");
    row.append(make("th", String(year), { scope: "row" }), ...counts(which).map((n) => make("td", number.format(n))));
    return row;
  });
  part("years").tHead.replaceChildren(head);
  part("years").tBodies[0].replaceChildren(...rows);
}

/* Cells */

function found(x, y) {
  const [east, south] = view.metres(x, y);
  if (ground.size) {
    const [column, row] = [Math.floor(east / ground.size), Math.floor(south / ground.size)];
    const inside = column >= 0 && row >= 0 && column < ground.columns && row < ground.rows;
    return inside ? ground.grid[row * ground.columns + column] : -1;
  }
  view.pen.setTransform(1, 0, 0, 1, 0, 0);
  return ground.paths.findIndex((one) => view.pen.isPointInPath(one, east, south, "evenodd"));
}

function value(cell) {
  const raw = small(layer.exact)[cell * layer.years.length + at];
  if (raw === 65535) return "";
  const exact = (raw - layer.plus) / layer.times;
  const form = layer.what === "share" ? { style: "percent", maximumFractionDigits: 1 } : { minimumFractionDigits: 2 };
  return new Intl.NumberFormat(data.locale, form).format(exact).replace("-", "\u2212");
}

function described(cell) {
  if (cell < 0) return data.say.nowhere;
  const one = code(cell);
  let label = one < classes().length ? classes()[one].label : data.say.absent;
  const exact = layer.exact ? value(cell) : "";
  if (exact) label = fill(data.say.valued, { label, value: exact });
  const name = ground.names[ground.named[cell]];
  const place = { cell: ground.id(cell), name, crs: ground.crs, label };
  if (!ground.size) return fill(name ? data.say.area_named : data.say.area, place);
  place.x = number.format(Math.round(ground.left + ground.east[cell]));
  place.y = number.format(Math.round(ground.top - ground.south[cell]));
  return fill(name ? data.say.cell_named : data.say.cell, place);
}

function tell(cell, before = "") {
  state.chosen = cell;
  hover.textContent = "";
  told.textContent = `${before} ${described(cell)}`.trim();
  view.redraw();
  keep();
}

/* An area without an outline has no place. */
function placed(cell) {
  return Number.isFinite(ground.east[cell]);
}

function step(east, south) {
  const from = state.chosen >= 0 && placed(state.chosen);
  const [x, y] = from ? [ground.east[state.chosen], ground.south[state.chosen]] : view.metres(...view.middle());
  let [best, least] = [-1, Infinity];
  for (let cell = 0; cell < ground.n; cell += 1) {
    const [across, down] = [ground.east[cell] - x, ground.south[cell] - y];
    const ahead = across * east + down * south;
    const aside = Math.abs(across * south) + Math.abs(down * east);
    if (cell !== state.chosen && ahead > 1 && aside <= ahead && ahead + 2 * aside < least) {
      [best, least] = [cell, ahead + 2 * aside];
    }
  }
  if (best >= 0) go(best);
}

function go(cell, before = "") {
  if (placed(cell)) {
    view.cross = true;
    view.centre(ground.east[cell], ground.south[cell]);
  }
  tell(cell, before);
}

function jump(words) {
  const wanted = words.trim().toLocaleLowerCase(data.locale);
  if (!wanted) return;
  const every = Array.from({ length: ground.n }, (none, cell) => cell);
  const cell = every.findIndex((one) => ground.id(one).toLocaleLowerCase(data.locale) === wanted);
  if (view.scale * (ground.size || 2000) < 16) view.scale = 16 / (ground.size || 2000);
  if (cell >= 0) {
    go(cell);
    return;
  }
  const name = ground.names.findIndex((one) => one.toLocaleLowerCase(data.locale) === wanted);
  const inside = name < 0 ? [] : every.filter((one) => ground.named[one] === name);
  if (!inside.length) {
    told.textContent = fill(data.say.unknown_place, { word: words.trim() });
    return;
  }
  const drawn = inside.filter(placed);
  const mean = (axis) => drawn.reduce((sum, one) => sum + axis[one], 0) / drawn.length;
  const [x, y] = [mean(ground.east), mean(ground.south)];
  const far = (one) => Math.hypot(ground.east[one] - x, ground.south[one] - y);
  const nearest = drawn.reduce((best, one) => (far(one) < far(best) ? one : best), drawn.length ? drawn[0] : inside[0]);
  const all = { name: ground.names[name], n: number.format(inside.length) };
  go(nearest, ground.size ? fill(data.say.area_found, all) : "");
}

/* The address holds what is shown */

function keep() {
  const held = new URLSearchParams({ what: state.what, year: state.year });
  if (layer.group) held.set("group", layer.group);
  const cities = `#${held}`;
  if (state.chosen >= 0) held.set("cell", ground.id(state.chosen));
  history.replaceState(null, "", `#${held}`);
  for (const link of document.querySelectorAll("a[data-keep]")) {
    link.hash = link.dataset.keep === "city" ? cities : `#${held}`;
  }
}

function read() {
  const held = new URLSearchParams(location.hash.slice(1));
  const what = held.get("what");
  if (data.layers.some((one) => one.what === what)) state.what = what;
  if (data.layers.some((one) => one.group && one.group === held.get("group"))) state.group = held.get("group");
  if (held.get("year")) state.year = Number(held.get("year"));
  show();
  if (held.get("cell")) jump(held.get("cell"));
}

/* Mouse, fingers and keys */

function listen() {
  const chosen = (change) => {
    Object.assign(state, change);
    show();
    tell(state.chosen, `${title()}.`);
  };
  part("what").addEventListener("change", (event) => chosen({ what: event.target.value }));
  part("group").addEventListener("change", (event) => chosen({ group: event.target.value }));
  part("year").addEventListener("change", (event) => chosen({ year: Number(event.target.value) }));
  for (const name of ["water", "borders"]) part(name).addEventListener("change", () => view.redraw());
  part("jump").addEventListener("submit", (event) => {
    event.preventDefault();
    jump(part("place").value);
  });
  const moves = {
    in: () => view.zoom(1.5, ...view.middle()),
    out: () => view.zoom(1 / 1.5, ...view.middle()),
    whole: () => view.whole(),
    west: () => view.pan(80, 0),
    east: () => view.pan(-80, 0),
    north: () => view.pan(0, 80),
    south: () => view.pan(0, -80),
  };
  for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", moves[button.dataset.do]);
  addEventListener("hashchange", read);
  pointers();
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== canvas) return;
    event.preventDefault();
    view.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.offsetX, event.offsetY);
  }, { passive: false });
  canvas.addEventListener("keydown", keyed);
}

function keyed(event) {
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = arrows[event.key];
  if (arrow && event.shiftKey) {
    event.preventDefault();
    step(...arrow);
    return;
  }
  const pace = ground.size ? Math.max(ground.size * view.scale, 12) : 24;
  if (arrow) view.pan(-arrow[0] * pace, -arrow[1] * pace);
  else if (event.key === "+" || event.key === "=") view.zoom(1.4, ...view.middle());
  else if (event.key === "-") view.zoom(1 / 1.4, ...view.middle());
  else if (event.key === "0") view.whole();
  else return;
  event.preventDefault();
  view.cross = true;
  tell(found(...view.middle()));
}

function pointers() {
  const held = new Map();
  let moved = 0;
  const spread = () => {
    const [one, other] = [...held.values()];
    return other ? [Math.hypot(one.x - other.x, one.y - other.y), (one.x + other.x) / 2, (one.y + other.y) / 2] : null;
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (!held.size) moved = 0;
    held.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) {
      hover.textContent = described(found(event.offsetX, event.offsetY));
      return;
    }
    const apart = spread();
    const place = { x: event.offsetX, y: event.offsetY };
    moved += Math.abs(place.x - before.x) + Math.abs(place.y - before.y);
    held.set(event.pointerId, place);
    view.cross = false;
    if (apart) {
      const [now, x, y] = spread();
      view.zoom(now / Math.max(apart[0], 1), x, y);
      view.pan(x - apart[1], y - apart[2]);
    } else if (event.pointerType !== "touch" || document.activeElement === canvas) {
      view.pan(place.x - before.x, place.y - before.y);
    }
  });
  canvas.addEventListener("pointerup", (event) => {
    held.delete(event.pointerId);
    if (moved >= 6 || held.size) return;
    canvas.focus({ preventScroll: true });
    tell(found(event.offsetX, event.offsetY));
  });
  canvas.addEventListener("pointercancel", (event) => held.delete(event.pointerId));
  canvas.addEventListener("pointerleave", () => { hover.textContent = ""; });
}

async function start() {
  if (typeof DecompressionStream === "undefined") {
    part("failed").hidden = false;
    return;
  }
  await unpacked();
  grounds = grounds.map(opened);
  state.what = data.layers[0].what;
  part("tool").hidden = false;
  view.before = view.size();
  listen();
  read();
  new ResizeObserver(() => view.resized()).observe(canvas);
  document.body.dataset.ready = "true";
}

start();
