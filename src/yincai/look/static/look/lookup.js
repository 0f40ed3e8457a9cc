// Completes a name from the place's directory while it is typed: a combobox with a list below (ARIA APG, list
// autocomplete with manual selection).  What is typed stays what it is unless somebody chooses a line.
const QUIET_MS = 250;
const LEAST = 2;
let count = 0;

const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

class Completion {
  constructor(holder) {
    this.holder = holder;
    this.input = holder.querySelector("input");
    this.standing = holder.querySelector(".lookup-standing");
    this.adding = holder.querySelector("[data-adding]");
    this.library = holder.dataset.library;
    this.records = [];
    this.at = -1;
    this.asked = this.input.value.trim();
    this.list = make("ul", "lookup-list");
    this.more = make("p", "lookup-more hint");
    this.told = make("p", "visually-hidden");
    this.box = make("div", "lookup-box");
    this.list.id = `lookup-${++count}`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", `${this.library}里的名称`);
    this.told.setAttribute("role", "status");
    this.more.setAttribute("aria-hidden", "true");
    this.box.hidden = true;
    this.box.append(this.list, this.more);
    this.input.after(this.box);
    this.holder.append(this.told);
    const says = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, autocomplete: "off" };
    for (const [name, value] of Object.entries(says)) this.input.setAttribute(name, value);
    this.listen();
  }

  listen() {
    this.input.addEventListener("compositionstart", () => { this.composing = true; });
    this.input.addEventListener("compositionend", () => { this.composing = false; this.later(); });
    this.input.addEventListener("input", () => { if (!this.chosen && !this.composing) this.later(); });
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.close());
    this.box.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the input
    this.list.addEventListener("click", (event) => {
      const line = event.target.closest("[role=option]");
      if (line) this.choose([...this.list.children].indexOf(line));
    });
  }

  later() {
    clearTimeout(this.timer);
    this.flight?.abort();
    const text = this.input.value.trim();
    if (text === this.asked) return;
    this.say("", false);
    this.close();
    this.asked = null; // nothing is said of this text yet, and no list belongs to it
    this.records = [];
    if (text.length < LEAST) { this.asked = text; return; }
    this.timer = setTimeout(() => this.ask(text), QUIET_MS);
  }

  async ask(text) {
    this.flight = new AbortController();
    try {
      const answer = await fetch(`${this.holder.dataset.lookup}?q=${encodeURIComponent(text)}`, { signal: this.flight.signal, headers: { Accept: "application/json" } });
      const body = await answer.json();
      if (!answer.ok) { this.say(body.message ?? "", true); return; }
      this.asked = text;
      this.say(body.words, body.known);
      this.show(body);
    } catch { /* no completion this time: the name can be typed, and looked for with the button */ }
  }

  say(words, isKnown) {
    this.standing.textContent = words;
    this.standing.classList.toggle("lookup-known", isKnown && words.startsWith("已在"));
    if (this.adding) this.adding.hidden = isKnown || !words;
  }

  show({ records, more, words }) {
    this.records = records;
    this.at = -1;
    this.list.replaceChildren(...records.map((one, number) => {
      const line = make("li", "lookup-line");
      line.id = `${this.list.id}-${number}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.append(make("span", "lookup-name", one.name), make("span", "lookup-marks", one.marks));
      return line;
    }));
    this.more.textContent = more;
    const alone = records.length === 1 && records[0].name === this.input.value.trim();
    if (records.length && !alone && document.activeElement === this.input) this.open();
    this.told.textContent = records.length && !alone ? `${this.library}里找到 ${records.length}${more ? " 条以上" : " 条"}，按向下键选择。` : words;
  }

  open() {
    this.box.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    this.box.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }

  mark(number) {
    this.at = number;
    [...this.list.children].forEach((line, place) => line.setAttribute("aria-selected", String(place === number)));
    if (number < 0) { this.input.removeAttribute("aria-activedescendant"); return; }
    this.input.setAttribute("aria-activedescendant", this.list.children[number].id);
    this.list.children[number].scrollIntoView({ block: "nearest" });
  }

  press(event) {
    if (event.isComposing) return;
    const last = this.records.length - 1;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && last >= 0) {
      event.preventDefault();
      const was = this.box.hidden ? -1 : this.at;
      this.open();
      const next = was + step;
      this.mark(was < 0 ? (step > 0 ? 0 : last) : next > last || next < 0 ? -1 : next);
    } else if (event.key === "Enter" && !this.box.hidden && this.at >= 0) {
      event.preventDefault();
      this.choose(this.at);
    } else if (event.key === "Escape" && !this.box.hidden) {
      event.preventDefault();
      this.close();
    }
  }

  choose(number) {
    const record = this.records[number];
    clearTimeout(this.timer);
    this.flight?.abort();
    this.input.value = this.asked = record.name;
    this.close();
    this.records = [];
    this.say(record.words, true);
    this.told.textContent = `已填入${record.name}，${record.words}`;
    this.chosen = true;
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.chosen = false;
  }
}

const enhance = (part) => part.querySelectorAll("[data-lookup]").forEach((holder) => new Completion(holder));
document.addEventListener("drawn", (event) => enhance(event.target));
enhance(document);
