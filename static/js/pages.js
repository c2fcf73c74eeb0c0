/* Pages: small comforts of the pages around the desk: a form is sent once, a secret can be copied,
   the page printed, the theme chosen. Promises: without it every page works as well. Must not know: what a page
   is about. */

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
// a page that comes back from the browser's memory may be sent again
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.setAttribute("aria-pressed", "true");
  });
}

for (const group of document.querySelectorAll("[data-themes]")) {
  const buttons = [...group.querySelectorAll("[data-theme-choice]")];
  const draw = () =>
    buttons.forEach((one) =>
      one.setAttribute("aria-pressed", String(one.dataset.themeChoice === window.theme.choice)),
    );
  for (const one of buttons) {
    one.addEventListener("click", () => {
      window.theme.choose(one.dataset.themeChoice);
      draw();
    });
  }
  group.hidden = false;
  draw();
}
