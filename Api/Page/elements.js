// The few things that every part of the page does. No text is ever read as markup: names come from callers.

/** The browser has read what it saves after this. */
const SAVED_WITHIN_MS = 60000;

const SVG = "http://www.w3.org/2000/svg";

export const byId = id => document.getElementById(id);

/** An element with attributes and children; strings become text. */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function drawn(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(key, value === true ? "" : value);
    }
  }
  made.append(...children);
  return made;
}

/** A cell of a table; where tables are cards, its name stands above it. */
export const cell = (name, ...content) => element("td", { "data-name": name }, ...content);

/** Gives a table these rows, or one that says why there is none. */
export function fillTable(table, rows, empty) {
  const columns = byId(table).tHead.rows[0].cells.length;
  byId(table).tBodies[0].replaceChildren(
    ...(rows.length > 0 ? rows : [element("tr", {}, element("td", { colspan: columns }, empty))]));
}

/** A button that does something; its label begins with its text. */
export function button(text, label, act) {
  const made = element("button", { type: "button", "aria-label": label }, text);
  made.addEventListener("click", act);
  return made;
}

/** An identifier as text: characters that nobody sees are spelled out, so that none turns or hides what is beside it. */
export const spelled = id => String(id).replace(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
  found => `[U+${found.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);

/** An identifier as a step of a path. A browser resolves dots before it sends anything: they name nobody. */
export function step(id) {
  if (id === "." || id === "..") {
    throw new Error(`“${id}” is no identifier: a path cannot name it`);
  }
  return encodeURIComponent(id);
}

/** An identifier, whose direction of writing ends with it. */
export const identifier = id => element("bdi", {}, spelled(id));

export const count = value => Math.round(value).toLocaleString("en-GB");

/** About three significant digits; whole numbers from a hundred on. */
export function figure(value) {
  if (value === 0 || value >= 100 || Number.isInteger(value)) {
    return count(value);
  }
  return value >= 10 ? value.toFixed(1) : value >= 0.01 ? value.toFixed(2) : value.toExponential(1);
}

export const milliseconds = value =>
  value === null || value === undefined ? "–" : value >= 1000 ? `${figure(value / 1000)} s` : `${figure(value)} ms`;

export const bytes = value =>
  value >= 2 ** 30 ? `${figure(value / 2 ** 30)} GiB` : value >= 2 ** 20 ? `${figure(value / 2 ** 20)} MiB`
    : `${figure(value / 2 ** 10)} KiB`;

/** The least that the server claims of an error rate. */
const LEAST_CHANCE = 1e-9;

/** An error rate, short. */
export const chance = value =>
  value <= LEAST_CHANCE ? "at most 1e-9" : value >= 0.001 ? value.toFixed(3) : value.toExponential(1);

/** An access token, for servers that ask who calls: kept in memory alone, so that it is gone with the page. */
let token = "";

byId("token-form").addEventListener("submit", event => {
  event.preventDefault();
  token = byId("token").value.trim();
  byId("token").value = "";
  byId("token-form").hidden = true;
  document.dispatchEvent(new Event("token"));
});

/**
 * Whether the token names a scope; without a token, or with one that is no JWT, only the server knows. What a caller may
 * not do is not asked for: each refusal would be a row of the audit log.
 */
export function mayHave(scope) {
  const [, claims] = token.split(".");
  try {
    const said = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
    return (said.scope ?? "").split(" ").includes(scope);
  } catch {
    return true;
  }
}

const credentials = () => token === "" ? {} : { authorization: `Bearer ${token}` };

/**
 * The answer's JSON, or an error with what the server said in its own words. A quiet question asks for no other token
 * where this one is not enough; an answer of lines is a list of the JSON of each; some answers have no body.
 */
export async function ask(path, { isQuiet = false, isLines = false, hasNoAnswer = false, ...options } = {}) {
  const response = await fetch(path, { ...options, headers: { "content-type": "application/json", ...credentials() } });
  const text = await response.text();
  if (hasNoAnswer && response.ok) {
    return { body: null, headers: response.headers };
  }
  if (response.status === 404 && text === "") {
    throw new Error("404: nothing of that name here");
  }
  let body = null;
  try {
    body = isLines && response.ok ? text.split("\n").filter(line => line !== "").map(line => JSON.parse(line))
      : JSON.parse(text);
  } catch {
    throw new Error(`${response.status}: the answer is not JSON`);
  }
  if (!isQuiet && (response.status === 401 || response.status === 403)) {
    byId("token-form").hidden = false;
    throw Object.assign(new Error(body.message ?? body.detail), { needsToken: true });
  }
  if (!response.ok) {
    throw new Error(`${response.status}: ${body.message ?? body.detail ?? response.statusText}`);
  }
  return { body, headers: response.headers };
}

async function expectSuccess(response) {
  if (!response.ok) {
    const body = await response.json().catch(() => null);
    throw Object.assign(
      new Error(`${response.status}: ${body?.detail ?? response.statusText}`), { status: response.status });
  }
}

/** Saves an answer as a file: a link alone cannot say who asks. */
export async function save(path, name) {
  const response = await fetch(path, { headers: credentials() });
  await expectSuccess(response);
  const address = URL.createObjectURL(await response.blob());
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), SAVED_WITHIN_MS);
}

/**
 * Follows a stream of server-sent events after the last one that is known, until the server ends it. The browser's own
 * EventSource cannot say who asks.
 */
export async function follow(path, last, tell) {
  const response = await fetch(path, { headers: { ...credentials(), "last-event-id": String(last) } });
  await expectSuccess(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const events = (rest + part.value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const data = event.split("\n").filter(line => line.startsWith("data:")).map(line => line.slice(5).trim());
      if (data.length > 0) {
        tell(data.join("\n"));
      }
    }
  }
}
