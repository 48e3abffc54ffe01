// Work that takes time: tasks with their dead letters, jobs with their progress, alerts as they come. It is read when
// somebody asks for it, because each reading is a row of the audit log; alerts come by one stream.

import {
  ask, button, byId, cell, count, element, figure, fillTable, follow, identifier, mayHave, save, spelled,
} from "./elements.js";

const JOBS_EVERY_MS = 2000;

/** The server ends a stream of alerts after a while; it is asked again after this. */
const ALERTS_AGAIN_MS = 2000;
const TASKS = 100;

/** Alerts shown at a time; those before are at /mc/v1/alerts. */
const ALERTS = 50;

const ACTIONS = { waiting: ["pause", "cancel"], running: ["pause", "cancel"], paused: ["resume", "cancel"] };

/** What may be saved of a job: the name, the place and the kind of the file. */
const FILES = [["report", "report", "html"], ["results", "results?format=csv", "csv"]];
const KINDS = { Dead: "bad", failed: "bad", Retrying: "warn", paused: "warn", Done: "good", done: "good" };

const when = time => time.slice(0, 19).replace("T", " ");
const state = word => element("span", { class: KINDS[word] ?? "" }, word);

/** The number of the alert that came last; 0 before the first. */
let lastAlert = 0;
let isFollowing = false;
let isWaiting = false;

/** A button whose work is over when it can be pressed again; why that failed is said. */
function action(text, of, act) {
  const made = button(text, `${text}: ${of}`, async () => {
    made.disabled = true;
    try {
      await act();
    } catch (error) {
      say(error.message, "bad");
    }
    made.disabled = false;
  });
  return made;
}

function say(text, kind = "") {
  byId("work-said").className = kind;
  byId("work-said").textContent = text;
}

/** What a server or a caller cannot do is said where its table would be, and the rest is shown. */
async function part(scope, table, read) {
  if (!mayHave(scope)) {
    fillTable(table, [], `needs the scope ${scope}`);
    return;
  }
  try {
    await read();
  } catch (error) {
    fillTable(table, [], error.message);
  }
}

const isSentInVain = task => task.state === "Dead" || task.state === "Retrying";

/** The task after which the table goes on; empty where it has all of them. */
let tasksAfter = "";

/** Reads the first tasks, or those after the last one that is shown. */
async function tasks(after = "") {
  const query = new URLSearchParams({ limit: TASKS });
  if (after !== "") {
    query.set("afterTaskId", after);
  }
  if (byId("work-state").value !== "") {
    query.set("taskState", byId("work-state").value);
  }
  const page = (await ask(`mc/v1/tasks?${query}`, { isQuiet: true })).body;
  const counts = Object.entries(page.counts ?? {});
  byId("work-counts").textContent = counts.map(([word, many]) => `${word} ${count(many)}`).join(", ");
  const rows = page.tasks.map(task => element("tr", {},
    cell("Task", identifier(task.taskId)), cell("Kind", task.kind),
    cell("Partner", task.partner ? identifier(task.partner) : "–"), cell("State", state(task.state), task.reason ? ` ${task.reason}` : ""),
    cell("Sent in vain", count(task.attempts)), cell("Next (UTC)", when(task.due)),
    cell("Accepted (UTC)", when(task.created)),
    cell("Action", isSentInVain(task) && mayHave("abis.task.update")
      ? action("Send again", task.taskId, async () => {
        await ask(`v1/tasks/${task.taskId}/redeliver?transactionId=page`, { method: "POST", hasNoAnswer: true });
        await part("abis.task.read", "task-table", () => tasks());
      }) : "–")));
  if (after === "") {
    fillTable("task-table", rows, "no task");
  } else {
    byId("task-table").tBodies[0].append(...rows);
  }
  tasksAfter = rows.length === TASKS ? page.tasks.at(-1).taskId : "";
  byId("work-more").hidden = tasksAfter === "";
}

function progress(job) {
  if (job.lines) {
    const done = job.lines.done / job.lines.total;
    return element("span", { class: "so-far" },
      element("progress", { max: 1, value: done, "aria-label": `${Math.round(100 * done)} % of the lines` }),
      ` ${count(job.lines.done)} of ${count(job.lines.total)} lines`);
  }

  const share = job.pairsTotal > 0 ? Math.min(1, job.pairs / job.pairsTotal) : 0;
  return element("span", { class: "so-far" },
    element("progress", { max: 1, value: share, "aria-label": `${Math.round(100 * share)} % of the pairs` }),
    ` ${count(job.pairs)} of ${count(job.pairsTotal)} pairs`);
}

async function jobs() {
  const listed = (await ask("mc/v1/jobs", { isQuiet: true })).body.jobs;
  fillTable("job-table", listed.map(job => element("tr", {},
    cell("Job", identifier(job.jobId)), cell("Kind", job.kind), cell("Gallery", identifier(job.galleryId)),
    cell("State", state(job.state), job.reason ? ` ${job.reason}` : ""), cell("Progress", progress(job)),
    cell("Pairs/s", job.lines ? `${figure(job.lines.perSecond)} lines` : figure(job.pairsPerSecond)),
    cell("Time left", job.secondsLeft === undefined || job.secondsLeft === null ? "–" : `${figure(job.secondsLeft)} s`),
    cell("Found", count(job.lines ? job.lines.withCandidates : job.pairsFound)),
    cell("Action", ...(ACTIONS[job.state] ?? []).map(act =>
      action(act, job.jobId, async () => {
        await ask(`mc/v1/jobs/${job.jobId}/${act}`, { method: "POST" });
        await part("mc.jobs", "job-table", jobs);
      })), ...FILES.map(([name, path, kind]) =>
      action(name, job.jobId, () => save(`mc/v1/jobs/${job.jobId}/${path}`, `job-${job.jobId}.${kind}`))))), "no job"));

  // Only what moves is looked at again.
  if (!isWaiting && listed.some(job => job.state === "running" || job.state === "waiting")) {
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      part("mc.jobs", "job-table", jobs);
    }, JOBS_EVERY_MS);
  }
}

function alertRow(alert) {
  const seen = cell("Seen", "");
  const mark = action("Seen", `alert ${alert.number}`, async () => {
    await ask(`mc/v1/alerts/${alert.alertId}/seen`, { method: "POST", hasNoAnswer: true });
    seen.replaceChildren("yes");
  });
  seen.replaceChildren(alert.seen ? "yes" : mark);
  return element("tr", {},
    cell("No.", count(alert.number)), cell("At (UTC)", when(alert.at)), cell("Kind", alert.kind),
    cell("Gallery", identifier(alert.galleryId)), cell("Person", alert.personId ? identifier(alert.personId) : "–"),
    cell("Reference", alert.reference ? spelled(alert.reference) : "–"),
    cell("Score", alert.score === undefined || alert.score === null ? "–" : figure(alert.score)), seen);
}

/** Shows an alert above the older ones. */
function come(alert) {
  const body = byId("alert-table").tBodies[0];
  if (lastAlert === 0) {
    body.replaceChildren();
  }
  lastAlert = alert.number;
  body.prepend(alertRow(alert));
  while (body.rows.length > ALERTS) {
    body.lastElementChild.remove();
  }
}

/** Says how the stream is: in the place of alerts while there is none, else beside those that are shown. */
function sayOfAlerts(text) {
  byId("alert-said").textContent = lastAlert === 0 ? "" : text;
  if (lastAlert === 0) {
    fillTable("alert-table", [], text || "no alert");
  }
}

/** Follows alerts as long as the page is open; a stream that ends is asked for again where that may help. */
async function alerts() {
  if (isFollowing) {
    return;
  }
  isFollowing = true;
  for (let goesOn = true; goesOn;) {
    sayOfAlerts("");
    try {
      await follow("mc/v1/alerts/stream", lastAlert, event => come(JSON.parse(event)));
    } catch (error) {
      goesOn = error.status === undefined || error.status === 429 || error.status >= 500;
      sayOfAlerts(goesOn ? `${error.message}; asked for again` : error.message);
    }
    await new Promise(done => setTimeout(done, ALERTS_AGAIN_MS));
  }
  isFollowing = false;
}

function show() {
  byId("work-parts").hidden = false;
  say("");
  part("abis.task.read", "task-table", () => tasks());
  part("mc.jobs", "job-table", jobs);
  part("mc.subscriptions", "alert-table", alerts);
}

byId("work-open").addEventListener("click", show);
byId("work-state").addEventListener("change", () => part("abis.task.read", "task-table", () => tasks()));
byId("work-more").addEventListener("click", async () => {
  try {
    await tasks(tasksAfter);
  } catch (error) {
    say(error.message, "bad");
  }
});
byId("work-again").addEventListener("click", async () => {
  try {
    const sent = (await ask("mc/v1/tasks/redeliver", { method: "POST" })).body.redelivered;
    say(`${count(sent)} dead letters are sent again`);
    await part("abis.task.read", "task-table", () => tasks());
  } catch (error) {
    say(error.message, "bad");
  }
});
