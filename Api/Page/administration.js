// What administrators do: agreements, galleries' policies, what waits for a second signature. It is shown to whoever
// has the scope; the server decides everything, also who is a natural person.

import { ask, button, byId, cell, element, fillTable, identifier, mayHave, spelled, step } from "./elements.js";

const KINDS = {
  agreement: { path: "agreements", list: "agreements", of: one => one.agreement },
  policy: { path: "gallery-policies", list: "policies", of: one => one.policy },
};

const NEW_AGREEMENT = {
  id: "border-a-2027", partner: "border-a", purposes: ["test"], modalities: ["finger"], search: [], enrol: [],
  administer: [], minThreshold: 40, maxCandidates: 10, release: "hit", priorityCap: 5, validFrom: "2027-01-01",
  validTo: "2028-01-01", phase: "pilot", legalBasis: "",
};
const NEW_POLICY = { id: "gallery", owner: "border-a" };

const PROPOSED = "It is proposed; another administrator approves it.";

let held = { agreement: new Map(), policy: new Map() };

const when = time => time ? time.slice(0, 16).replace("T", " ") : "–";
const listed = names => names === undefined || names.length === 0 ? "–" : names.map(spelled).join(", ");

function said(text, kind = "") {
  byId("admin-said").textContent = text;
  byId("admin-said").className = kind;
}

/** Reads everything again; the part is shown where that is allowed. */
async function look() {
  if (!mayHave("mc.admin")) {
    byId("administration").hidden = true;
    return;
  }
  let agreements;
  try {
    agreements = (await ask("mc/v1/agreements", { isQuiet: true })).body.agreements;
  } catch {
    byId("administration").hidden = true;
    return;
  }
  const [proposals, policies] = (await Promise.all(
    ["mc/v1/proposals", "mc/v1/gallery-policies"].map(path => ask(path)))).map(answer => answer.body);
  held = {
    agreement: new Map(agreements.map(one => [one.holds.agreement.id, one.holds.agreement])),
    policy: new Map(policies.policies.map(one => [one.policy.id, one.policy])),
  };
  byId("administration").hidden = false;
  fillTable("proposal-table", [
    ...proposals.agreements.map(one => proposalRow("agreement", one)),
    ...proposals.policies.map(one => proposalRow("policy", one)),
    ...proposals.resumptions.map(resumptionRow),
  ], "nothing waits for a second administrator");
  fillTable("agreement-table", agreements.map(agreementRow), "no agreement holds");
  fillTable("policy-table", policies.policies.map(policyRow), "no gallery has a policy");
}

function proposalRow(kind, one) {
  const name = KINDS[kind].of(one).id;
  return element("tr", {},
    cell("What", `${kind} `, identifier(name)), cell("Version", String(one.version)),
    cell("Proposed by", identifier(one.proposedBy)), cell("At (UTC)", when(one.proposedAt)),
    cell("Review", button("Review", `Review version ${one.version} of ${kind} ${spelled(name)}`,
      () => review(kind, one))));
}

function resumptionRow(one) {
  return element("tr", {},
    cell("What", "end of the suspension of ", identifier(one.agreement)), cell("Version", String(one.version)),
    cell("Proposed by", identifier(one.proposedBy)), cell("At (UTC)", when(one.proposedAt)),
    cell("Review", button("Review", `Review the end of the suspension of ${spelled(one.agreement)}`, () =>
      detail(`End the suspension of ${spelled(one.agreement)}?`, element("p", {}, `Reason: ${spelled(one.reason)}`),
        approval(`agreements/${step(one.agreement)}/resumption/approval`, one, "The agreement holds again.")))));
}

function agreementRow(state) {
  const { agreement, version } = state.holds;
  const isSuspended = state.suspension?.isSuspended === true;
  return element("tr", {},
    cell("Agreement", identifier(agreement.id)), cell("Partner", identifier(agreement.partner)),
    cell("State", element("span", { class: isSuspended || agreement.phase === "suspended" ? "bad" : "good" },
      isSuspended ? "suspended" : agreement.phase)),
    cell("Purposes", listed(agreement.purposes)), cell("Searches", listed(agreement.search)),
    cell("Release", agreement.release), cell("To", when(agreement.validTo).slice(0, 10)),
    cell("Version", String(version)),
    cell("Actions",
      button("Show", `Show ${spelled(agreement.id)}`, () => showHistory("agreement", agreement.id)), " ",
      button("Change", `Change ${spelled(agreement.id)}`, () => edit("agreement", agreement)), " ",
      isSuspended
        ? button("Resume", `Resume ${spelled(agreement.id)}: propose it`, () =>
          askWhy(agreement.id, "End the suspension of", "Propose", "PUT", "resumption/proposal", PROPOSED))
        : button("Suspend", `Suspend ${spelled(agreement.id)}`, () =>
          askWhy(agreement.id, "Suspend", "Suspend at once", "POST", "suspension", "It is suspended."))));
}

function policyRow({ policy, version }) {
  return element("tr", {},
    cell("Gallery", identifier(policy.id)), cell("Owner", identifier(policy.owner)),
    cell("Kept for", policy.retentionDays ? `${policy.retentionDays} days` : "–"), cell("Version", String(version)),
    cell("Actions",
      button("Show", `Show the policy of ${spelled(policy.id)}`, () => showHistory("policy", policy.id)), " ",
      button("Change", `Change the policy of ${spelled(policy.id)}`, () => edit("policy", policy))));
}

/** Shows something under the tables, and takes the keyboard there. */
function detail(title, ...content) {
  byId("admin-detail").replaceChildren(element("h3", {}, title), ...content);
  byId("admin-detail").focus({ preventScroll: true });
  byId("admin-detail").scrollIntoView({ block: "nearest" });
}

const text = value => value === undefined ? "nothing" : spelled(JSON.stringify(value));

/** What a proposal changes, field by field, before anybody can approve it. */
function review(kind, one) {
  const content = KINDS[kind].of(one);
  const before = held[kind].get(content.id) ?? {};
  const changed = [...new Set([...Object.keys(before), ...Object.keys(content)])]
    .filter(name => name !== "version" && JSON.stringify(before[name]) !== JSON.stringify(content[name]));
  const path = `${KINDS[kind].path}/${step(content.id)}/approval`;
  detail(`Version ${one.version} of ${kind} ${spelled(content.id)}`,
    element("table", { class: "changes" },
      element("caption", {}, `What it changes; proposed by ${spelled(one.proposedBy)}`),
      element("thead", {}, element("tr", {}, ...["Field", "Holds now", "Proposed"]
        .map(name => element("th", { scope: "col" }, name)))),
      element("tbody", {}, ...changed.map(name => element("tr", {}, element("th", { scope: "row" }, name),
        element("td", {}, text(before[name])), element("td", {}, text(content[name])))))),
    approval(path, one));
}

function approval(path, one, done = `Version ${one.version} holds now.`) {
  return element("p", {}, button("Approve", `Approve version ${one.version}`, () =>
    send("POST", path, { version: one.version, sha256: one.sha256 }, done)));
}

async function showHistory(kind, id) {
  try {
    const { body } = await ask(`mc/v1/${KINDS[kind].path}/${step(id)}`);
    detail(`${kind} ${spelled(id)}`, ...body.versions.toReversed().map(one => element("details", {},
      element("summary", {}, `version ${one.version}, by ${spelled(one.proposedBy)} and ${spelled(one.approvedBy)}, `
        + when(one.approvedAt)),
      element("pre", { tabindex: 0 }, readable(KINDS[kind].of(one))))),
    ...(body.suspensions ?? []).toReversed().map(one => element("p", {},
      `${when(one.approvedAt ?? one.proposedAt)} ${one.isSuspended ? "suspended" : "resumed"} by `
        + `${spelled(one.proposedBy)}${one.approvedBy ? ` and ${spelled(one.approvedBy)}` : ""}: `
        + spelled(one.reason))));
    byId("admin-detail").querySelector("details")?.setAttribute("open", "");
  } catch (error) {
    said(error.message, "bad");
  }
}

/** JSON on lines, each of them without characters that nobody sees. */
const readable = value => JSON.stringify(value, null, 2).split("\n").map(spelled).join("\n");

function askWhy(id, title, label, method, path, done) {
  const reason = element("input", { id: "admin-reason", maxlength: 2000, required: true });
  const form = element("form", { class: "plain", autocomplete: "off" },
    element("label", { for: "admin-reason" }, "Why"), reason, element("button", { type: "submit" }, label));
  form.addEventListener("submit", event => {
    event.preventDefault();
    send(method, `agreements/${step(id)}/${path}`, { reason: reason.value }, done);
  });
  detail(`${title} ${spelled(id)}`, form);
  reason.focus();
}

function edit(kind, content) {
  byId("document-kind").value = kind;
  byId("document").value = readable(content);
  byId("document").focus();
}

byId("document-kind").addEventListener("change", () =>
  edit(byId("document-kind").value, byId("document-kind").value === "policy" ? NEW_POLICY : NEW_AGREEMENT));

byId("document-form").addEventListener("submit", event => {
  event.preventDefault();
  const { path } = KINDS[byId("document-kind").value];
  try {
    const content = JSON.parse(byId("document").value);
    send("PUT", `${path}/${step(String(content.id))}/proposal`, content, PROPOSED);
  } catch (error) {
    said(error.message, "bad");
  }
});

async function send(method, path, content, done) {
  try {
    await ask(`mc/v1/${path}`, { method, body: JSON.stringify(content), isQuiet: true });
    byId("admin-detail").replaceChildren();
    said(done, "good");
    await look();
  } catch (error) {
    said(error.message, "bad");
  }
}

document.addEventListener("token", look);
byId("admin-again").addEventListener("click", look);
byId("document").value = readable(NEW_AGREEMENT);
