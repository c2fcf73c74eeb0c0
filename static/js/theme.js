/* Theme: sets data-theme on <html> before the first paint, and keeps it in step with the
   choice of the officer (auto, light, dark, kept in this browser) and with the system. A plain
   script, because a module would run after the first paint. Offers window.theme {choice,
   choose}; tells listeners with a "theme" event. Must not know: colours (css/tokens.css). */

(() => {
  "use strict";
  const KEY = "belltower.theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  let choice = "auto";
  try {
    choice = localStorage.getItem(KEY) || "auto";
  } catch {
    // a browser that keeps nothing still has the system's theme
  }

  function apply() {
    const dark = choice === "dark" || (choice === "auto" && system.matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    dispatchEvent(new CustomEvent("theme"));
  }

  window.theme = {
    get choice() {
      return choice;
    },
    choose(value) {
      choice = value;
      try {
        localStorage.setItem(KEY, value);
      } catch {
        // the choice holds until the page is left
      }
      apply();
    },
  };
  system.addEventListener("change", apply);
  apply();
})();
