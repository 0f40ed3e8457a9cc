// Saves a section while it is typed.  Without scripts the buttons do the same; this only makes it sooner.
// `_revision` is the revision whose values the page shows.  The server names it with each answer: while another
// device's changes are stored but not drawn here, it stays the old one.  `_save` counts the saves of the page, so
// that one which arrives late writes over nothing; `_before` is the page that was still saving when it was left.
const QUIET_MS = 900;
const RETRY_MS = 5000;
const PATIENCE_MS = 20000;
const KEEPALIVE_BYTES = 60000; // what a browser still sends for a page that is gone, less a little
const form = document.querySelector("form[data-autosave]");

if (form) {
  let line = form.querySelector("[data-save-state]");
  let timer = 0;
  let flight = null; // the save on its way: one at a time, so that an older one never arrives after a newer one
  let unsaved = false;
  let composing = false;
  let leaving = false;
  let unanswered = false; // the last save has no answer: it may have arrived, or still arrive

  const own = form.elements;
  const LEFT = `page left: ${location.pathname}`;
  own._before.value = sessionStorage.getItem(LEFT) ?? "";
  sessionStorage.removeItem(LEFT);

  const say = (state, text) => { line.dataset.state = state; line.textContent = text; };
  const later = (delay) => { clearTimeout(timer); timer = setTimeout(save, delay); };
  const count = (overtakes) => {
    own._save.value = Number(own._save.value) + 1;
    own._overtakes.value = overtakes ? "1" : "";
  };
  const busy = () => unsaved || composing || leaving;

  // Gives what has the place of `one` once the form is drawn anew.  A button or a link is known by what it says, the
  // tools of an editor, which come later, by the box under it.
  const placeOf = (one) => {
    if (!form.contains(one)) return () => null;
    if (one.id) return () => form.querySelector(`#${CSS.escape(one.id)}`);
    const box = one.closest("[data-rich]")?.querySelector("textarea");
    if (box) return () => form.elements[box.name];
    const alike = () => [...form.querySelectorAll(one.tagName)].filter((other) =>
      ["name", "value", "href", "textContent"].every((each) => one[each] === other[each]));
    const at = alike().indexOf(one);
    return () => alike()[at];
  };

  // An answer made a field appear, or another device changed something: the form is drawn anew from what is stored.
  async function redraw(address) {
    const answer = await fetch(address);
    const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form[data-autosave]");
    if (!fresh || busy()) return;
    const { selectionStart, selectionEnd } = document.activeElement ?? {};
    const focused = placeOf(document.activeElement);
    const before = own._before.value;
    form.replaceChildren(...fresh.childNodes);
    own._before.value = before;
    line = form.querySelector("[data-save-state]");
    form.dispatchEvent(new Event("drawn", { bubbles: true }));
    const again = focused();
    if (!again) return;
    again.focus();
    if (selectionStart != null && again.selectionStart != null) again.setSelectionRange(selectionStart, selectionEnd);
  }

  async function send() {
    unsaved = false;
    say("saving", "正在保存");
    count(unanswered);
    unanswered = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, redirect: "error",
        signal: AbortSignal.timeout?.(PATIENCE_MS),
      });
      if (answer.status >= 500) throw new Error(answer.status);
      unanswered = false;
      const body = await answer.json().catch(() => ({}));
      if (!answer.ok) { say("failed", body.message ?? "没有保存上。请点「保存」，再按页面上的提示办理。"); return; }
      if (body.revision === undefined) throw new Error("not our answer");
      own._revision.value = body.revision;
      say("saved", body.message);
      if (body.redraw && !busy()) await redraw(body.address).catch(() => {}); // what is stored stays stored; a later save asks again
    } catch {
      unsaved = true;
      say("failed", "暂时没有保存上，会自动再试；也可以点「保存」。");
      if (!leaving) later(RETRY_MS);
    }
  }

  async function save() {
    if (flight || leaving) return;
    flight = send();
    await flight;
    flight = null;
    if (unsaved && line.dataset.state !== "failed") later(QUIET_MS);
  }

  const typed = (event) => {
    if (event.target.matches("[data-not-saved]")) return;
    unsaved = true;
    if (!flight) leaving = false; // the way to the next page was stopped
    if (!composing) later(QUIET_MS);
  };
  form.addEventListener("compositionstart", () => { composing = true; clearTimeout(timer); });
  form.addEventListener("compositionend", (event) => { composing = false; typed(event); });
  form.addEventListener("input", typed);

  form.addEventListener("submit", async (event) => {
    if (leaving) { if (flight) event.preventDefault(); return; }
    leaving = true;
    clearTimeout(timer);
    say("saving", "正在保存");
    if (!flight) { unsaved = false; count(unanswered); return; }
    event.preventDefault();
    await flight;
    flight = null;
    unsaved = false;
    say("saving", "正在保存");
    count(unanswered);
    form.requestSubmit(event.submitter);
  });
  addEventListener("pageshow", () => { // shown again by the back button
    leaving = false;
    if (unsaved) later(QUIET_MS);
  });
  addEventListener("pagehide", () => { // what is on its way may be cut off, or come after this
    if (leaving || !(unsaved || flight)) return;
    count(Boolean(flight) || unanswered);
    sessionStorage.setItem(LEFT, own._page.value);
    fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, keepalive: true }).catch(() => {});
  });
  const tooLong = () => new Blob([...new FormData(form)].flat()).size > KEEPALIVE_BYTES;
  addEventListener("beforeunload", (event) => {
    if (line.dataset.state === "failed" || (!leaving && (unsaved || flight) && tooLong())) event.preventDefault();
  });
}
