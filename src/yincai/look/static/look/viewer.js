// The officer's documents: zoom, turn, and keys.  Without scripts every page is a picture and a link to it.
const viewer = document.querySelector("[data-viewer]");

if (viewer) {
  const documents = [...viewer.querySelectorAll(".document")];
  const dialog = document.querySelector("[data-viewer-help]");
  const KEYS_OFF = "yincai-keys-off";
  const keysOff = dialog?.querySelector("[data-keys-off]");
  let zoom = 0;
  let current = -1;

  const setZoom = (to) => {
    viewer.classList.remove(`zoom-${zoom}`);
    zoom = Math.min(3, Math.max(0, to));
    if (zoom) viewer.classList.add(`zoom-${zoom}`);
  };
  const turn = () => {
    const one = documents[Math.max(current, 0)];
    if (!one) return;
    const turned = (Number(one.dataset.turn || 0) + 1) % 4;
    one.classList.remove("turn-1", "turn-2", "turn-3");
    one.classList.toggle("turned", turned % 2 === 1);
    if (turned) one.classList.add(`turn-${turned}`);
    one.dataset.turn = turned;
  };
  const show = (to) => {
    if (!documents.length) return;
    documents[current]?.classList.remove("document-current");
    current = Math.min(documents.length - 1, Math.max(0, to));
    documents[current].classList.add("document-current");
    documents[current].scrollIntoView({ block: "start" });
    documents[current].focus({ preventScroll: true });
    // the one that comes next is fetched now: this case is open, so its looks are on record anyhow
    for (const image of documents[current + 1]?.querySelectorAll("img") ?? []) image.loading = "eager";
  };
  const decide = (number) => {
    const form = document.querySelectorAll(".decide-form:not(.decide-within)")[number - 1];
    const target = form?.querySelector("textarea, input:not([type=hidden]), button");
    target?.scrollIntoView({ block: "center" });
    target?.focus();
  };
  const acts = {
    j: () => show(current + 1), k: () => show(current - 1),
    "+": () => setZoom(zoom + 1), "=": () => setZoom(zoom + 1), "-": () => setZoom(zoom - 1), 0: () => setZoom(0),
    r: turn, n: () => document.querySelector("[data-next]")?.click(),
    c: () => document.querySelector("[data-claim]")?.click(), l: () => document.querySelector(".breadcrumb a")?.click(),
    d: () => { const data = document.querySelector("[data-answers]"); data?.scrollIntoView({ block: "start" }); data?.focus({ preventScroll: true }); },
    ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => [number, () => decide(number)])), "?": () => dialog?.showModal(),
  };

  for (const tools of document.querySelectorAll("[data-viewer-tools]")) {
    tools.hidden = false;
    tools.addEventListener("click", (event) => acts[event.target.closest("[data-key]")?.dataset.key]?.());
  }
  if (keysOff) {
    keysOff.checked = localStorage.getItem(KEYS_OFF) === "1";
    keysOff.addEventListener("change", () => localStorage.setItem(KEYS_OFF, keysOff.checked ? "1" : "0"));
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keysOff?.checked || dialog?.open) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const act = acts[event.key];
    if (act) { event.preventDefault(); act(); }
  });
}
