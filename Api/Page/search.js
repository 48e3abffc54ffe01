import { ask, byId, chance, count, element, figure, identifier, spelled, step } from "./elements.js";
import { showComparison } from "./comparison.js";
import { readPerson } from "./people.js";
import { chosenItems, itemOf } from "./samples.js";
import { words } from "./templates.js";

let probe = null;
let asked = 0;

const source = () => document.querySelector("input[name=source]:checked").value;

function showSource() {
  byId("source-files").hidden = source() !== "files";
  byId("source-encounter").hidden = source() !== "encounter";
  byId("source-demo").hidden = source() !== "demo";
}

document.querySelectorAll("input[name=source]").forEach(radio => radio.addEventListener("change", showSource));

/** The probe's samples: what was chosen, or what is stored of an encounter. */
async function readProbe() {
  if (source() === "files") {
    return chosenItems();
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
  const released = headers.get("MatchCluster-Release") ?? "full";
  const elapsed = headers.get("MatchCluster-Elapsed-Ms");
  const penetration = Number(headers.get("MatchCluster-Penetration") ?? 1);
  const loss = headers.get("MatchCluster-Loss");
  const turns = headers.get("MatchCluster-Turns");
  const found = candidates.length === 0 ? "No candidate" : released === "hit" ? "A hit (one candidate or more)"
    : candidates.length === 1 ? "1 candidate"
    : `${count(candidates.length)} candidates`;
  const comparable = Number(headers.get("MatchCluster-Comparable"));
  const above = headers.get("MatchCluster-Above-Threshold");
  const cut = headers.get("MatchCluster-Cut") !== "true" ? ""
    : above === null ? ", and more above the threshold" : ` of at least ${count(Number(above))} above the threshold`;
  verdict(`${found}${cut} · ${complete ? `complete search of ${count(held)} identities, ${count(comparable)} comparable`
    : `PARTIAL: searched ${count(searched)} of ${count(held)} identities`}`
    + (elapsed === null ? "" : ` in ${figure(Number(elapsed))} ms`)
    + (released === "full" ? "" : ` · released: ${released}`)
    + ` · threshold ${headers.get("MatchCluster-Threshold")}`
    + ` (FPIR ${chance(Number(headers.get("MatchCluster-Fpir")))})`
    + (turns ? ` · fingers and eyes turned by ${turns} degrees` : "")
    + (penetration < 1 ? ` · first stage passed ${figure(100 * penetration)} %` : "")
    + (loss ? `, loses ${figure(100 * Number(headers.get("MatchCluster-Expected-Loss")))} % of mates (at most ${
      figure(100 * Number(loss))} %)` : ""), complete && !cut ? "good" : "warn");
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
    ...(candidate.others.fpir === undefined ? [cell("Score", "not released"), cell("FPIR", "not released")]
      : [cell("Score", candidate.score.toFixed(2), "n"), cell("FPIR", chance(candidate.others.fpir), "n")]),
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
      element("li", {}, `${words(one.biometricSubType)} `,
        element("b", {}, one.score.toFixed(1)), one.others?.turned ? ` turned ${one.others.turned}°` : "",
        one.others?.swapped ? " swapped" : "", one.others?.disagrees ? " disagrees" : "")))));
  return line;
}

async function compare(line, candidate, encounter) {
  byId("candidates").querySelectorAll("tr.chosen").forEach(one => one.classList.remove("chosen"));
  line.classList.add("chosen");
  byId("comparison").replaceChildren(element("p", {}, "comparing …"));
  try {
    const path = [probe.gallery, candidate.personId, encounter].map(step).join("/");
    const { body } = await ask(
      `mc/v1/explain/${path}`, { method: "POST", body: JSON.stringify({ biometricData: probe.biometricData }) });
    await showComparison(byId("comparison"), body, probe);
    byId("comparison").focus({ preventScroll: true });
    byId("comparison").scrollIntoView({ block: "nearest" });
  } catch (error) {
    byId("comparison").replaceChildren(element("p", { class: "bad" }, error.message));
  }
}

showSource();
