/* DOM: elements from plain values. Promises: text is always set as text, never parsed as HTML,
   so no value that comes from a person or another node can become markup. Must not know: the
   desk. */

/** An element. `props`: class, text, on {event: listener}, data {name: value}, css {--name: value},
 * everything else an attribute (true = present, false and null = absent). */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") made.className = value;
    else if (name === "text") made.textContent = value;
    else if (name === "value") made.value = value;
    else if (name === "on") {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (name === "data") Object.assign(made.dataset, value);
    else if (name === "css") {
      for (const [property, text] of Object.entries(value)) made.style.setProperty(property, text);
    } else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...present(children));
  return made;
}

/** Replace all children of a node. */
export function fill(node, ...children) {
  node.replaceChildren(...present(children));
  return node;
}

/** Children that are there: `condition && child` leaves nothing behind where it does not hold. */
const present = (children) => children.flat(2).filter((child) => child || child === 0);

export function byId(id) {
  return document.getElementById(id);
}

/** The content of a <meta name> of this page. */
export function meta(name) {
  return document.querySelector(`meta[name="${name}"]`)?.content ?? "";
}

/** A symbol of static/symbols in the colour of the text around it. */
export function symbol(name, extra = "") {
  return el("span", {
    class: `symbol ${extra}`,
    "aria-hidden": "true",
    css: { "--symbol": `url("${symbolUrl(name)}")` },
  });
}

export function symbolUrl(name) {
  const safe = /^[a-z0-9_-]+$/.test(name) ? name : "event";
  return `${meta("static")}symbols/${safe}.svg`;
}

/** A button with its key in the tooltip. */
export function button(label, onClick, { key = "", title = "", ...props } = {}) {
  const hint = [title || label, key && `(${key})`].filter(Boolean).join(" ");
  return el("button", { type: "button", title: hint, on: { click: onClick }, ...props }, label);
}

/** A control with its label before it. */
export const labelled = (control) =>
  el("label", { class: "in-line" }, el("span", { text: control.ariaLabel }), control);

/** A version 4 UUID, also where the page is not a secure context. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}

/** Call once after a pause; the last arguments win. */
export function debounce(delay, callback) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => callback(...given), delay);
  };
}

/** Call at most once a frame, and at most every `least` milliseconds. */
export function paced(least, callback) {
  let waiting = false;
  let last = 0;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(
      () => {
        waiting = false;
        last = performance.now();
        callback();
      },
      Math.max(0, last + least - performance.now()),
    );
  };
}
