// Comforts of a form: a live count and an editor for long texts, single lines that grow, and a filter over long
// lists.  A form that is drawn anew says `drawn`; all are then made again, with the words that stood in the filter.
const LONG_LIST = 20;
// The three tests below are those of the server (engine/forms: MARKUP, INVISIBLE, count_characters).
const MARKUP = /^\s*<(?:p|h3|h4|ul|ol|blockquote|table)(?:\s[^<>]*)?>/im;
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

const charactersOf = (value) => {
  const text = MARKUP.test(value) ? new DOMParser().parseFromString(value, "text/html").body.textContent : value;
  return [...text.replace(INVISIBLE, "").normalize("NFC").replace(/\s+/g, "")].length;
};

const count = (area) => {
  const line = area.closest(".field").querySelector(".count-state");
  const limit = Number(area.dataset.count);
  if (!line || !limit) return;
  const length = charactersOf(area.value);
  line.textContent = length > limit ? `已写 ${length} 字，超出 ${length - limit} 字` : `已写 ${length} 字，最多 ${limit} 字`;
  line.classList.toggle("count-over", length > limit);
};

const filtered = new Map();

// An address is one line that may grow to three.  The server folds line breaks anyway; here they are not even taken,
// and Enter sends the form as it does in any single line.
const grow = (area) => {
  if (/[\r\n]/.test(area.value)) area.value = area.value.replace(/\s*[\r\n]+\s*/g, "");
  if (CSS.supports("field-sizing", "content")) return;
  area.rows = 1;
  while (area.rows < 3 && area.scrollHeight > area.clientHeight) area.rows += 1;
};
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("textarea[data-one-line]")) return;
  event.preventDefault();
  event.target.form?.requestSubmit();
});

// The editor is heavy, so it comes after everything else; until then, and if it never comes, the text box is there.
const addEditor = async (holder) => {
  if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
  const rich = await import(holder.dataset.rich);
  await rich.enhance(holder, (text) => MARKUP.test(text));
};

const addFilter = (select) => {
  const all = [...select.options];
  const label = document.querySelector(`label[for="${select.id}"]`);
  if (all.length < LONG_LIST || !label) return;
  const name = label.firstChild.textContent.trim();
  const box = Object.assign(document.createElement("input"), {
    type: "search", className: "input filter", id: `${select.id}-filter`, placeholder: "输入文字筛选", autocomplete: "off",
  });
  box.dataset.notSaved = "";
  box.setAttribute("aria-label", `筛选${name}`);
  const state = Object.assign(document.createElement("p"), { className: "hint filter-state" });
  state.setAttribute("role", "status");

  const narrow = () => {
    const words = box.value.trim().toLowerCase();
    const chosen = select.value;
    const fitting = all.filter((one) => !one.value || one.text.toLowerCase().includes(words));
    const kept = all.find((one) => one.value && one.value === chosen);
    if (kept && !fitting.includes(kept)) fitting.splice(1, 0, kept);
    select.replaceChildren(...(words ? fitting : all));
    select.value = chosen;
    const found = all.filter((one) => one.value && one.text.toLowerCase().includes(words)).length;
    state.textContent = words ? (found ? `找到 ${found} 项，请在列表中选择` : "没有找到，请换几个字") : "";
  };

  box.addEventListener("input", () => { filtered.set(select.id, box.value); narrow(); });
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); select.focus(); } });
  const both = Object.assign(document.createElement("div"), { className: "filtered" });
  select.replaceWith(both);
  both.append(box, select);
  both.after(state);
  box.value = filtered.get(select.id) ?? "";
  if (box.value) narrow();
};

const enhance = (part) => {
  part.querySelectorAll("textarea[data-count]").forEach(count);
  part.querySelectorAll("textarea[data-one-line]").forEach(grow);
  part.querySelectorAll("select[data-filter]").forEach(addFilter);
  part.querySelectorAll("[data-rich]").forEach((holder) => addEditor(holder).catch(() => {}));
};
document.addEventListener("input", (event) => {
  if (event.target.matches("textarea[data-count]")) count(event.target);
  if (event.target.matches("textarea[data-one-line]")) grow(event.target);
});
document.addEventListener("drawn", (event) => enhance(event.target));
enhance(document);
