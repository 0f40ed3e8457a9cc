// Saves a section while it is typed.  Without scripts the buttons do the same; this only makes it sooner.
const QUIET_MS = 900;
const RETRY_MS = 5000;
const form = document.querySelector("form[data-autosave]");

if (form) {
  let line = form.querySelector("[data-save-state]");
  let revision = form.querySelector("input[name=_revision]");
  let timer = 0;
  let saving = false;
  let again = false;
  let unsaved = false;

  const say = (state, text) => { line.dataset.state = state; line.textContent = text; };
  const later = (delay) => { clearTimeout(timer); timer = setTimeout(save, delay); };

  // An answer made a field appear, or another device changed something: the form is drawn anew from what is stored.
  async function redraw() {
    const answer = await fetch(form.action);
    const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form[data-autosave]");
    if (!fresh || unsaved) return;
    const focused = document.activeElement?.id;
    form.replaceChildren(...fresh.childNodes);
    line = form.querySelector("[data-save-state]");
    revision = form.querySelector("input[name=_revision]");
    if (focused) document.getElementById(focused)?.focus();
  }

  async function save() {
    if (saving) { again = true; return; }
    saving = true;
    unsaved = false;
    say("saving", "正在保存");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, redirect: "error",
      });
      const body = await answer.json();
      if (answer.ok) { revision.value = body.revision; say("saved", body.message); } else { say("failed", body.message); }
      if (answer.ok && body.redraw && !again && !unsaved) await redraw();
    } catch {
      unsaved = true;
      say("failed", "暂时没有保存上，会自动再试；也可以点「保存」。");
      later(RETRY_MS);
    } finally {
      saving = false;
      if (again) { again = false; save(); }
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-not-saved]")) return;
    unsaved = true;
    later(QUIET_MS);
  });
  form.addEventListener("submit", () => { clearTimeout(timer); unsaved = false; say("saving", "正在保存"); });
  addEventListener("pagehide", () => {
    if (!unsaved) return;
    fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, keepalive: true });
  });
  addEventListener("beforeunload", (event) => { if (line.dataset.state === "failed") event.preventDefault(); });
}
