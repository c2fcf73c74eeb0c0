/* User: who is signed in, and the officer's own switches: theme, language, keys, sign-out.
   Promises: sign-out and language are plain forms with the page's token. Must not know:
   rights. */

import { button, byId, el, fill } from "./dom.js";
import { showHelp } from "./help.js";
import { nameOf } from "./sharing.js";

const THEMES = { auto: gettext("As the system"), light: gettext("Light"), dark: gettext("Dark") };

const organisation = (me) => nameOf(me.organisation, me.organisation_name);

/** The menu's content; the phone shows the same as a page. */
export function userMenu(me) {
  const forms = byId("forms").content.cloneNode(true);
  const themes = el("div", { class: "choice-row", role: "group", "aria-label": gettext("Theme") });
  const draw = () =>
    fill(
      themes,
      Object.entries(THEMES).map(([name, label]) =>
        button(
          label,
          () => {
            window.theme.choose(name);
            draw();
          },
          { "aria-pressed": String(window.theme.choice === name) },
        ),
      ),
    );
  draw();
  return [
    el(
      "div",
      { class: "who" },
      el("strong", { text: me.name }),
      el("span", { class: "meta", text: `${me.role_name} · ${organisation(me)}` }),
      el("span", { class: "meta", text: me.username }),
    ),
    el("h3", { text: gettext("Theme") }),
    themes,
    el("h3", { text: gettext("Language") }),
    forms.querySelector(".language"),
    button([gettext("Keys and symbols"), " ", el("kbd", { text: "?" })], showHelp, {
      class: "bare",
      key: "?",
    }),
    forms.querySelector(".page-links"),
    forms.querySelector('[data-form="sign-out"]'),
    forms.querySelector('[data-form="end-all"]'),
  ];
}

export function startUser(me) {
  const menu = el("div", { class: "menu", hidden: true, id: "user-menu" });
  const opener = button(
    [
      el("span", { class: "user-role", text: me.role_name }),
      el("span", { class: "user-name", text: me.name }),
      " ▾",
    ],
    () => toggle(menu.hidden),
    {
      class: "bare",
      "aria-expanded": "false",
      "aria-controls": "user-menu",
      title: gettext("Your account"),
    },
  );
  const toggle = (shown) => {
    menu.hidden = !shown;
    opener.setAttribute("aria-expanded", String(shown));
    if (shown) fill(menu, userMenu(me));
  };
  document.addEventListener(
    "click",
    (event) => byId("user").contains(event.target) || toggle(false),
  );
  byId("user").addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || menu.hidden) return;
    event.stopPropagation();
    toggle(false);
    opener.focus();
  });
  fill(byId("user"), opener, menu);
}
