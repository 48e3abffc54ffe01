// The files of one capture: chosen or dropped, with what the operator says of each.

import { byId, element } from "./elements.js";
import {
  FORMATS, POSITIONS, POSITIONS_OF_PICTURES, base64, guess, typeOfFormat, typeOfPosition, words,
} from "./templates.js";

const samples = [];

/** The samples that are pictures. */
export const pictures = () => samples.filter(sample => sample.mime);

async function add(files) {
  samples.push(...await Promise.all([...files].map(async file => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { name: file.name, bytes, ...(guess(bytes) ?? { format: "" }), position: "", ppi: "" };
  })));
  list();
}

byId("files").addEventListener("change", async event => {
  await add(event.target.files);
  event.target.value = "";
});

const zone = byId("source-files");

zone.addEventListener("dragover", event => {
  event.preventDefault();
  zone.classList.add("over");
});

zone.addEventListener("dragleave", event => {
  if (!zone.contains(event.relatedTarget)) {
    zone.classList.remove("over");
  }
});

zone.addEventListener("drop", async event => {
  event.preventDefault();
  zone.classList.remove("over");
  await add(event.dataTransfer.files);
});

function list() {
  byId("extract").hidden = pictures().length === 0;
  byId("samples").replaceChildren(...samples.map((sample, index) => {
    const remove = element("button", { type: "button", "aria-label": `Remove ${sample.name}` }, "✕");
    remove.addEventListener("click", () => {
      samples.splice(index, 1);
      list();
      byId("files").focus();
    });
    return element("li", {}, element("span", { title: sample.name }, sample.name),
      sample.mime ? ppiOf(sample) : formatOf(sample), positionOf(sample), remove);
  }));
}

function formatOf(sample) {
  return select(`Format of ${sample.name}`, [["", "format?"], ...FORMATS], sample.format, value => {
    sample.format = value;
    sample.position = "";
    list();
  });
}

function ppiOf(sample) {
  const ppi = element("input", { type: "number", min: 250, max: 1200, value: sample.ppi, placeholder: "ppi as recorded",
    "aria-label": `Pixels per inch of ${sample.name}` });
  ppi.addEventListener("change", () => {
    sample.ppi = ppi.value;
  });
  return element("div", { class: "picture" }, element("span", {}, sample.mime), ppi);
}

function positionOf(sample) {
  const type = sample.type ?? typeOfFormat(sample.format);
  const all = sample.mime ? POSITIONS_OF_PICTURES : POSITIONS;
  const positions = all[type] ?? Object.values(all).flat();
  return select(`Position of ${sample.name}`,
    [["", "as recorded"], ...positions.map(one => [one, words(one)])], sample.position, value => {
      sample.position = value;
    });
}

function select(label, options, chosen, changed) {
  const made = element("select", { "aria-label": label },
    ...options.map(([value, text]) => element("option", { value, selected: value === chosen }, text)));
  made.addEventListener("change", () => changed(made.value));
  return made;
}

/** A sample as an item of a request. */
export function itemOf(sample) {
  if (!sample.mime && sample.format === "") {
    throw new Error(`${sample.name}: not a template that begins like a known one; state its format`);
  }
  const type = sample.mime ? typeOfPosition(sample.position) ?? sample.type ?? "FINGER" : typeOfFormat(sample.format);
  const item = { biometricType: type };
  if (sample.position !== "") {
    item.biometricSubType = sample.position;
  }
  return sample.mime ? pictureItem(item, sample)
    : { ...item, template: base64(sample.bytes), templateFormat: sample.format };
}

/** An item with a picture in it; records of pictures have no media type of their own. */
export function pictureItem(item, { bytes, ppi }) {
  return { ...item, image: base64(bytes), ...(ppi ? { resolution: Number(ppi) } : {}) };
}

/** The chosen files as items; there is at least one. */
export function chosenItems() {
  if (samples.length === 0) {
    throw new Error("choose a file first");
  }
  return samples.map(itemOf);
}
