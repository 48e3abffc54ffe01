import { ask, byId, bytes, count, drawn, element, figure, identifier, milliseconds } from "./elements.js";

const EVERY_MS = 1000;
const STATS_EVERY = 3;
const LEFT = 48;
const HEIGHT = 140;
const FOOT = 18;
const HEAD = 14;

/** Looks that a rate covers: a scan counts when it ends, and may be longer than the time between two looks. */
const LOOKS = 10;

let looks = [];

/** A chart is as wide as its place, so that its letters are as large as any. */
let width = 640;
let work = new Map();
let turn = 0;

function tile(id, text, bad = false) {
  const at = byId(`tile-${id}`);
  at.textContent = text;
  at.classList.toggle("bad", bad);
}

function showLive(live) {
  tile("searches", figure(live.searchesPerSecond));
  tile("p50", milliseconds(live.p50Ms));
  tile("p95", milliseconds(live.p95Ms));
  tile("p99", milliseconds(live.p99Ms));
  tile("inside", `${count(live.searches.inside)} · ${milliseconds(live.searches.expectedMs)}`,
    live.refusedPerSecond > 0);
  tile("refused", figure(live.refusedPerSecond), live.refusedPerSecond > 0);
  tile("partial", figure(live.partialPerSecond), live.partialPerSecond > 0);
  tile("writes", figure(live.writesPerSecond));
  chartRate(live.seconds);
  chartLatency(live.seconds);
  takeRates(live.partitions);
}

/** Totals since the server's start, so a rate is the difference of two looks. */
function takeRates(partitions) {
  looks.push({ at: performance.now(), partitions: new Map(partitions.map(one => [one.partition, one])) });
  looks = looks.slice(-LOOKS - 1);
  const [first, last] = [looks[0], looks.at(-1)];
  const seconds = (last.at - first.at) / 1000;
  work = new Map();
  for (const [number, now] of last.partitions) {
    const before = first.partitions.get(number);
    if (seconds > 0 && before !== undefined && now.comparisons >= before.comparisons) {
      work.set(number, {
        comparisons: (now.comparisons - before.comparisons) / seconds,
        scanning: Math.min(1, (now.scanSeconds - before.scanSeconds) / seconds),
      });
    }
  }
}

const x = (index, of) => LEFT + index * (width - LEFT - 6) / of;

function axis(top, label) {
  return [
    drawn("line", { class: "grid", x1: LEFT, x2: width, y1: HEAD, y2: HEAD }),
    drawn("line", { class: "grid", x1: LEFT, x2: width, y1: HEIGHT - FOOT, y2: HEIGHT - FOOT }),
    drawn("text", { x: LEFT - 4, y: HEAD + 4, "text-anchor": "end" }, label(top)),
    drawn("text", { x: LEFT - 4, y: HEIGHT - FOOT + 4, "text-anchor": "end" }, "0"),
    drawn("text", { x: LEFT, y: HEIGHT - 4 }, "60 s ago"),
    drawn("text", { x: width, y: HEIGHT - 4, "text-anchor": "end" }, "now"),
  ];
}

/** The next of 1, 2, 5, 10, ... so that the scale does not jump with every second. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 0.001)));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value) ?? 10 * power;
}

function measure(id) {
  width = Math.max(200, byId(id).clientWidth);
}

function draw(id, ...parts) {
  byId(id).setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  byId(id).replaceChildren(...parts);
}

function chartRate(seconds) {
  measure("chart-rate");
  const top = ceiling(Math.max(1, ...seconds.map(one => one.searches + one.refused)));
  const scale = (HEIGHT - FOOT - HEAD) / top;
  const bar = Math.max(1, (width - LEFT - 6) / seconds.length - 2);
  const bars = seconds.flatMap((one, index) => {
    let foot = HEIGHT - FOOT;
    return [["complete", one.searches - one.partial], ["partial", one.partial], ["refused", one.refused]]
      .filter(([, value]) => value > 0)
      .map(([kind, value]) => {
        foot -= value * scale;
        return drawn("rect", { class: kind, x: x(index, seconds.length), y: foot, width: bar, height: value * scale });
      });
  });
  draw("chart-rate", ...axis(top, figure), ...bars);
}

function chartLatency(seconds) {
  measure("chart-latency");
  const top = ceiling(Math.max(0.5, ...seconds.map(one => one.p95Ms ?? 0)));
  const height = value => HEIGHT - FOOT - value * (HEIGHT - FOOT - HEAD) / top;
  const lines = ["p95", "p50"].flatMap(kind => {
    const parts = [];
    let part = [];
    seconds.forEach((one, index) => {
      const value = one[`${kind}Ms`];
      if (value === null || value === undefined) {
        part = [];
        return;
      }
      if (part.length === 0) {
        parts.push(part);
      }
      part.push([x(index + 0.5, seconds.length), height(value)]);
    });
    return parts.map(points => points.length === 1
      ? drawn("circle", { class: kind, cx: points[0][0], cy: points[0][1], r: 2 })
      : drawn("polyline", { class: `line ${kind}`, points: points.map(point => point.join(",")).join(" ") }));
  });
  draw("chart-latency", ...axis(top, milliseconds), ...lines);
}

function showStats(stats) {
  const ready = stats.partitions.every(one => one.state === "ready");
  say(stats.state, ready ? "good" : stats.partitions.some(one => one.state === "failed") ? "bad" : "warn");
  byId("engine").textContent = `${stats.engine} · calibration ${stats.calibration}`
    + (stats.members ? ` · ${stats.members.length} members` : "");
  const queued = stats.partitions.reduce((sum, one) => sum + one.queuedBatches, 0);
  tile("queued", count(queued), queued > stats.partitions.length);

  byId("totals").replaceChildren(...[
    ["identities", count(stats.identities)], ["encounters", count(stats.encounters)],
    ["finger rows", count(stats.fingerRows)], ["iris rows", count(stats.irisRows)],
    ["rows in memory", bytes(stats.rowBytes)], ["store", bytes(stats.storeBytes)],
  ].map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));

  const galleries = stats.galleries ?? [];
  rows("gallery-table", galleries.map(one => [identifier(one.gallery), n(count(one.encounters))]),
    stats.galleries ? "nobody is enrolled" : "not known while a partition cannot say");
  byId("galleries").replaceChildren(...galleries.map(one => element("option", { value: one.gallery })));
  if (byId("gallery").value === "" && galleries.length > 0 && document.activeElement !== byId("gallery")) {
    byId("gallery").value = galleries.reduce((most, one) => one.encounters > most.encounters ? one : most).gallery;
  }

  rows("partition-table", stats.partitions.map(one => {
    const rate = work.get(one.partition);
    return [
      n(one.partition), one.silo ?? "this process", state(one), n(count(one.identities)), n(count(one.fingerRows)),
      n(count(one.irisRows)), n(bytes(one.rowBytes)), n(rate ? count(rate.comparisons) : "–"),
      n(rate ? `${Math.round(100 * rate.scanning)} %` : "–"), n(count(one.queuedBatches)), n(one.epoch),
    ];
  }), "no partition");
}

function state(one) {
  const text = one.state === "loading" ? `loading, ${count(one.loaded)} of ${count(one.toLoad)}`
    : one.reason ? `${one.state}: ${one.reason}` : one.state.toLowerCase();
  return element("span", { class: one.state === "ready" ? "good" : one.state === "failed" ? "bad" : "warn" }, text);
}

const n = value => ({ number: String(value) });

function rows(table, lines, empty) {
  const body = byId(table).tBodies[0];
  const columns = byId(table).tHead.rows[0].cells.length;
  body.replaceChildren(...(lines.length === 0
    ? [element("tr", {}, element("td", { colspan: columns }, empty))]
    : lines.map(line => element("tr", {}, ...line.map(cell => cell.number === undefined
      ? element("td", {}, cell) : element("td", { class: "n" }, cell.number))))));
}

function say(text, kind) {
  const pill = byId("state");
  if (pill.textContent !== text) {
    pill.textContent = text;
  }
  pill.className = `pill ${kind}`;
}

async function look() {
  try {
    const [live, stats] = await Promise.all(
      [ask("mc/v1/live"), turn++ % STATS_EVERY === 0 ? ask("mc/v1/stats") : null]);
    showLive(live.body);
    if (stats) {
      showStats(stats.body);
    }
  } catch (error) {
    looks = [];
    turn = 0;
    say(error.needsToken ? `needs a token: ${error.message}` : `no answer from the server (${error.message})`, "bad");
  }
  setTimeout(look, EVERY_MS);
}

look();
