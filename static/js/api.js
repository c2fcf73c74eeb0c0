/* API: requests to the node. Promises: every failure is a Problem with a message that can be
   shown; an ended session leads to sign-in, where drafts wait (draft.js keeps them); nothing
   is repeated without being asked. Must not know: what is asked for. */

import { meta } from "./dom.js";
import { REALM } from "./realm.js";

class Problem extends Error {
  constructor(status, { code = "fault", message = "", fields = {}, hints = [] } = {}) {
    super(message || gettext("The node did not give a reason."));
    Object.assign(this, { status, code, fields, hints });
  }
}

async function call(method, path, { body, form, signal } = {}) {
  const headers = { Accept: "application/json", "X-Realm": REALM };
  if (method !== "GET") headers["X-CSRFToken"] = meta("csrf-token");
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(`/api/${path}`, {
      method,
      headers,
      body: form ?? (body === undefined ? undefined : JSON.stringify(body)),
      signal,
      credentials: "same-origin",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { code: "offline", message: gettext("The node cannot be reached.") });
  }
  const data = await answer.json().catch(() => ({}));
  if (answer.status === 401) signIn();
  if (!answer.ok) throw new Problem(answer.status, data);
  return data;
}

/** Go to the sign-in page and come back here. */
export function signIn() {
  location.assign(`/sign-in?ended=1&next=${encodeURIComponent(location.pathname)}`);
}

export const get = (path, signal) => call("GET", path, { signal });
export const post = (path, body) => call("POST", path, { body });
export const patch = (path, body) => call("PATCH", path, { body });
export const remove = (path) => call("DELETE", path);

export function upload(path, file) {
  const form = new FormData();
  form.append("file", file);
  return call("POST", path, { form });
}

/** A query string of the values that are there. */
export const query = (values) =>
  new URLSearchParams(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ""),
  ).toString();
