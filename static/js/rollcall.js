/* Roll call at the desk: a call of another node stands here, with its signal, until it is answered
   here or by a colleague, or is over. Promises: what came while nobody was here is said too; an
   answer that did not get through is asked for again. Must not know: who else is called. */

import { get, post } from "./api.js";
import { HERE } from "./nodes.js";
import { REALM } from "./realm.js";
import { ring } from "./sound.js";
import { on } from "./store.js";
import { speak, toast } from "./toast.js";
import { say } from "./words.js";

const LOUD = 100; // per cent, as of a limit that is over
const notices = new Map(); // id of a call -> what closes its notice
let may = false;

/** Say what waits, and what is called from now on. */
export function startRollCalls({ me }) {
  may = REALM === "real" && me.verbs.includes("duty.write");
  if (!may) return;
  on("rollcall", take);
  loadRollCalls();
}

/** Ask the node anew what waits. */
export async function loadRollCalls() {
  if (!may) return;
  const waiting = await get("roll-calls/waiting").catch(() => null);
  if (!waiting) return;
  const ids = new Set(waiting.map(({ id }) => id));
  for (const id of notices.keys()) if (!ids.has(id)) forget(id);
  for (const call of waiting) show(call);
}

/** What is called is asked of the node: by then it may be over, or answered. */
function take({ type, item }) {
  if (type === "rollcall.called") {
    if (item.home !== HERE) loadRollCalls();
  } else if (type === "rollcall.closed") forget(item.id);
  else if (type === "rollcall.answered" && item.home === HERE) forget(item.call);
}

function show(call) {
  if (notices.has(call.id)) return;
  const words = call.text
    ? say(gettext("%(name)s calls the roll: %(text)s"), { name: call.home_name, text: call.text })
    : say(gettext("%(name)s calls the roll"), { name: call.home_name });
  const act = [gettext("Answer"), () => answer(call)];
  notices.set(call.id, toast(words, { act, stays: true, bad: true, urgent: true }));
  speak(words);
  ring(LOUD);
}

async function answer(call) {
  notices.delete(call.id); // pressing has closed it
  try {
    await post(`roll-calls/${call.id}/answer`, {});
    toast(gettext("Answered."));
  } catch (problem) {
    toast(problem.message, { bad: true });
    if (![404, 409].includes(problem.status)) show(call);
  }
}

function forget(id) {
  notices.get(id)?.();
  notices.delete(id);
}
