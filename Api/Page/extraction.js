// What the server makes of pictures: its drawings, the quality and the reasons. Nothing of it is kept there.

import { ask, byId, count, element } from "./elements.js";
import { itemOf, pictures } from "./samples.js";
import { words } from "./templates.js";

/** What can be drawn of each type, the first without being asked, each with what it shows. */
const DRAWINGS = {
  FINGER: [
    ["minutiae", "minutiae over the picture",
      "red is a poor minutia, green a good one; filled is an ending, open a bifurcation"],
    ["skeleton", "middle lines of the ridges", "the enhanced ridges, thinned, with the minutiae"],
    ["orientation", "directions of the ridges", "one line for each block that shows the finger"],
    ["enhanced", "enhanced ridges", "the ridges after the filter that follows them"],
    ["quality", "quality of each block",
      "how much of it ridges explain, from red (nothing) to green; pale is not the finger"],
    ["image", "the picture", "as the extractor took it, at 500 pixels per inch"],
  ],
  IRIS: [
    ["contours", "contours over the picture", "orange the pupil, blue the outer border, rose the lids"],
    ["mask", "what is hidden", "orange is covered by lids, lashes or reflections"],
    ["code", "iris codes", "black is 1, white is 0, grey is masked"],
    ["image", "the picture", "as it was captured"],
  ],
};

/** What an item with a picture gives, with drawings; throws with the server's words where it gives nothing. */
export async function extract(item, kind) {
  const { body } = await ask(
    `mc/v1/extract?picture=${kind}`, { method: "POST", body: JSON.stringify({ biometricData: [item] }) });
  const [{ error, templates }] = body.items;
  if (error) {
    throw new Error(`${error.code} ${error.title}: ${error.detail}`);
  }
  return templates;
}

/** A drawing as the address of a picture. */
export const addressOf = drawing => `data:${drawing.mediaType};base64,${drawing.data}`;

byId("extract").addEventListener("click", async () => {
  const target = byId("extracted");
  byId("extract").disabled = true;
  const cards = pictures().map(sample => ({ sample, card: element("div", { class: "compared" }) }));
  target.replaceChildren(...cards.map(one => one.card));
  try {
    for (const { sample, card } of cards) {
      await show(card, sample);
    }
  } finally {
    byId("extract").disabled = false;
  }
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
});

async function show(card, sample) {
  const title = element("h3", {}, sample.name);
  try {
    const item = itemOf(sample);
    const drawings = DRAWINGS[item.biometricType];
    const chosen = element("select", { "aria-label": `What to show of ${sample.name}` },
      ...drawings.map(([kind, text]) => element("option", { value: kind }, text)));
    const parts = element("div", { class: "drawings" });
    let asked = 0;
    const draw = async () => {
      const mine = ++asked; // Answers may overtake each other: the one that was asked last counts.
      const kind = drawings.find(([word]) => word === chosen.value);
      try {
        const templates = await extract(item, chosen.value);
        if (mine === asked) {
          parts.replaceChildren(...templates.map(template => drawingOf(template, kind)));
        }
      } catch (error) {
        if (mine === asked) {
          const unsaid = sample.position === "" && !sample.type
            ? [element("p", { class: "warn" }, "It was read as a finger, because no position is chosen.")] : [];
          parts.replaceChildren(element("p", { class: "bad" }, error.message), ...unsaid);
        }
      }
    };
    chosen.addEventListener("change", draw);
    await draw();
    card.replaceChildren(title, ...parts.querySelector("img") ? [chosen] : [], parts);
  } catch (error) {
    card.replaceChildren(title, element("p", { class: "bad" }, error.message));
  }
}

function drawingOf(template, [kind, text, legend]) {
  const drawing = template.picture?.drawings.find(one => one.kind === kind);
  const features = template.biometricType === "IRIS" ? "valid bits" : "minutiae";
  const caption = `${words(template.biometricSubType)}: ${text}`;
  return element("figure", { class: "drawing" },
    element("figcaption", {}, caption, element("br"), legend),
    drawing ? element("img", { src: addressOf(drawing), alt: `${caption}, ${count(template.features)} ${features}`,
      ...kind === "code" ? {} : { width: template.picture.width, height: template.picture.height } })
      : element("p", {}, "There is no drawing of it."),
    element("ul", { class: "facts" }, element("li", {}, `quality ${template.quality} of 100`),
      element("li", {}, `${count(template.features)} ${features}`),
      ...(template.notes ?? []).map(note => element("li", { class: "warn" }, note))));
}
