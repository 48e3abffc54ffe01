import { ask, byId, chance, count, element, figure, identifier, spelled, step } from "./elements.js";
import { showComparison } from "./comparison.js";
import { readPerson } from "./people.js";
import { FORMATS, POSITIONS, base64, guess, typeOfFormat, typeOfPosition } from "./templates.js";

let samples = [];
let probe = null;
let asked = 0;

const source = () => document.querySelector("input[name=source]:checked").value;

function showSource() {
  byId("source-files").hidden = source() !== "files";
  byId("source-encounter").hidden = source() !== "encounter";
  byId("source-demo").hidden = source() !== "demo";
}

document.querySelectorAll("input[name=source]").forEach(radio => radio.addEventListener("change", showSource));

byId("files").addEventListener("change", async event => {
  const added = await Promise.all([...event.target.files].map(async file => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { name: file.name, bytes, ...(guess(bytes) ?? { format: "" }), position: "" };
  }));
  samples.push(...added);
  event.target.value = "";
  listSamples();
});

function listSamples() {
  byId("samples").replaceChildren(...samples.map((sample, index) => {
    const positions = POSITIONS[typeOfFormat(sample.format)] ?? Object.values(POSITIONS).flat();
    const format = sample.mime ? element("span", {}, sample.mime)
      : select(`Format of ${sample.name}`, [["", "format?"], ...FORMATS], sample.format, value => {
        sample.format = value;
        sample.position = "";
        listSamples();
      });
    const position = select(`Position of ${sample.name}`,
      [["", "as recorded"], ...positions.map(one => [one, one.toLowerCase().replaceAll("_", " ")])], sample.position,
      value => {
        sample.position = value;
      });
    const remove = element("button", { type: "button", "aria-label": `Remove ${sample.name}` }, "✕");
    remove.addEventListener("click", () => {
      samples.splice(index, 1);
      listSamples();
      byId("files").focus();
    });
    return element("li", {}, element("span", { title: sample.name }, sample.name), format, position, remove);
  }));
}

function select(label, options, chosen, changed) {
  const made = element("select", { "aria-label": label },
    ...options.map(([value, text]) => element("option", { value, selected: value === chosen }, text)));
  made.addEventListener("change", () => changed(made.value));
  return made;
}

function itemOf(sample) {
  if (!sample.mime && sample.format === "") {
    throw new Error(`${sample.name}: not a template that begins like a known one; state its format`);
  }
  const type = sample.mime ? typeOfPosition(sample.position) ?? "FINGER" : typeOfFormat(sample.format);
  const item = { biometricType: type };
  if (sample.position !== "") {
    item.biometricSubType = sample.position;
  }
  return sample.mime ? { ...item, image: base64(sample.bytes), mimeType: sample.mime }
    : { ...item, template: base64(sample.bytes), templateFormat: sample.format };
}

/** The probe's samples: what was chosen, or what is stored of an encounter. */
async function readProbe() {
  if (source() === "files") {
    if (samples.length === 0) {
      throw new Error("choose a file first");
    }
    return samples.map(itemOf);
  }
  if (source() === "demo") {
    return (await readPerson()).map(itemOf);
  }
  const [person, encounter] = ["person", "encounter"].map(id => byId(id).value.trim());
  if (person === "" || encounter === "") {
    throw new Error("name a person and an encounter");
  }
  const path = `v1/persons/${step(person)}/encounters/${step(encounter)}`;
  const { body } = await ask(`${path}?transactionId=operator-page`);
  return body.biometricData.map(({ biometricType, biometricSubType, template, templateFormat }) =>
    ({ biometricType, biometricSubType, template, templateFormat }));
}

function query() {
  const asked = new URLSearchParams({ transactionId: "operator-page" });
  if (byId("most").value !== "") {
    asked.set("maxNbCand", byId("most").value);
  }
  if (byId("threshold").value !== "") {
    asked.set("threshold", byId("threshold").value);
  }
  if (byId("exhaustive").checked) {
    asked.set("accuracyLevel", "exhaustive");
  }
  if (byId("rotation").checked) {
    asked.set("rotation", "full");
  }
  return asked;
}

byId("search-form").addEventListener("submit", async event => {
  event.preventDefault();
  const turn = ++asked;
  byId("submit").disabled = true;
  byId("result").hidden = true;
  byId("comparison").replaceChildren();
  verdict("searching …");
  try {
    const gallery = byId("gallery").value.trim();
    const biometricData = await readProbe();
    const { body, headers } = await ask(
      `v1/identify/${step(gallery)}?${query()}`,
      { method: "POST", body: JSON.stringify({ filter: {}, biometricData }) });
    if (turn === asked) {
      probe = { gallery, biometricData };
      showCandidates(body, headers);
    }
  } catch (error) {
    verdict(error.message, "bad");
  } finally {
    byId("submit").disabled = false;
  }
});

function verdict(text, kind = "") {
  byId("verdict").textContent = text;
  byId("verdict").className = kind;
}

function showCandidates(candidates, headers) {
  const [searched, held] = (headers.get("MatchCluster-Identities") ?? "0/0").split("/").map(Number);
  const complete = headers.get("MatchCluster-Complete") === "true";
  const penetration = Number(headers.get("MatchCluster-Penetration"));
  const turns = headers.get("MatchCluster-Turns");
  const found = candidates.length === 0 ? "No candidate" : candidates.length === 1 ? "1 candidate"
    : `${count(candidates.length)} candidates`;
  const comparable = Number(headers.get("MatchCluster-Comparable"));
  const cut = headers.get("MatchCluster-Cut") === "true"
    ? ` of at least ${count(Number(headers.get("MatchCluster-Above-Threshold")))} above the threshold` : "";
  verdict(`${found}${cut} · ${complete ? `complete search of ${count(held)} identities, ${count(comparable)} comparable`
    : `PARTIAL: searched ${count(searched)} of ${count(held)} identities`}`
    + ` in ${figure(Number(headers.get("MatchCluster-Elapsed-Ms")))} ms`
    + ` · threshold ${headers.get("MatchCluster-Threshold")}`
    + ` (FPIR ${chance(Number(headers.get("MatchCluster-Fpir")))})`
    + (turns ? ` · fingers and eyes turned by ${turns} degrees` : "")
    + (penetration < 1 ? ` · first stage passed ${figure(100 * penetration)} %` : ""), complete && !cut ? "good" : "warn");
  byId("result").hidden = candidates.length === 0;
  byId("candidates").tBodies[0].replaceChildren(...candidates.map(row));
}

/** A cell that says its column where a narrow screen shows each row as a card. */
const cell = (name, text, kind) => element("td", { class: kind, "data-name": name }, text);

/** Where every gallery was searched, those in which an encounter is. */
function galleriesOf(candidate, encounter) {
  const names = candidate.scores.find(one => one.encounterId === encounter)?.galleries;
  return probe.gallery !== "ALL" || !names ? []
    : [" in ", ...names.flatMap((name, i) => [i === 0 ? "" : ", ", identifier(name)])];
}

function row(candidate) {
  const encounters = [...new Set(candidate.scores.map(one => one.encounterId).filter(Boolean))];
  const line = element("tr", {},
    cell("Rank", String(candidate.rank)), cell("Person", identifier(candidate.personId), "name"),
    cell("Score", candidate.score.toFixed(2), "n"), cell("FPIR", chance(candidate.others.fpir), "n"),
    element("td", { "data-name": "Compare" }, ...encounters.map(encounter => {
      const button = element("button",
        {
          type: "button",
          "aria-label": `Compare with ${spelled(candidate.personId)}, encounter ${spelled(encounter)}`,
        }, identifier(encounter));
      button.addEventListener("click", () => compare(line, candidate, encounter));
      return element("span", {}, button, ...galleriesOf(candidate, encounter));
    })),
    element("td", { "data-name": "Samples" }, element("ul", { class: "scores" }, ...candidate.scores.map(one =>
      element("li", {}, `${(one.biometricSubType ?? "?").toLowerCase().replaceAll("_", " ")} `,
        element("b", {}, one.score.toFixed(1)), one.others?.turned ? ` turned ${one.others.turned}°` : "",
        one.others?.swapped ? " swapped" : "", one.others?.disagrees ? " disagrees" : "")))));
  return line;
}

async function compare(line, candidate, encounter) {
  byId("candidates").querySelectorAll("tr.chosen").forEach(one => one.classList.remove("chosen"));
  line.classList.add("chosen");
  try {
    const path = [probe.gallery, candidate.personId, encounter].map(step).join("/");
    const { body } = await ask(
      `mc/v1/explain/${path}`, { method: "POST", body: JSON.stringify({ biometricData: probe.biometricData }) });
    showComparison(byId("comparison"), body);
    byId("comparison").focus({ preventScroll: true });
    byId("comparison").scrollIntoView({ block: "nearest" });
  } catch (error) {
    byId("comparison").replaceChildren(element("p", { class: "bad" }, error.message));
  }
}

showSource();
