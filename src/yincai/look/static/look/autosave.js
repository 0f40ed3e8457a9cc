// Saves a section while it is typed.  Without scripts the buttons do the same; this only makes it sooner.
"use strict";
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const state = form.querySelector("[data-save-state]");
  const revision = form.querySelector("input[name=_revision]");
  const QUIET_MS = 900;
  let timer = 0;
  let saving = false;
  let again = false;

  const save = async () => {
    if (saving) { again = true; return; }
    saving = true;
    state.textContent = "正在保存…";
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, redirect: "error",
      });
      const body = await answer.json();
      state.textContent = body.message;
      if (answer.ok) revision.value = body.revision;
    } catch {
      state.textContent = "暂时没有保存上,网络恢复后会再试;也可以点「保存」。";
      timer = setTimeout(save, 5000);
    } finally {
      saving = false;
      if (again) { again = false; save(); }
    }
  };

  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, QUIET_MS); });
  form.addEventListener("submit", () => clearTimeout(timer));
})();
