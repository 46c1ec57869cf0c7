// Opens sealed letters on the officer's own machine. The key stays in this window (sessionStorage) and is never sent.
// The format inside a letter is written down in callbox/trust/tips/envelope.py.
import { Decrypter } from "../vendor/age/age.min.js";

const box = document.getElementById("key");
const state = document.getElementById("key-state");
const forget = document.getElementById("key-forget");
const KEPT = `callbox-tip-key-${box.dataset.reader}`;
// The next officer who signs in in this window finds nobody else's key.
for (const name of Object.keys(sessionStorage)) if (name.startsWith("callbox-tip-key") && name !== KEPT) sessionStorage.removeItem(name);

const input = document.getElementById("key-file");
input.addEventListener("change", chosen);
if (input.files.length) chosen();  // chosen before this program had come
async function chosen() {
  const file = input.files[0];
  const found = file && (await file.text()).match(/AGE-SECRET-KEY-1[0-9A-Z]+/);
  if (!found) { state.textContent = box.dataset.wrong; return; }
  sessionStorage.setItem(KEPT, found[0]);
  openAll(found[0]);
}
forget.addEventListener("click", () => { sessionStorage.removeItem(KEPT); location.reload(); });
if (sessionStorage.getItem(KEPT)) openAll(sessionStorage.getItem(KEPT));

async function openAll(key) {
  forget.hidden = false;
  let first = null;  // when the first letter was written; a later one would make every figure look better than it is
  for (const letter of document.querySelectorAll(".letter")) {
    const text = letter.querySelector(".letter-text");
    try {
      const inside = await unsealed(letter.dataset.sealed, key);
      text.textContent = inside.text;
      text.classList.remove("quiet");
      fill(letter, "about", inside.about);
      fill(letter, "place", inside.place);
      if (letter === document.querySelector(".letter")) first = inside.at;
      state.textContent = box.dataset.outcome;
    } catch {
      text.textContent = box.dataset.missing;
    }
  }
  if (first) {
    const minutes = Math.max(0, Math.round((Date.now() - Date.parse(first)) / 60000));
    for (const field of document.querySelectorAll("input[name=minutes]")) field.value = minutes;
  }
}

async function unsealed(sealed, key) {
  const opener = new Decrypter();
  opener.addIdentity(key);
  const plain = await opener.decrypt(Uint8Array.from(atob(sealed), (sign) => sign.charCodeAt(0)));
  const length = new DataView(plain.buffer, plain.byteOffset).getUint32(0);
  return JSON.parse(new TextDecoder().decode(plain.subarray(4, 4 + length)));
}

function fill(letter, name, value) {
  const place = letter.querySelector(`.letter-${name}`);
  place.hidden = !value;
  place.querySelector("dd").textContent = value || "";
  if (value) letter.querySelector(".letter-facts").hidden = false;
}
