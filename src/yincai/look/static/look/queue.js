// The officers' list by keyboard.  Without scripts every row is a link and every claim a button on its page.
const list = document.querySelector("[data-queue]");

if (list) {
  const rows = [...list.querySelectorAll("[data-row]")];
  const help = document.querySelector("[data-queue-keys]");
  if (help) help.hidden = false;
  let current = -1;

  const show = (to) => {
    if (!rows.length) return;
    rows[current]?.classList.remove("row-current");
    current = Math.min(rows.length - 1, Math.max(0, to));
    rows[current].classList.add("row-current");
    rows[current].querySelector("th a").focus();
    rows[current].scrollIntoView({ block: "nearest" });
  };
  const claim = () => {
    const link = rows[current]?.querySelector("th a");
    if (!link) return;
    const form = document.createElement("form");
    const address = new URL(link.href);
    form.method = "post";
    form.action = `${address.pathname}claim/`;
    const add = (name, value) => {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      form.append(input);
    };
    add("csrfmiddlewaretoken", list.dataset.token);
    for (const [name, value] of address.searchParams) add(name, value);
    document.body.append(form);
    form.submit();
  };
  const choose = () => rows[current]?.querySelector("input[type=checkbox]")?.click();
  const acts = { j: () => show(current + 1), k: () => show(current - 1), c: claim, x: choose };

  list.addEventListener("focusin", (event) => {
    const at = rows.indexOf(event.target.closest("[data-row]"));
    if (at < 0 || at === current) return;
    rows[current]?.classList.remove("row-current");
    current = at;
    rows[at].classList.add("row-current");
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (localStorage.getItem("yincai-keys-off") === "1") return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    const act = acts[event.key];
    if (act) { event.preventDefault(); act(); }
  });
}
