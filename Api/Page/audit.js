// Rows of the audit log, for whoever has the scope: by their number, or all that concern a person.

import { ask, byId, cell, element, identifier, mayHave, spelled } from "./elements.js";

const PAGE = 50;

function row(one) {
  const refusal = one.refusal ? `${one.refusal.name} (${one.refusal.code})` : "";
  return element("tr", {},
    cell("No.", String(one.sequence)), cell("Start (UTC)", one.start.slice(0, 19).replace("T", " ")),
    cell("Caller", identifier(one.caller),
      one.subject && one.subject !== one.caller ? ` (${spelled(one.subject)})` : ""),
    cell("Purpose", one.purpose ?? "–"), cell("Operation", one.operation),
    cell("Galleries", one.galleries.length === 0 ? "–" : one.galleries.map(spelled).join(", ")),
    cell("Candidates", String(one.candidates.length)),
    cell("Answer", element("span", { class: refusal ? "bad" : "good" }, refusal || String(one.status ?? "done"))));
}

async function look(isFirst) {
  if (!mayHave("mc.audit")) {
    byId("audit").hidden = true;
    return;
  }
  const query = new URLSearchParams({ after: byId("audit-after").value || "0", limit: PAGE });
  if (byId("audit-person").value !== "") {
    query.set("person", byId("audit-person").value);
  }
  let rows;
  try {
    rows = (await ask(`mc/v1/audit?${query}`, { isQuiet: true, isLines: true })).body;
  } catch (error) {
    byId("audit").hidden = isFirst;
    byId("audit-said").textContent = error.message;
    byId("audit-said").className = "bad";
    return;
  }
  byId("audit").hidden = false;
  byId("audit-said").className = "";
  byId("audit-said").textContent = rows.length === 0 ? "no further rows" : `${rows.length} rows`;
  if (rows.length > 0) {
    byId("audit-table").tBodies[0].replaceChildren(...rows.map(row));
    byId("audit-next").value = rows.at(-1).sequence;
  }
}

byId("audit-form").addEventListener("submit", event => {
  event.preventDefault();
  look(false);
});
byId("audit-next").addEventListener("click", () => {
  byId("audit-after").value = byId("audit-next").value;
  look(false);
});
document.addEventListener("token", () => look(true));
