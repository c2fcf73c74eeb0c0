/* Exercise clock: what the clock of an exercise shows, by the node's time and by what was last said of
   it. Promises: it never shows less than it was set to. Must not know: where it is shown. */

import { now } from "./clock.js";

const two = (number) => String(number).padStart(2, "0");

/** 01:23:45 from milliseconds. */
export function exerciseTime(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${two(hours)}:${two(minutes)}:${two(seconds % 60)}`;
}

/** Milliseconds that a clock shows now; 0 for one that has not begun. */
export function shownBy({ since, at = 0, speed = 1, state = "" }) {
  const passed = state === "running" ? Math.max(0, now() - Date.parse(since)) : 0;
  return Number(at) + passed * Number(speed);
}
