// The human check without a question: signed work from the server, done with the browser's own PBKDF2, which runs
// beside the page, so that typing never waits for it.  When anything is missing the question stays.
const FRESH_FOR = 25 * 60 * 1000; // the server takes a proof for thirty minutes
const WORDS = {
  idle: "安全确认由浏览器自动完成，不用您操作。",
  working: "正在自动完成安全确认，您可以继续填写。",
  waiting: "正在完成安全确认，完成后会自动提交，请稍候。",
  done: "安全确认已完成。",
};

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (two) => Number.parseInt(two, 16));
const hexOf = (buffer) => [...new Uint8Array(buffer)].map((one) => one.toString(16).padStart(2, "0")).join("");

// One try after the other: the password of a try is the nonce and its number as four bytes.
const solve = async ({ nonce, salt, cost, keyLength, keyPrefix }, tries) => {
  const head = bytes(nonce);
  const password = new Uint8Array(head.length + 4);
  password.set(head);
  const number = new DataView(password.buffer, head.length);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  for (let counter = 0; counter < tries; counter += 1) {
    number.setUint32(0, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hexOf(await crypto.subtle.deriveBits(how, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
  }
  throw new Error("not solved");
};

const work = async (address) => {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error(answer.status);
  const { parameters, signature, tries } = await answer.json();
  const solution = await solve(parameters, tries);
  return btoa(JSON.stringify({ challenge: { parameters, signature }, solution }));
};

const enhance = (box) => {
  const form = box.closest("form");
  const auto = box.querySelector("[data-human-auto]");
  const state = box.querySelector("[data-human-state]");
  const question = box.querySelector("[data-human-question]");
  const proof = form.elements.check_work;
  let asked = false;
  let running = null;
  let doneAt = 0;

  const say = (name) => { auto.dataset.state = name; if (state.textContent !== WORDS[name]) state.textContent = WORDS[name]; };
  const ask = (focus) => {
    asked = true;
    proof.value = "";
    question.hidden = false;
    auto.hidden = true;
    if (focus) question.querySelector("input").focus();
  };
  const isFresh = () => proof.value && Date.now() - doneAt < FRESH_FOR;
  const start = (name) => {
    if (asked || isFresh()) return Promise.resolve();
    say(name);
    running ??= work(box.dataset.human)
      .then((value) => { if (!asked) { proof.value = value; doneAt = Date.now(); say("done"); } })
      .catch(() => ask(true))
      .finally(() => { running = null; });
    return running;
  };

  // Whoever answered, and was wrong, stays on this way.
  if ("humanAnswering" in box.dataset) { asked = true; return; }
  question.hidden = true;
  auto.hidden = false;
  say("idle");
  box.querySelector("[data-human-ask]").addEventListener("click", () => ask(true));
  document.querySelector('#problems [href="#id_check_answer"]')?.addEventListener("click", () => ask(true));
  form.addEventListener("focusin", () => start("working"));
  form.addEventListener("submit", (event) => {
    if (asked || isFresh()) return;
    event.preventDefault();
    if (auto.dataset.state === "waiting") return;
    const { submitter } = event;
    start("waiting").then(() => { if (!asked) form.requestSubmit(submitter); });
  });
  addEventListener("pageshow", (event) => { if (event.persisted && !asked) { proof.value = ""; say("idle"); } });
};

if (globalThis.crypto?.subtle) document.querySelectorAll("[data-human]").forEach(enhance);
