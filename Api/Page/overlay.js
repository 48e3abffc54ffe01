// Pictures under a comparison, where they are at hand: each side's own, and only where its template was made of it.

import { ask, element, mayHave, step } from "./elements.js";
import { addressOf, extract } from "./extraction.js";
import { pictureItem } from "./samples.js";
import { words } from "./templates.js";

/** Where the rows of a code begin and end on the way from the pupil to the outer border. */
const [FIRST, LAST] = [0.01, 0.98];

/** What the probe's own pictures give; a picture that gives nothing was left out of the search too. */
export async function templatesOf(items) {
  const found = items.filter(one => one.image)
    .map(({ template, templateFormat, ...item }) => extract(item, "image").catch(() => []));
  return (await Promise.all(found)).flat();
}

/** Whether a template that was made of a picture has the very minutiae that were compared. */
export function isOfFinger(template, side) {
  const own = template.picture?.minutiae;
  return own !== undefined && own.length === side.minutiae.length
    && template.picture.width === side.width && template.picture.height === side.height
    && own.every((one, index) => one.x === side.minutiae[index].x && one.y === side.minutiae[index].y
      && one.angle === side.minutiae[index].angle);
}

/**
 * What the pictures that are stored with a candidate give: nothing where its gallery keeps none or they are not for
 * this caller.
 */
export async function templatesOfStored(answer) {
  if (!mayHave("abis.encounter.read")) {
    return [];
  }
  try {
    const path = ["v1/persons", step(answer.personId), "encounters", step(answer.encounterId)].join("/");
    const { body } = await ask(`${path}?transactionId=operator-page`, { isQuiet: true });
    return await templatesOf(body.biometricData);
  } catch {
    return [];
  }
}

/** Templates of one eye of a probe, as text, to know a picture of it by. */
export const eyesOfProbe = (probe, subType) => probe.biometricData
  .filter(one => one.biometricType === "IRIS" && one.template && (one.biometricSubType ?? "EYE_UNDEF") === subType)
  .map(one => one.template);

/** Templates of one eye of the candidate, as text. */
export async function eyesOfCandidate(answer, subType) {
  const path = ["v1/persons", step(answer.personId), "encounters", step(answer.encounterId), "templates"].join("/");
  const asked = new URLSearchParams(
    { transactionId: "operator-page", biometricType: "IRIS", biometricSubType: subType });
  const { body } = await ask(`${path}?${asked}`);
  return body.map(one => one.template);
}

/**
 * A place for a picture of one side that is not at hand: a file is extracted under the side's label, and shown where
 * its template is the one that was compared.
 */
export function pictureChoice(side, subType, type, isRight, shown) {
  const said = element("p", { role: "status" });
  const ppi = element("input", { type: "number", min: 250, max: 1200, placeholder: "ppi as recorded",
    "aria-label": `Pixels per inch of the ${side} picture` });
  const file = element("input", { type: "file", "aria-label": `The ${side} picture of ${words(subType)}` });
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (!chosen) {
      return;
    }
    said.className = "";
    said.textContent = "reading …";
    try {
      const bytes = new Uint8Array(await chosen.arrayBuffer());
      const item = pictureItem({ biometricType: type, biometricSubType: subType }, { bytes, ppi: ppi.value });
      for (const template of await extract(item, "image")) {
        if (await isRight(template)) {
          said.textContent = "";
          shown(template.picture);
          return;
        }
      }
      said.className = "warn";
      said.textContent = `Not shown: the ${side} template was not made of this picture, or not at this resolution.`;
    } catch (error) {
      said.className = "bad";
      said.textContent = error.message;
    }
  });
  return element("div", { class: "at-hand" }, element("span", { class: "quiet" }, `${side} picture, if at hand`), file,
    type === "FINGER" ? ppi : "", said);
}

export const imageOf = picture => addressOf(picture.drawings.find(one => one.kind === "image"));

/** The cells of a compared code over the picture of one eye: what agrees, what differs, what was not compared. */
export async function drawEye(canvas, picture, iris, state, shift, colours) {
  const image = new Image();
  image.src = imageOf(picture);
  await image.decode();
  [canvas.width, canvas.height] = [picture.width, picture.height];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, picture.width, picture.height);
  const [pupil, limbus] = ["pupil", "limbus"].map(name => picture.lines.find(line => line.name === name).points);
  const rows = iris.rows * iris.bitsPerCell;
  const paths = colours.map(() => new Path2D());
  for (let column = 0; column < iris.columns; column++) {
    const own = column - shift;
    const [from, to] = [-0.5, 0.5].map(half => (own + half) / iris.columns);
    for (let row = 0; row < rows; row++) {
      const [near, far] = [row, row + 1].map(edge => FIRST + (LAST - FIRST) * edge / rows);
      const path = paths[state(column, row)];
      path.moveTo(...between(pupil, limbus, from, near));
      path.lineTo(...between(pupil, limbus, to, near));
      path.lineTo(...between(pupil, limbus, to, far));
      path.lineTo(...between(pupil, limbus, from, far));
      path.closePath();
    }
  }
  context.globalAlpha = 0.5;
  colours.forEach((colour, index) => {
    context.fillStyle = colour;
    context.fill(paths[index]);
  });
}

/** A place in the iris: turns counter-clockwise from three o'clock, and the share of the way to the outer border. */
function between(pupil, limbus, turns, depth) {
  const [a, b] = [at(pupil, turns), at(limbus, turns)];
  return [a[0] + (b[0] - a[0]) * depth, a[1] + (b[1] - a[1]) * depth];
}

function at(points, turns) {
  const count = points.length / 2;
  const place = (turns - Math.floor(turns)) * count;
  const [before, share] = [Math.floor(place) % count, place - Math.floor(place)];
  const after = (before + 1) % count;
  return [0, 1].map(axis => points[2 * before + axis] * (1 - share) + points[2 * after + axis] * share);
}
