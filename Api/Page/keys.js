// The keys that stored samples are encrypted with, for administrators: which there are, and new ones. No key is shown.

import { ask, button, byId, cell, element, fillTable, identifier, mayHave, spelled, step } from "./elements.js";

const when = time => time.slice(0, 16).replace("T", " ");

function said(text, kind = "") {
  byId("keys-said").textContent = text;
  byId("keys-said").className = kind;
}

/** Reads the keys again; the part is shown where that is allowed. */
async function look() {
  if (!mayHave("mc.admin")) {
    byId("keys").hidden = true;
    return;
  }
  try {
    show((await ask("mc/v1/keys", { isQuiet: true })).body);
    byId("keys").hidden = false;
  } catch {
    byId("keys").hidden = true;
  }
}

function show({ masterKey, keys }) {
  byId("master-key").textContent = masterKey
    ? `The master key ${spelled(masterKey)} wraps them.` : "Samples are stored in the clear: there is no master key.";
  byId("master-again").disabled = !masterKey;
  fillTable("key-table", keys.map(keyRow), masterKey ? "no gallery has a key yet" : "there are no keys");
}

function keyRow(key) {
  return element("tr", {},
    cell("Gallery", identifier(key.galleryId)), cell("Number", String(key.number)),
    cell("Made (UTC)", when(key.created)),
    cell("State", element("span", { class: key.state === "current" ? "good" : "" }, key.state)),
    cell("Actions", key.state === "current"
      ? button("Rotate", `Rotate the key of ${spelled(key.galleryId)}`, () => confirmed(
        `A new key of ${spelled(key.galleryId)} is made, and its records are encrypted with it in the background.`,
        `mc/v1/galleries/${step(key.galleryId)}/key`, "A new key is made."))
      : "–"));
}

/** Says what a rotation does, and does it when that is confirmed. */
function confirmed(what, path, done) {
  byId("keys-detail").replaceChildren(element("p", {}, what), element("p", {},
    button("Do it", `Do it: ${what}`, () => send(path, done)), " ",
    button("Leave it", "Leave it as it is", () => byId("keys-detail").replaceChildren())));
  byId("keys-detail").focus({ preventScroll: true });
  byId("keys-detail").scrollIntoView({ block: "nearest" });
}

async function send(path, done) {
  try {
    await ask(path, { method: "POST", isQuiet: true });
    byId("keys-detail").replaceChildren();
    said(done, "good");
    await look();
  } catch (error) {
    said(error.message, "bad");
  }
}

document.addEventListener("token", look);
byId("keys-again").addEventListener("click", look);
byId("master-again").addEventListener("click", () => confirmed(
  "The master key is read again, and wraps every key. Put the new one in its place before.", "mc/v1/keys/master",
  "The master key of now wraps every key."));
