// The queue of cases: probe and candidate side by side, one key for each verdict, nobody's verdict before the own.

import { ask, byId, chance, count, element, figure, identifier, step } from "./elements.js";
import { showComparison } from "./comparison.js";
import { chosenItems } from "./samples.js";

const PAGE = 50;

/** Characters of a case's name that tell it from others in a list. */
const SHORT = 8;

/** Encounters of a candidate that are drawn. */
const MOST_ENCOUNTERS = 5;
const ORDINALS = ["", "First", "Second", "Third", "Fourth", "Fifth"];
const VERDICTS = { s: "SAME", d: "DIFFERENT", i: "INCONCLUSIVE" };

/** What waits for whoever looks: one entry for each candidate. */
let queue = [];
let at = -1;
let shown = null;
let verdict = null;
let turn = 0;

byId("cases-open").addEventListener("click", () => open());
byId("case-probe").addEventListener("click", () => show(at));
byId("case-decide").addEventListener("submit", event => {
  event.preventDefault();
  record();
});
byId("case-cancel").addEventListener("click", cancel);
for (const [key, word] of Object.entries(VERDICTS)) {
  byId(`case-${key}`).addEventListener("click", () => choose(word));
}

/** Keys act while nothing is typed in: one for each thing that a reviewer does. */
byId("case-desk").addEventListener("keydown", event => {
  if (event.key === "Escape" && verdict !== null) {
    cancel();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) {
    return;
  }
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") {
    event.preventDefault();
    show(Math.min(Math.max(at + (key === "j" ? 1 : -1), 0), queue.length - 1));
  } else if (VERDICTS[key] !== undefined && shown !== null) {
    event.preventDefault();
    choose(VERDICTS[key]);
  }
});

async function open() {
  const mine = ++turn;
  say("reading the queue …");
  try {
    const found = [];
    let [others, after] = [0, null];
    do {
      const asked = new URLSearchParams({ state: "open", limit: PAGE, ...after ? { after } : {} });
      const { body } = await ask(`mc/v1/cases?${asked}`);
      for (const one of body.cases) {
        found.push(...one.forYou.map(rank => ({ ...one, rank })));
        others += one.forYou.length === 0 ? 1 : 0;
      }
      after = body.next;
    } while (after && found.length < PAGE);
    if (mine !== turn) {
      return;
    }
    queue = found;
    byId("case-desk").hidden = false;
    say(`${waiting(queue.length)}${after ? " or more" : ""}`
      + (others > 0 ? ` · ${count(others)} open for other people` : ""));
    show(queue.length > 0 ? 0 : -1);
    byId("case-desk").focus({ preventScroll: true });
  } catch (error) {
    say(error.message, "bad");
  }
}

const waiting = many => many === 0 ? "Nothing waits for you" : many === 1 ? "1 candidate waits for you"
  : `${count(many)} candidates wait for you`;

function say(text, kind = "") {
  byId("cases-note").textContent = text;
  byId("cases-note").className = kind;
}

function list() {
  byId("case-queue").replaceChildren(...queue.map((one, index) => {
    const button = element("button", { type: "button", "aria-current": index === at ? "true" : null },
      element("b", {}, one.id.slice(0, SHORT)), ` candidate ${one.rank} `,
      element("span", { class: "quiet" },
        identifier(one.gallery), ` · ${one.purpose ?? "no purpose"} · ${since(one.opened)} ago`));
    button.addEventListener("click", () => show(index));
    return element("li", {}, button);
  }));
  byId("case-queue").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}

function since(text) {
  const minutes = (Date.now() - Date.parse(text)) / 60000;
  return minutes < 1 ? "under a minute" : minutes < 90 ? `${Math.round(minutes)} min`
    : minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}

/** The probe of a case beside a candidate; what others decided is not asked for and not shown. */
async function show(index) {
  const mine = ++turn;
  at = index;
  shown = null;
  cancel();
  list();
  verdicts(false);
  byId("case-probe").hidden = true;
  const target = byId("case-comparison");
  if (index < 0 || index >= queue.length) {
    byId("case-title").textContent = "";
    byId("case-facts").replaceChildren();
    target.replaceChildren();
    return;
  }
  const entry = queue[index];
  target.replaceChildren(element("p", {}, "comparing …"));
  try {
    const { body } = await ask(`mc/v1/cases/${step(entry.id)}`);
    const candidate = body.candidates.find(one => one.rank === entry.rank);
    if (mine !== turn) {
      return;
    }
    describe(body, candidate);
    const again = body.probe === "SEND_AGAIN" ? { biometricData: chosenItems() } : {};
    const parts = [];
    for (const { encounterId } of candidate.encounters.slice(0, MOST_ENCOUNTERS)) {
      const { body: answer } = await ask(`mc/v1/cases/${step(entry.id)}/comparisons`, {
        method: "POST", body: JSON.stringify({ rank: entry.rank, encounterId, ...again }),
      });
      const part = element("div");
      await showComparison(part, answer, { gallery: entry.gallery, biometricData: again.biometricData ?? [] });
      parts.push(part);
    }
    if (mine !== turn) {
      return;
    }
    target.replaceChildren(...parts);
    shown = { entry, again };
    verdicts(candidate.forYou);
  } catch (error) {
    if (mine === turn) {
      target.replaceChildren(element("p", { class: "bad" }, error.message));
    }
  }
}

function describe(found, candidate) {
  const needed = `${ORDINALS[candidate.needed] ?? `${candidate.needed}th`} decision needed`;
  byId("case-title").textContent = `${needed}: candidate ${candidate.rank} of case ${found.id}`;
  byId("case-facts").replaceChildren(...[
    ["gallery ", identifier(found.gallery)], [`purpose ${found.purpose ?? "none"}`],
    ["searched by ", identifier(found.partner)], ["person ", identifier(candidate.personId)],
    [`score ${candidate.score.toFixed(2)} (FMR ${chance(10 ** (-candidate.score / 10))})`],
    [`threshold ${figure(found.threshold)}`],
    [`until ${new Date(found.expires).toISOString().slice(0, 10)}`],
  ].map(parts => element("li", {}, ...parts)));
  const isSentAgain = found.probe === "SEND_AGAIN";
  byId("case-probe").hidden = !isSentAgain;
  byId("case-blind").textContent = (candidate.needed === 1
    ? "Nobody has decided yet. Two persons who agree settle it."
    : "What others decided is not shown before you have.")
    + (isSentAgain ? " The probe is not kept: choose the files of the search under Search." : "");
}

function verdicts(on) {
  for (const key of Object.keys(VERDICTS)) {
    byId(`case-${key}`).disabled = !on;
  }
}

function choose(word) {
  if (shown === null || byId("case-s").disabled) {
    return;
  }
  verdict = word;
  byId("case-decide").hidden = false;
  byId("case-confirm").textContent = `Record ${word}`;
  byId("case-reason-label").textContent = `Why ${word}?`;
  byId("case-reason").focus();
}

function cancel() {
  const wasOpen = verdict !== null;
  verdict = null;
  byId("case-decide").hidden = true;
  byId("case-reason").value = "";
  if (wasOpen) {
    byId("case-desk").focus({ preventScroll: true });
  }
}

async function record() {
  if (shown === null || verdict === null) {
    return;
  }
  const { entry, again } = shown;
  byId("case-confirm").disabled = true;
  try {
    const { body } = await ask(`mc/v1/cases/${step(entry.id)}/decisions`, {
      method: "POST",
      body: JSON.stringify({ rank: entry.rank, decision: verdict, reason: byId("case-reason").value.trim(), ...again }),
    });
    const state = body.candidates.find(one => one.rank === entry.rank).state;
    queue.splice(queue.indexOf(entry), 1);
    const left = waiting(queue.length);
    say(state === "OPEN" ? `Recorded ${verdict}; another person is needed. ${left}.`
      : `Recorded ${verdict}; the candidate is ${state}. ${left}.`, state === "OPEN" ? "" : "good");
    show(Math.min(at, queue.length - 1));
  } catch (error) {
    say(error.message, "bad");
  } finally {
    byId("case-confirm").disabled = false;
  }
}
