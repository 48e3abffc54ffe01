// One candidate held against the probe: paired minutiae side by side, iris codes bit by bit, over pictures at hand.

import { count, drawn, element, identifier } from "./elements.js";
import {
  drawEye, eyesOfCandidate, eyesOfProbe, imageOf, isOfFinger, pictureChoice, templatesOf,
  templatesOfStored,
} from "./overlay.js";
import { fromBase64, words } from "./templates.js";

const GAP = 30;
const LENGTH = 13;

export async function showComparison(target, answer, probe) {
  probe.made ??= templatesOf(probe.biometricData);
  const [made, stored] = await Promise.all([probe.made, templatesOfStored(answer)]);
  const parts = [
    element("h3", {}, "Probe against ", identifier(answer.personId), ", encounter ",
      identifier(answer.encounterId)),
    ...answer.fingers.map(finger => showFinger(finger, made, stored)),
    ...answer.irises.map(iris => showIris(iris, made, stored, answer, probe)),
  ];
  if (parts.length === 1) {
    parts.push(element("p", {}, "Nothing of this encounter can be compared with the probe."));
  }
  target.replaceChildren(...parts);
}

function section(title, facts, ...children) {
  return element("div", { class: "compared" }, element("h3", {}, title),
    element("ul", { class: "facts" }, ...facts.map(fact => element("li", {}, fact))), ...children);
}

function showFinger(finger, made, stored) {
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
    ...overPictures(finger, mates, made, stored));
}

/** The pairing, over the pictures that are at hand, with a place to choose each that is not. */
function overPictures(finger, mates, made, stored) {
  const pair = element("div", { class: "pair" });
  const pictures = {};
  const draw = () => {
    pair.classList.toggle("pictured", Boolean(pictures.probe ?? pictures.reference));
    pair.replaceChildren(drawPair(finger, mates, pictures));
  };
  const choice = (side, name, subType) => {
    const chosen = pictureChoice(name, subType ?? "UNKNOWN", "FINGER",
      template => isOfFinger(template, finger[side]), picture => {
        pictures[side] = picture;
        draw();
        chosen.hidden = true;
      });
    return chosen;
  };
  pictures.probe = made.find(template => isOfFinger(template, finger.probe))?.picture;
  pictures.reference = stored.find(template => isOfFinger(template, finger.reference))?.picture;
  draw();
  return [pair, element("div", { class: "hands" },
    ...pictures.probe ? [] : [choice("probe", "probe's", finger.probeSubType)],
    ...pictures.reference ? [] : [choice("reference", "stored", finger.biometricSubType)])];
}

/** Both sides at the same scale of millimetres, a line from each minutia to its mate. */
function drawPair(finger, mates, pictures) {
  const [left, right] = [finger.probe, finger.reference].map(scaled);
  const height = Math.max(left.height, right.height);
  const shift = left.width + GAP;
  const used = [new Set(mates.map(mate => mate.probe)), new Set(mates.map(mate => mate.reference))];
  return drawn("svg",
    { viewBox: `-4 -4 ${shift + right.width + 8} ${height + 8}`, role: "img",
      "aria-label": `${mates.length} paired minutiae of ${left.minutiae.length} and ${right.minutiae.length}` },
    ...under(pictures.probe, left, 0), ...under(pictures.reference, right, shift),
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

const under = (picture, side, x) => picture ? [drawn("image",
  { href: imageOf(picture), x, width: side.width, height: side.height, preserveAspectRatio: "none", class: "under" })]
  : [];

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

function showIris(iris, made, stored, answer, probe) {
  const rows = iris.rows * iris.bitsPerCell;
  const said = `${count(iris.differingBits)} of ${count(iris.validBits)} compared bits differ`;
  const canvas = element("canvas", { width: iris.columns, height: rows, role: "img", "aria-label": said });
  canvas.style.aspectRatio = `${iris.columns} / ${Math.max(rows, iris.columns / 10)}`;
  const state = stateOf(iris, rows);
  paint(canvas, iris, rows, state);
  return section(
    `${words(iris.probeSubType)} against ${words(iris.biometricSubType)}, ${count(iris.columns * rows)} bits`,
    [
      `score ${iris.score.toFixed(2)}`, `Hamming distance ${iris.distance.toFixed(4)}`,
      `normalised ${iris.normalisedDistance.toFixed(4)}`, said,
      ...(iris.turned ? [`probe turned by ${iris.turned}°`] : []),
      `probe turned by ${iris.rotation} of ${iris.columns} columns`,
    ],
    element("p", { class: "quiet" }, element("span", { class: "key agree" }, "agree"), " ",
      element("span", { class: "key differ" }, "differ"), " ",
      element("span", { class: "key masked" }, "not compared"), " · angle to the right, radius and filters downwards"),
    canvas, overEyes(iris, state, made, stored, answer, probe, said));
}

/** The comparison over the pictures of both eyes that are at hand. */
function overEyes(iris, state, made, stored, answer, probe, said) {
  const side = (name, subType, shift, picture, isRight) => {
    const place = element("div", { class: "eye" });
    const show = shown => {
      const canvas = element("canvas", { class: "over", role: "img", "aria-label": `The ${name} picture: ${said}` });
      place.replaceChildren(element("figure", {}, element("figcaption", {}, `${name} picture`), canvas));
      drawEye(canvas, shown, iris, state, shift, colours());
    };
    if (picture) {
      show(picture);
    } else {
      place.append(pictureChoice(name, subType, "IRIS", isRight, show));
    }
    return place;
  };
  const [probeEye, storedEye] = [iris.probeSubType ?? "EYE_UNDEF", iris.biometricSubType ?? "EYE_UNDEF"];

  // Where several pictures of one eye were sent, nothing says which of them was compared.
  const onlyEye = (all, subType) => {
    const own = all.filter(one => one.biometricType === "IRIS" && one.biometricSubType === subType);
    return own.length === 1 ? own[0].picture : null;
  };
  return element("div", { class: "eyes" },
    side("probe's", probeEye, iris.rotation, onlyEye(made, probeEye),
      template => eyesOfProbe(probe, probeEye).includes(template.template)),
    side("stored", storedEye, 0, onlyEye(stored, storedEye),
      async template => (await eyesOfCandidate(answer, storedEye)).includes(template.template)));
}

/** Of a bit in the stored code's columns: 0 where it agrees, 1 where it differs, 2 where it was not compared. */
function stateOf(iris, rows) {
  const [compared, differing] = [fromBase64(iris.compared), fromBase64(iris.differing)];
  const isSet = (bytes, bit) => (bytes[bit >> 3] >> (bit & 7) & 1) === 1;
  return (column, row) => {
    const bit = column * rows + row;
    return !isSet(compared, bit) ? 2 : isSet(differing, bit) ? 1 : 0;
  };
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  return ["--good", "--bad", "--line"].map(name => style.getPropertyValue(name).trim());
}

function paint(canvas, iris, rows, state) {
  const shades = colours().map(rgb);
  const context = canvas.getContext("2d");
  const image = context.createImageData(iris.columns, rows);
  for (let column = 0; column < iris.columns; column++) {
    for (let row = 0; row < rows; row++) {
      image.data.set(shades[state(column, row)], 4 * (row * iris.columns + column));
    }
  }
  context.putImageData(image, 0, 0);
}

function rgb(colour) {
  const hex = colour.slice(1);
  return [0, 2, 4].map(at => parseInt(hex.slice(at, at + 2), 16)).concat(255);
}
