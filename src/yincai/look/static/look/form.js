// Small comforts of a form: a live count under long texts, single lines that grow, and a filter over long lists.  A
// form that is drawn anew says `drawn`; all are then made again, with the words that stood in the filter.
const LONG_LIST = 20;

const count = (area) => {
  const line = document.getElementById(`${area.id}-count`);
  const limit = Number(area.dataset.count);
  if (!line || !limit) return;
  const length = [...area.value].length;
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
};
document.addEventListener("input", (event) => {
  if (event.target.matches("textarea[data-count]")) count(event.target);
  if (event.target.matches("textarea[data-one-line]")) grow(event.target);
});
document.addEventListener("drawn", (event) => enhance(event.target));
enhance(document);
