// One candidate held against the probe: paired minutiae side by side, iris codes bit by bit.

import { count, drawn, element, identifier } from "./elements.js";
import { fromBase64 } from "./templates.js";

const GAP = 30;
const LENGTH = 13;

export function showComparison(target, answer) {
  const parts = [
    element("h3", {}, "Probe against ", identifier(answer.personId), ", encounter ",
      identifier(answer.encounterId)),
    ...answer.fingers.map(showFinger),
    ...answer.irises.map(showIris),
  ];
  if (parts.length === 1) {
    parts.push(element("p", {}, "Nothing of this encounter can be compared with the probe."));
  }
  target.replaceChildren(...parts);
}

const words = name => (name ?? "unknown").toLowerCase().replaceAll("_", " ");

function section(title, facts, ...children) {
  return element("div", { class: "compared" }, element("h3", {}, title),
    element("ul", { class: "facts" }, ...facts.map(fact => element("li", {}, fact))), ...children);
}

function showFinger(finger) {
  const mates = finger.alignment?.mates ?? [];
  const facts = [
    `score ${finger.score.toFixed(2)}`, `similarity ${finger.similarity.toFixed(3)}`,
    `${finger.pairsRelaxed} pairs in relaxation`,
  ];
  if (finger.turned) {
    facts.push(`compared with the probe turned by ${finger.turned}°`);
  }
  if (finger.alignment) {
    facts.push(
      `${mates.length} minutiae paired, ${finger.alignment.expectedByChance.toFixed(1)} by chance`,
      `turned ${finger.alignment.turn.toFixed(1)}°`,
      `in the overlap: ${finger.alignment.probeOverlap} of the probe, ${finger.alignment.referenceOverlap} stored`);
  } else {
    facts.push("too unlike for an alignment");
  }
  return section(
    `${words(finger.probeSubType)} against ${words(finger.biometricSubType)}`, facts,
    element("p", { class: "quiet" }, element("span", { class: "key probe" }, "probe"), " ",
      element("span", { class: "key reference" }, "stored"), " ", element("span", { class: "key agree" }, "paired")),
    element("div", { class: "pair" }, drawPair(finger, mates)));
}

/** Both sides at the same scale of millimetres, a line from each minutia to its mate. */
function drawPair(finger, mates) {
  const [left, right] = [finger.probe, finger.reference].map(scaled);
  const height = Math.max(left.height, right.height);
  const shift = left.width + GAP;
  const used = [new Set(mates.map(mate => mate.probe)), new Set(mates.map(mate => mate.reference))];
  return drawn("svg",
    { viewBox: `-4 -4 ${shift + right.width + 8} ${height + 8}`, role: "img",
      "aria-label": `${mates.length} paired minutiae of ${left.minutiae.length} and ${right.minutiae.length}` },
    drawn("rect", { class: "frame", width: left.width, height: left.height }),
    drawn("rect", { class: "frame", x: shift, width: right.width, height: right.height }),
    ...mates.map(mate => {
      const [a, b] = [left.minutiae[mate.probe], right.minutiae[mate.reference]];
      return drawn("line", { class: "mate", x1: a.x, y1: a.y, x2: b.x + shift, y2: b.y },
        drawn("title", {}, `${mate.probe} – ${mate.reference}: ${mate.distance.toFixed(1)} px and `
          + `${mate.turn.toFixed(0)}° apart, evidence ${mate.evidence.toFixed(2)}`));
    }),
    ...left.minutiae.map((one, index) => mark(one, 0, "probe", used[0].has(index))),
    ...right.minutiae.map((one, index) => mark(one, shift, "reference", used[1].has(index))));
}

/** In pixels at 500 dpi; a record states pixels per centimetre. */
function scaled(side) {
  const [x, y] = [197 / side.resolutionX, 197 / side.resolutionY];
  return {
    width: side.width * x, height: side.height * y,
    minutiae: side.minutiae.map(one => ({ x: one.x * x, y: one.y * y, angle: one.angle * Math.PI / 180 })),
  };
}

function mark(minutia, shift, kind, paired) {
  const [cx, cy] = [minutia.x + shift, minutia.y];
  return drawn("g", { class: `minutia ${kind}${paired ? "" : " alone"}` },
    drawn("circle", { cx, cy, r: 3.5 }),
    drawn("line", { x1: cx, y1: cy, x2: cx + LENGTH * Math.cos(minutia.angle),
      y2: cy - LENGTH * Math.sin(minutia.angle) }));
}

function showIris(iris) {
  const rows = iris.rows * iris.bitsPerCell;
  const canvas = element("canvas", { width: iris.columns, height: rows, role: "img",
    "aria-label": `${iris.differingBits} of ${iris.validBits} compared bits differ` });
  canvas.style.aspectRatio = `${iris.columns} / ${Math.max(rows, iris.columns / 10)}`;
  paint(canvas, iris, rows);
  return section(
    `${words(iris.probeSubType)} against ${words(iris.biometricSubType)}`,
    [
      `score ${iris.score.toFixed(2)}`, `Hamming distance ${iris.distance.toFixed(4)}`,
      `normalised ${iris.normalisedDistance.toFixed(4)}`,
      `${count(iris.differingBits)} of ${count(iris.validBits)} compared bits differ`,
      ...(iris.turned ? [`probe turned by ${iris.turned}°`] : []),
      `probe turned by ${iris.rotation} of ${iris.columns} columns`,
    ],
    element("p", { class: "quiet" }, element("span", { class: "key agree" }, "agree"), " ",
      element("span", { class: "key differ" }, "differ"), " ",
      element("span", { class: "key masked" }, "not compared"), " · angle to the right, radius and filters downwards"),
    canvas);
}

function paint(canvas, iris, rows) {
  const style = getComputedStyle(document.documentElement);
  const [agree, differ, masked] = ["--good", "--bad", "--line"].map(name => rgb(style.getPropertyValue(name)));
  const [compared, differing] = [fromBase64(iris.compared), fromBase64(iris.differing)];
  const isSet = (bytes, bit) => (bytes[bit >> 3] >> (bit & 7) & 1) === 1;
  const context = canvas.getContext("2d");
  const image = context.createImageData(iris.columns, rows);
  for (let column = 0; column < iris.columns; column++) {
    for (let row = 0; row < rows; row++) {
      const bit = column * rows + row;
      const colour = !isSet(compared, bit) ? masked : isSet(differing, bit) ? differ : agree;
      image.data.set(colour, 4 * (row * iris.columns + column));
    }
  }
  context.putImageData(image, 0, 0);
}

function rgb(colour) {
  const hex = colour.trim().slice(1);
  return [0, 2, 4].map(at => parseInt(hex.slice(at, at + 2), 16)).concat(255);
}
