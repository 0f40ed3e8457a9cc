// Sends a file as soon as it is chosen and shows how far it is.  Without scripts the button 上传 does the same.
const MB = 1024 * 1024;

const LOOK_AGAIN_MS = 2500;
const LOOKS = 24;
let looks = 0;

const swap = (html, hash) => {
  const main = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  if (!main) { location.reload(); return; }
  document.querySelector("main").replaceWith(main);
  (document.querySelector(".problem-summary") ?? document.querySelector(hash))?.focus();
  looks = 0;
  lookAgain();
};

// While files are being checked the table is asked for again, never under the hands of somebody who is using it.
const isBusy = () => Boolean(
  document.querySelector("main progress") || document.querySelector("main")?.contains(document.activeElement?.closest("a, button, input")),
);
const lookAgain = () => {
  if (!document.querySelector("[data-checking]") || looks++ >= LOOKS) return;
  setTimeout(async () => {
    if (isBusy() || document.hidden) { lookAgain(); return; }
    const answer = await fetch(location.pathname).catch(() => null);
    const main = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    const table = main && main.querySelector(".materials");
    const before = document.querySelector(".materials");
    if (!isBusy() && table && before && table.textContent !== before.textContent) {
      const focused = document.activeElement?.id;
      document.querySelector("main").replaceWith(main);
      if (focused) document.getElementById(focused)?.focus();
    }
    lookAgain();
  }, LOOK_AGAIN_MS);
};

// What a refusal says, with the way to sign in where that is missing.  The files stay chosen.
const tell = (state, page) => {
  const way = page.querySelector("a[data-way]");
  const said = page.querySelector("main .lead")?.textContent;
  if (!way) { state.textContent = `${said ?? "没有上传成功。"}文件没有传上去，仍在这里。`; return; }
  const link = Object.assign(document.createElement("a"), { href: way.href, target: "_blank", rel: "noopener", textContent: "重新登录（在新窗口打开）" });
  state.replaceChildren("登录已结束，文件还没有传上去，仍在这里。请先", link, "，再回到本页点「上传」。");
};

// Signing in again changes the token of every form on the page; the refusal carries the new one.
const takeToken = (page) => {
  const token = page.querySelector("main form input[name=csrfmiddlewaretoken]")?.value;
  if (!token || page.querySelector("a[data-way]")) return false;
  const inputs = [...document.querySelectorAll("input[name=csrfmiddlewaretoken]")];
  const isNew = inputs.some((one) => one.value !== token);
  inputs.forEach((one) => { one.value = token; });
  return isNew;
};

// What one row sends: its own files, with the token and the key of the form that all rows share.
const dataOf = (input) => {
  const data = new FormData();
  [...input.form.elements].filter((one) => one.type === "hidden" || (one.type === "checkbox" && one.checked))
    .forEach((one) => data.append(one.name, one.value));
  [...input.files].forEach((file) => data.append(input.name, file));
  return data;
};

const send = (row, again = false) => {
  if (row.querySelector("progress")) return; // on its way already
  const input = row.querySelector("input[type=file]");
  const { form } = input;
  const state = row.querySelector("[data-upload-state]");
  const [limit, total, most] = [form.dataset.limit, form.dataset.total, form.dataset.files].map(Number);
  const files = [...input.files];
  const large = files.find((file) => file.size > limit);
  if (large) {
    state.textContent = `“${large.name}”有 ${(large.size / MB).toFixed(1)} MB，超过 ${limit / MB} MB。请压缩后，或分成几份再上传。`;
    return;
  }
  if (files.length > most || files.reduce((sum, file) => sum + file.size, 0) > total - MB / 4) {
    state.textContent = `一次最多上传 ${most} 个文件，一共不超过 ${total / MB} MB。请分几次上传。`;
    return;
  }
  const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
  bar.setAttribute("aria-label", "上传进度");
  row.append(bar);
  state.textContent = "正在上传";
  const request = new XMLHttpRequest();
  const failed = () => { bar.remove(); state.textContent = "没有上传成功，可能是网络断开。文件仍在这里，请再点一次「上传」。"; };
  request.upload.addEventListener("progress", (event) => { bar.value = (event.loaded / event.total) * 100; });
  request.upload.addEventListener("load", () => { bar.removeAttribute("value"); state.textContent = "已收到，正在检查能不能用"; });
  request.addEventListener("load", () => {
    if (request.status === 200 || request.status === 422) swap(request.responseText, `#${CSS.escape(row.dataset.upload)}`);
    else if (request.status === 413) { bar.remove(); state.textContent = "文件太大，没有保存。请压缩后，或分几次上传。"; }
    else {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      bar.remove();
      if (request.status === 403 && takeToken(page) && !again) send(row, true);
      else tell(state, page);
    }
  });
  request.addEventListener("error", failed);
  request.open("POST", form.action);
  request.send(dataOf(input));
};

document.addEventListener("change", (event) => {
  const row = event.target.closest("[data-upload]");
  if (row && event.target.type === "file" && event.target.files.length) send(row);
});
document.addEventListener("submit", (event) => {
  const row = event.submitter?.closest("[data-upload]");
  const input = row?.querySelector("input[type=file]");
  if (!input) return;
  event.preventDefault();
  if (input.files.length) send(row);
  else input.click(); // whatever was chosen is sent already: the button asks for the next file
});
lookAgain();
