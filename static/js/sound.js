/* Sound: the signal of a reminder. Promises: the more has passed, the more often it sounds; who has
   switched it off, or whose browser does not allow it yet, sees that. Must not know: what is due. */

import { button, byId, fill } from "./dom.js";

const OFF = "belltower.silent";
const PITCH = 880; // Hz
const LENGTH = 0.18; // s
const BEGINS = ["pointerdown", "keydown"];
const TOUCHES = ["pointerup", "click", "keydown"]; // what browsers take for a touch
let context = null;
let toggle = null;
let couldRing = false; // when what is pressed now began to be

/** Show the switch, and let the first touch of the page allow sounds. */
export function startSound() {
  toggle = button("", press, { class: "text", title: gettext("The signal of reminders") });
  fill(byId("sound"), toggle);
  for (const act of BEGINS) document.addEventListener(act, () => (couldRing = mayRing()), { capture: true });
  for (const act of TOUCHES) document.addEventListener(act, allow, { capture: true });
  draw();
}

const mayRing = () => context?.state === "running";

/** A press that itself allows the sound does not switch it off. */
function press() {
  if (isOff()) setOff(false);
  else if (couldRing) setOff(true);
  draw();
}

function allow() {
  if (mayRing()) return;
  context ??= new AudioContext();
  context.onstatechange = draw;
  context.resume().catch(draw);
}

/** Sound once, twice from four fifths on, three times at the limit and after. */
export function ring(percent) {
  if (isOff() || !mayRing()) return;
  const times = percent < 80 ? 1 : percent < 100 ? 2 : 3;
  for (let n = 0; n < times; n += 1) beep(context.currentTime + n * 2 * LENGTH);
  byId("sound").dataset.rung = String(Number(byId("sound").dataset.rung ?? 0) + times);
}

function beep(at) {
  const tone = new OscillatorNode(context, { frequency: PITCH });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0.25, at);
  volume.gain.setTargetAtTime(0, at + LENGTH * 0.7, 0.03);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + LENGTH * 1.5);
}

function draw() {
  const waits = mayRing() ? gettext("Sound on") : gettext("Touch for sound");
  toggle.textContent = isOff() ? gettext("Sound off") : waits;
  toggle.setAttribute("aria-pressed", String(!isOff() && mayRing()));
}

function isOff() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}

function setOff(off) {
  try {
    localStorage.setItem(OFF, off ? "1" : "0");
  } catch {
    // it sounds again with the next page
  }
}
