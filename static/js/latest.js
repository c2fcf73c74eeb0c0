/* Latest: a change that is sent against the newest revision that this browser knows. Promises: where
   somebody was faster the new state is fetched, so that the next try is against it, and the
   refusal is passed on to be shown. Must not know: what is changed. */

import { get } from "./api.js";
import { incident as known, takeDetail } from "./store.js";

/** `send(rev)` resolves to the detail as it is then. */
export async function onLatest(incident, send) {
  try {
    takeDetail(await send((known(incident.id) ?? incident).rev));
  } catch (problem) {
    if (problem.status === 409) await get(`incidents/${incident.id}`).then(takeDetail, () => {});
    throw problem;
  }
}
