// Keeps a claimed case in hand while somebody works on its page; a page left alone lets the lease run out, and
// the session with it.
const lease = document.querySelector("[data-lease]");
const EVERY = 5 * 60 * 1000;

if (lease) {
  let active = false;
  for (const what of ["keydown", "pointerdown", "scroll"]) {
    document.addEventListener(what, () => { active = true; }, { capture: true, passive: true });
  }
  setInterval(async () => {
    if (!active || document.hidden) return;
    active = false;
    const body = new URLSearchParams({ csrfmiddlewaretoken: lease.dataset.token });
    try {
      const answer = await fetch(lease.dataset.lease, { method: "POST", body, headers: { Accept: "application/json" } });
      const said = await answer.json();
      lease.textContent = answer.ok ? `您已领取，至 ${said.until}` : said.sentence;
    } catch {
      active = true; // asked again next time
    }
  }, EVERY);
}
