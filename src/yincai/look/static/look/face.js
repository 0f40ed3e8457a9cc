// A face check under way: counts down, asks every two seconds and goes on once it is approved; every other end is
// shown by the page itself.
const EVERY = 2000;
const box = document.querySelector("[data-face-check]");

const countDown = () => {
  const ends = Date.now() + Number(box.dataset.left) * 1000;
  const shown = box.querySelector("[data-face-left]");
  setInterval(() => {
    shown.textContent = Math.max(0, Math.round((ends - Date.now()) / 1000));
  }, 1000);
};

const watch = async () => {
  const said = box.querySelector("[data-face-said]");
  try {
    const answer = await fetch(box.dataset.faceCheck, { credentials: "same-origin", cache: "no-store" });
    const { state, sentence } = await answer.json();
    if (state === "approved") return box.querySelector("[data-face-finish]").requestSubmit();
    if (state !== "waiting" && state !== "scanned" && state !== "away") return location.reload();
    if (said.textContent !== sentence) said.textContent = sentence;
  } catch {
    said.textContent = "网络暂时不通，正在重试。";
  }
  setTimeout(watch, EVERY);
};

if (box) {
  countDown();
  setTimeout(watch, EVERY);
}
