/* Feed: the socket to the node. Promises: frames are handed on in order and the cursor moves
   with them, so that after any break the feed resumes from what was really applied: nothing
   lost, nothing twice; "live" is only said while a frame came within SILENCE; it never gives
   up. Must not know: what a frame means (store.js), how the state looks (lamp.js). */

import { now } from "./clock.js";

const SILENCE = 6000; // ms without a frame: not live any more
const LONGEST_WAIT = 4000; // ms between two attempts
const SIGNED_OUT = 4401;

export class Feed extends EventTarget {
  /** What is told of `topics` in `realm` after `cursor`. `apply(frame)` takes events, `links(frame)` how the links stand; `refetch()` fetches everything anew and resolves to a cursor. */
  constructor({ cursor, realm, topics, apply, links, refetch, synchronise, signIn }) {
    super();
    Object.assign(this, { cursor, realm, topics, apply, links, refetch, synchronise, signIn });
    this.state = { name: "catching", since: now(), count: 0 };
    this.heard = 0; // performance.now() of the last frame
    this.heardAt = now(); // the node's time of it
    this.socket = null;
    this.attempts = 0;
    this.left = 0;
    this.timer = 0;
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
    setInterval(() => this.#watch(), 1000);
  }

  get isLive() {
    return this.state.name === "live";
  }

  start() {
    clearTimeout(this.timer);
    const address = new URL("/ws/feed", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.socket = socket;
    this.opened = performance.now();
    socket.onopen = () => this.#hello();
    socket.onmessage = (message) => socket === this.socket && this.#hear(JSON.parse(message.data));
    socket.onclose = (event) => socket === this.socket && this.#closed(event.code);
  }

  #hello() {
    this.socket.send(
      JSON.stringify({
        kind: "hello",
        topics: this.topics,
        after: this.cursor,
        realm: this.realm,
      }),
    );
  }

  #hear(frame) {
    this.heard = performance.now();
    this.heardAt = now();
    if (frame.kind === "event" || frame.kind === "gone") {
      this.apply(frame);
      this.cursor = frame.cursor;
      if (this.left > 0) this.left -= 1;
      if (this.state.name === "catching") this.#become("catching", this.left);
    } else if (frame.kind === "catching") {
      this.left = frame.count;
      this.#become("catching", frame.count);
    } else if (frame.kind === "ready") {
      this.cursor = frame.cursor;
      this.attempts = 0;
      this.left = 0;
      this.#become("live");
    } else if (frame.kind === "pulse") {
      this.cursor = frame.cursor;
      this.synchronise(frame.time);
      if (this.state.name !== "live") this.#become("live");
    } else if (frame.kind === "link") {
      this.links(frame);
    } else if (frame.kind === "resync") {
      this.#resync(frame.full);
    }
  }

  async #resync(full) {
    const socket = this.socket;
    this.#become("catching", 0);
    try {
      if (full) this.cursor = await this.refetch();
      if (socket === this.socket && socket.readyState === WebSocket.OPEN) this.#hello();
    } catch {
      socket.close();
    }
  }

  #closed(code) {
    this.socket = null;
    if (code === SIGNED_OUT) {
      this.signIn();
      return;
    }
    this.#become("offline");
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** this.attempts);
    this.attempts += 1;
    this.timer = setTimeout(() => this.start(), wait * (0.75 + Math.random() / 2));
  }

  /** The network or the person is back: do not wait for the next attempt. */
  #hurry() {
    if (!this.socket) this.start();
  }

  #watch() {
    const silent = performance.now() - Math.max(this.heard, this.opened ?? 0);
    if (!this.socket || silent < SILENCE) return;
    const lost = this.socket;
    this.socket = null;
    lost.close();
    this.#closed(0);
  }

  #become(name, count = 0) {
    this.state = { name, count, since: this.heardAt };
    this.dispatchEvent(new Event("state"));
  }
}
