/* How the atlas draws its map. What is shown, and the view of it, are those of atlas.js. */

function paint() {
  if (!ground.size) return;
  const colours = classes().map((one) => [1, 3, 5].map((first) => parseInt(one.colour.slice(first, first + 2), 16)));
  [picture, veil] = [0, 1].map(() => {
    const one = document.createElement("canvas");
    Object.assign(one, { width: ground.columns, height: ground.rows });
    return one;
  });
  const [brush, over] = [picture.getContext("2d"), veil.getContext("2d")];
  const [image, hidden] = [brush, over].map((one) => one.createImageData(ground.columns, ground.rows));
  for (let cell = 0; cell < ground.n; cell += 1) {
    const one = code(cell);
    if (one >= colours.length) continue;
    const first = 4 * (ground.row[cell] * ground.columns + ground.column[cell]);
    image.data.set(colours[one], first);
    image.data[first + 3] = 255;
    if (classes()[one].hatched) hidden.data[first + 3] = 255;
  }
  brush.putImageData(image, 0, 0);
  over.putImageData(hidden, 0, 0);
}

function draw(pen, dots, wide, high) {
  pen.fillStyle = data.land;
  pen.fillRect(0, 0, wide, high);
  if (!layer) return;
  view.inMetres(dots);
  pen.fillStyle = data.water;
  if (part("water").checked) for (const one of ground.water) pen.fill(one, "evenodd");
  if (ground.size) squares(pen, dots, wide, high);
  else polygons(pen);
  view.inMetres(dots);
  if (part("borders").checked) {
    Object.assign(pen, { lineWidth: 1.4 / view.scale, strokeStyle: data.line });
    for (const one of ground.borders) pen.stroke(one);
  }
  if (state.chosen >= 0) outline(pen);
  pen.setTransform(dots, 0, 0, dots, 0, 0);
  furniture(pen, high);
}

function outline(pen) {
  for (const [line, colour] of [[5, "#ffffff"], [2.2, data.ink]]) {
    Object.assign(pen, { lineWidth: line / view.scale, strokeStyle: colour });
    if (ground.size) {
      const [x, y] = [ground.column[state.chosen] * ground.size, ground.row[state.chosen] * ground.size];
      pen.strokeRect(x, y, ground.size, ground.size);
    } else {
      pen.stroke(ground.paths[state.chosen]);
    }
  }
}

/* The scale, and what the data are where they are made up: a saved picture of the map says so too. */
function furniture(pen, high) {
  const length = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50].find((one) => one * 1000 * view.scale >= 60) || 100;
  const wide = length * 1000 * view.scale;
  pen.fillStyle = "rgba(255, 255, 255, 0.85)";
  pen.fillRect(8, high - 34, wide + 16, 26);
  Object.assign(pen, { fillStyle: data.ink, font: "13px sans-serif", textBaseline: "alphabetic" });
  pen.fillText(fill(data.say.scale, { n: number.format(length) }), 16, high - 18);
  pen.fillRect(16, high - 14, wide, 2.5);
  if (!data.mark) return;
  pen.font = "bold 15px sans-serif";
  pen.fillStyle = "rgba(255, 255, 255, 0.85)";
  pen.fillRect(8, 8, pen.measureText(data.mark).width + 16, 26);
  pen.fillStyle = "#8f1222";
  pen.fillText(data.mark, 16, 26);
}

let cover = null;
function squares(pen, dots, wide, high) {
  const place = [view.x, view.y, ground.wide * view.scale, ground.high * view.scale];
  pen.setTransform(dots, 0, 0, dots, 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(picture, ...place);
  cover = cover || document.createElement("canvas");
  if (cover.width !== canvas.width || cover.height !== canvas.height) {
    Object.assign(cover, { width: canvas.width, height: canvas.height });
  }
  const brush = cover.getContext("2d");
  brush.globalCompositeOperation = "copy";
  brush.imageSmoothingEnabled = false;
  brush.setTransform(dots, 0, 0, dots, 0, 0);
  brush.drawImage(veil, ...place);
  brush.globalCompositeOperation = "source-in";
  brush.fillStyle = hatching(brush, data.hidden);
  brush.fillRect(0, 0, wide, high);
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.drawImage(cover, 0, 0);
  const edge = ground.size * view.scale;
  if (edge <= 7) return;
  pen.setTransform(dots, 0, 0, dots, 0, 0);
  Object.assign(pen, { lineWidth: 0.6, strokeStyle: data.land });
  pen.beginPath();
  for (let x = view.x % edge; x < wide; x += edge) { pen.moveTo(x, 0); pen.lineTo(x, high); }
  for (let y = view.y % edge; y < high; y += edge) { pen.moveTo(0, y); pen.lineTo(wide, y); }
  pen.stroke();
}

function polygons(pen) {
  const fills = classes().map((one) => {
    if (!one.hatched) return one.colour;
    const pattern = hatching(pen, one.colour);
    pattern.setTransform(new DOMMatrix().scale(1 / view.scale));
    return pattern;
  });
  Object.assign(pen, { lineWidth: 0.6 / view.scale, strokeStyle: data.line });
  ground.paths.forEach((one, cell) => {
    if (code(cell) >= fills.length) return;
    pen.fillStyle = fills[code(cell)];
    pen.fill(one, "evenodd");
    pen.stroke(one);
  });
}

