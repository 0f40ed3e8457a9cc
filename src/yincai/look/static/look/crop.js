// Frames a one-inch photo by dragging, keys and wheel.  Without scripts every button posts and the page is drawn anew.
const form = document.querySelector("form[data-crop]");
const RATIO = 413 / 295;
const LEAST = 148;

if (form) {
  const box = form.querySelector("[data-frame-box]");
  const whole = form.querySelector("[data-whole]");
  const [, , W, H] = whole.getAttribute("viewBox").split(" ").map(Number);
  const inputs = ["left", "top", "width"].map((name) => form.elements[name]);
  const most = Math.min(W, Math.floor(H / RATIO));
  const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
  let [left, top, width] = inputs.map((one) => Number(one.value));

  const draw = () => {
    width = Math.round(clamp(width, Math.min(LEAST, most), most));
    const height = Math.floor(width * RATIO);
    left = Math.round(clamp(left, 0, W - width));
    top = Math.round(clamp(top, 0, H - height));
    [left, top, width].forEach((value, at) => { inputs[at].value = value; });
    form.querySelector("[data-shade]").setAttribute("d", `M0 0H${W}V${H}H0ZM${left} ${top}h${width}v${height}h-${width}Z`);
    const frame = form.querySelector("[data-frame]");
    Object.entries({ x: left, y: top, width, height }).forEach(([name, value]) => frame.setAttribute(name, value));
    form.querySelector("[data-result]").setAttribute("viewBox", `${left} ${top} ${width} ${height}`);
    form.querySelector("[data-coarse]").hidden = width >= 295;
  };
  const scale = (by) => {
    const before = width;
    width = clamp(width + by, Math.min(LEAST, most), most);
    left += (before - width) / 2;
    top += ((before - width) * RATIO) / 2;
  };
  const step = () => Math.max(1, width / 20);
  const moves = {
    larger: () => scale(width / 10), smaller: () => scale(-width / 10),
    left: () => { left -= step(); }, right: () => { left += step(); },
    up: () => { top -= step(); }, down: () => { top += step(); },
  };
  const keys = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", "+": "larger", "=": "larger", "-": "smaller" };

  form.addEventListener("submit", (event) => {
    const how = event.submitter?.dataset.move ?? (event.submitter?.value === "draw" ? "draw" : null);
    if (!how) return;
    event.preventDefault();
    if (how === "draw") [left, top, width] = inputs.map((one, at) => Number(one.value) || [left, top, width][at]);
    else moves[how]();
    draw();
  });
  box.addEventListener("keydown", (event) => {
    const how = keys[event.key];
    if (!how || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    moves[how]();
    draw();
  });
  box.addEventListener("wheel", (event) => { event.preventDefault(); scale(event.deltaY < 0 ? -width / 20 : width / 20); draw(); }, { passive: false });
  box.addEventListener("pointerdown", (event) => {
    const from = { x: event.clientX, y: event.clientY, left, top };
    const shown = Math.min(whole.clientWidth / W, whole.clientHeight / H);
    const drag = (now) => {
      left = from.left + (now.clientX - from.x) / shown;
      top = from.top + (now.clientY - from.y) / shown;
      draw();
    };
    const drop = () => { box.removeEventListener("pointermove", drag); };
    box.setPointerCapture(event.pointerId);
    box.addEventListener("pointermove", drag);
    box.addEventListener("pointerup", drop, { once: true });
    box.addEventListener("pointercancel", drop, { once: true });
  });
}
