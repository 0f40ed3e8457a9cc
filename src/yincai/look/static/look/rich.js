// Rich text in place of a plain text box.  The box stays in the form, hidden, and is what is posted; the server
// cleans it.  The editor is django-prose-editor's shipped module; toolbar, dialog and style are ours, because its
// own need a font of 128 kB, speak English and cannot be reached by keyboard.  No inline style, nothing injected.
const DEEPEST_INDENT = 4;
const LINK = /^(?:https?:\/\/|mailto:)\S+$/i;
const ATTRIBUTE = /\s(?:style|class|id|on[a-z]+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi;
const live = new Set();

// Only what would make the browser report a breach of the content policy; the editor's schema drops all the rest.
const withoutStyle = (html) => html
  .replace(/<!--[\s\S]*?-->/g, "").replace(/<(style|script|title)\b[\s\S]*?<\/\1\s*>/gi, "")
  .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(ATTRIBUTE, ""));

const indentOf = (element) => Number(/\bindent-([1-4])\b/.exec(element.className)?.[1] ?? 0);

const make = (name, properties = {}, attributes = {}) => {
  const made = Object.assign(document.createElement(name), properties);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

const extensions = (prose) => {
  const { Extension } = prose;
  const Indent = Extension.create({
    name: "indent",
    addGlobalAttributes: () => [{
      types: ["paragraph"],
      attributes: { indent: { default: 0, parseHTML: indentOf, renderHTML: ({ indent }) => (indent ? { class: `indent-${indent}` } : {}) } },
    }],
    addKeyboardShortcuts() {
      return { "Mod-]": () => shift(this.editor, 1), "Mod-[": () => shift(this.editor, -1) };
    },
  });
  return [
    prose.Document, prose.Paragraph, prose.Text, prose.HardBreak, prose.History, prose.Gapcursor, Indent,
    prose.Bold, prose.Italic, prose.Underline, prose.Blockquote, prose.Heading.configure({ levels: [3, 4] }),
    prose.BulletList, prose.OrderedList, prose.ListItem,
    prose.Link.configure({ autolink: false, linkOnPaste: false, isAllowedUri: (address) => LINK.test(address) }),
    prose.Table.configure({ resizable: false }), prose.TableRow, prose.TableHeader, prose.TableCell,
  ];
};

// One level in or out: of the list where the cursor is in one, of the paragraphs otherwise.
const shift = (editor, by) => {
  if (editor.isActive("listItem")) {
    return by > 0 ? editor.chain().focus().sinkListItem("listItem").run() : editor.chain().focus().liftListItem("listItem").run();
  }
  return editor.chain().focus().command(({ state, tr }) => {
    const { from, to } = state.selection;
    state.doc.nodesBetween(from, to, (node, position) => {
      if (node.type.name !== "paragraph") return;
      const indent = Math.min(DEEPEST_INDENT, Math.max(0, node.attrs.indent + by));
      tr.setNodeMarkup(position, undefined, { ...node.attrs, indent });
    });
    return true;
  }).run();
};

const TOOLS = [
  { label: "加粗", keys: "Control+B", active: "bold", run: (chain) => chain.toggleBold() },
  { label: "斜体", keys: "Control+I", active: "italic", run: (chain) => chain.toggleItalic() },
  { label: "下划线", keys: "Control+U", active: "underline", run: (chain) => chain.toggleUnderline() },
  { label: "项目符号", active: "bulletList", run: (chain) => chain.toggleBulletList() },
  { label: "编号", active: "orderedList", run: (chain) => chain.toggleOrderedList() },
  { label: "增加缩进", keys: "Control+]", act: (editor) => shift(editor, 1) },
  { label: "减少缩进", keys: "Control+[", act: (editor) => shift(editor, -1) },
  { label: "链接", active: "link", act: (editor) => askForLink(editor) },
  { label: "表格", can: (_can, editor) => !editor.isActive("table"), run: (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }) },
  { label: "撤销", keys: "Control+Z", can: (can) => can.undo(), run: (chain) => chain.undo() },
  { label: "重做", keys: "Control+Shift+Z", can: (can) => can.redo(), run: (chain) => chain.redo() },
];
const TABLE_TOOLS = [
  { label: "加一行", run: (chain) => chain.addRowAfter() },
  { label: "加一列", run: (chain) => chain.addColumnAfter() },
  { label: "删除行", run: (chain) => chain.deleteRow() },
  { label: "删除列", run: (chain) => chain.deleteColumn() },
  { label: "删除表格", run: (chain) => chain.deleteTable() },
];

// A toolbar as the ARIA practices describe it: one stop for Tab, arrows move inside, Escape goes back to the text.
const toolbarOf = (label, id) => {
  const bar = make("div", { className: "rich-tools" }, { role: "toolbar", "aria-label": `${label}：格式`, "aria-controls": id });
  const buttonOf = (tool) => {
    const button = make("button", { type: "button", className: "rich-tool", textContent: tool.label, tabIndex: -1 });
    if (tool.keys) { button.setAttribute("aria-keyshortcuts", tool.keys); button.title = tool.keys.replace("Control", "Ctrl"); }
    if (tool.active) button.setAttribute("aria-pressed", "false");
    return button;
  };
  const tools = [...TOOLS, ...TABLE_TOOLS];
  const buttons = tools.map(buttonOf);
  const forTables = make("div", { className: "rich-tools-more", hidden: true }, { role: "group", "aria-label": "表格" });
  forTables.append(...buttons.slice(TOOLS.length));
  bar.append(...buttons.slice(0, TOOLS.length), forTables);
  buttons[0].tabIndex = 0;
  const shown = () => (forTables.hidden ? buttons.slice(0, TOOLS.length) : buttons);
  const moveTo = (button) => {
    for (const one of buttons) one.tabIndex = one === button ? 0 : -1;
    button.focus();
  };
  const work = (editor) => {
    bar.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays in the text
    bar.addEventListener("click", (event) => {
      const tool = tools[buttons.indexOf(event.target.closest("button"))];
      if (!tool || event.target.closest("[aria-disabled=true]")) return;
      if (tool.act) tool.act(editor); else tool.run(editor.chain().focus()).run();
    });
    bar.addEventListener("keydown", (event) => {
      const at = shown().indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
      if (to !== undefined) { event.preventDefault(); moveTo(shown().at(to % shown().length)); }
      if (event.key === "Escape") editor.commands.focus();
    });
  };
  const show = (editor) => {
    forTables.hidden = !editor.isActive("table");
    tools.forEach((tool, number) => {
      if (tool.active) buttons[number].setAttribute("aria-pressed", String(editor.isActive(tool.active)));
      if (tool.can) buttons[number].setAttribute("aria-disabled", String(!tool.can(editor.can(), editor)));
    });
    if (!shown().some((one) => one.tabIndex === 0)) for (const one of buttons) one.tabIndex = one === buttons[0] ? 0 : -1;
  };
  return { bar, work, show, focus: () => buttons.find((one) => one.tabIndex === 0).focus() };
};

const askForLink = (editor) => {
  const before = editor.getAttributes("link").href ?? "";
  const dialog = make("dialog", { className: "help-dialog rich-dialog" }, { "aria-labelledby": "rich-link-title" });
  const form = make("form", { method: "dialog", noValidate: true });
  const input = make("input", { className: "input", id: "rich-link", type: "url", value: before, autocomplete: "off" });
  const problem = make("p", { className: "problem", id: "rich-link-problem", hidden: true });
  problem.append(make("span", { textContent: "链接地址要以 http://、https:// 或 mailto: 开头，中间没有空格。请修改后再点「确定」。" }));
  const actions = make("div", { className: "actions" });
  actions.append(make("button", { className: "button button-primary", textContent: "确定", value: "set" }));
  if (before) actions.append(make("button", { className: "button button-secondary", textContent: "去掉链接", value: "unset" }));
  actions.append(make("button", { className: "button button-quiet", textContent: "取消", value: "cancel" }));
  form.append(
    make("h2", { id: "rich-link-title", textContent: "链接" }),
    make("label", { htmlFor: "rich-link", textContent: "链接地址" }), problem, input, actions,
  );
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "set" || LINK.test(input.value.trim())) return;
    event.preventDefault();
    problem.hidden = false;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", problem.id);
    input.focus();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    const chain = editor.chain().focus();
    if (dialog.returnValue === "unset") chain.extendMarkRange("link").unsetLink();
    if (dialog.returnValue === "set") {
      const href = input.value.trim();
      if (before || !editor.state.selection.empty) chain.extendMarkRange("link").setLink({ href });
      else chain.insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] });
    }
    chain.run();
  });
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
};

const describe = (area, label, id) => {
  const described = [area.getAttribute("aria-describedby"), document.getElementById(`${id}-count`) && `${id}-count`];
  const attributes = { id, class: "rich-text input", role: "textbox", "aria-multiline": "true", "aria-labelledby": label.id };
  if (described.some(Boolean)) attributes["aria-describedby"] = described.filter(Boolean).join(" ");
  for (const name of ["aria-required", "aria-invalid"]) {
    if (area.hasAttribute(name)) attributes[name] = area.getAttribute(name);
  }
  return attributes;
};

// Plain lines as a document.
const paragraphs = (text) => ({
  type: "doc",
  content: text.split("\n").map((line) => ({ type: "paragraph", content: line ? [{ type: "text", text: line }] : [] })),
});

// How far from the edges the browser keeps what it scrolls to; the save bar stands in the lower one.
const keptFree = () => {
  const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement);
  return { top: parseFloat(scrollPaddingTop) || 0, bottom: parseFloat(scrollPaddingBottom) || 0, left: 5, right: 5 };
};

const isComposing = (area) => area.matches("[data-composing]");

/** Put an editor in the place of the text box in `holder`; `isMarkup` tells what its text is. */
export async function enhance(holder, isMarkup) {
  const area = holder.querySelector("textarea");
  const label = document.querySelector(`label[for="${area.id}"]`);
  area.addEventListener("compositionstart", () => { area.dataset.composing = ""; });
  area.addEventListener("compositionend", () => { delete area.dataset.composing; });
  const prose = await import(holder.dataset.editor);
  if (isComposing(area)) await new Promise((done) => area.addEventListener("compositionend", () => setTimeout(done), { once: true }));
  if (!area.isConnected) return; // drawn anew meanwhile
  for (const one of live) if (!one.view.dom.isConnected) { one.destroy(); live.delete(one); }

  const id = area.id;
  label.id ||= `${id}-label`;
  const bar = toolbarOf(label.firstChild.textContent.trim(), id);
  const inside = document.activeElement === area;
  const before = area.value.slice(0, area.selectionStart);
  const marked = isMarkup(area.value);
  area.id = `${id}-posted`;

  const editor = new prose.Editor({
    element: { mount: holder.insertBefore(make("div", { className: "rich-mount" }), area) },
    extensions: extensions(prose),
    content: marked ? area.value : paragraphs(area.value),
    injectCSS: false, enableInputRules: false, enablePasteRules: false,
    editorProps: {
      attributes: describe(area, label, id),
      // The editor scrolls to the caret by itself, later than the browser, and would leave it under the save bar.
      scrollThreshold: keptFree(),
      scrollMargin: keptFree(),
      transformPastedHTML: withoutStyle,
      handleDOMEvents: {
        // Tab leaves, always: it must be no trap.  Indenting has buttons and keys of its own.
        keydown: (_view, event) => {
          if (event.altKey && event.key === "F10") { event.preventDefault(); bar.focus(); return true; }
          return event.key === "Tab";
        },
        // who comes by Tab sees where they are: the browser does not scroll to a text that the save bar covers
        keyup: (view, event) => { if (event.key === "Tab") view.dom.scrollIntoView({ block: "nearest" }); return false; },
      },
    },
    onUpdate: ({ editor: changed }) => {
      area.value = changed.isEmpty ? "" : changed.getHTML();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    },
    onTransaction: ({ editor: changed }) => bar.show(changed),
  });
  live.add(editor);
  holder.prepend(bar.bar);
  bar.work(editor);
  bar.show(editor);
  area.hidden = true;
  label.addEventListener("click", () => editor.commands.focus());
  if (inside) editor.commands.focus(marked ? "end" : 1 + before.length + before.split("\n").length - 1);
}
