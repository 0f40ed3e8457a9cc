// Draws the part of a page that tells of work in progress anew until the work is done; what is typed stays.
const part = () => document.querySelector("[data-working]");

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (answer.redirected || !answer.ok) return;
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-working]");
    if (!drawn) return;
    part().replaceWith(document.adoptNode(drawn));
  } catch {
    // the network is away: the next look may find it
  }
  if (part().dataset.working === "yes") setTimeout(look, 2000);
}

if (part()?.dataset.working === "yes") setTimeout(look, 1000);
