/* Fresh: reads a page again while somebody is at it, and puts the marked parts in place. Promises: a
   part that the keyboard is in waits; what could not be read again turns grey and keeps the time at
   which it was read; nobody at the page, nothing is asked, so that a forgotten session ends as it
   should. Must not know: what the parts show. */

const EVERY = 4000; // ms
const ATTENDED = 300000; // ms since the last hand on it

let touched = performance.now();
for (const event of ["pointermove", "keydown", "scroll"])
  addEventListener(event, () => (touched = performance.now()), { passive: true });

async function renew() {
  const attended = !document.hidden && performance.now() - touched < ATTENDED;
  let read = false;
  if (attended) read = await again().catch(() => false);
  document.body.classList.toggle("is-stale", !read);
  setTimeout(renew, EVERY);
}

async function again() {
  const answer = await fetch(location.pathname, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const parts = [...page.querySelectorAll("[data-fresh]")];
  for (const part of parts) {
    const shown = document.querySelector(`[data-fresh="${part.dataset.fresh}"]`);
    if (!shown || shown.contains(document.activeElement)) continue;
    if (shown.innerHTML !== part.innerHTML) shown.replaceChildren(...part.childNodes);
  }
  return answer.ok && parts.length > 0;
}

setTimeout(renew, EVERY);
