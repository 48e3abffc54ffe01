// People of the demo to try a search with: synthetic, each captured a second time. The same files can be downloaded.

import { ask, byId, element } from "./elements.js";
import { words } from "./templates.js";

let list = null;

const urlOf = place => `page/people/${byId("demo-person").value}/${place.position}`;

/** The chosen person's samples, as if their files had been chosen. */
export async function readPerson() {
  const chosen = (await people()).places.slice(0, Number(byId("demo-places").value));
  return Promise.all(chosen.map(async place => {
    const answer = await fetch(urlOf(place));
    if (!answer.ok) {
      throw new Error(`${answer.status}: ${words(place.position)} could not be read`);
    }
    return { name: place.position, bytes: new Uint8Array(await answer.arrayBuffer()), ...place };
  }));
}

async function people() {
  list ??= (await ask("page/people")).body;
  return list;
}

function showFiles() {
  byId("demo-files").replaceChildren(...list.places.map(place =>
    element("li", {}, element("a", { href: urlOf(place), download: true }, words(place.position)))));
}

async function show() {
  if (document.querySelector("input[name=source]:checked").value !== "demo") {
    return;
  }
  try {
    await people();
  } catch (error) {
    byId("demo-note").textContent = error.message;
    return;
  }
  const held = [...byId("galleries").options].some(option => option.value === list.gallery);
  byId("demo-note").textContent = "Synthetic people: nobody of them exists."
    + (held ? "" : ` This server has no gallery “${list.gallery}”; one that is started with --demo has them enrolled.`);
  if (held) {
    byId("gallery").value = list.gallery;
  }
  if (byId("demo-person").options.length === 0) {
    byId("demo-person").append(...list.people.map(one => element("option", { value: one.index },
      one.isEnrolled ? one.personId : `${one.personId} (not enrolled)`)));
    byId("demo-person").addEventListener("change", showFiles);
  }
  showFiles();
}

document.querySelectorAll("input[name=source]").forEach(radio => radio.addEventListener("change", show));
