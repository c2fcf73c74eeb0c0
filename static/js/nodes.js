/* Nodes: what this browser knows of the other nodes: names, what each holds by rule, how the links
   stand. Promises: a figure keeps the time at which it was told; a node without a name is shown
   by its id, never left out; listeners hear of every change. Must not know: how it is shown. */

import { get } from "./api.js";
import { now } from "./clock.js";
import { meta } from "./dom.js";
import { mayGo } from "./realm.js";
import { named } from "./words.js";

export const HERE = meta("node");
const WORST = ["offline", "catching", "live"];

let known = new Map(); // node -> as GET /nodes gives it
let told = { peers: [], alone: { count: 0, oldest: null }, renewed: null, forks: null, unerased: [], storage: "ok", at: 0 };
let paired = ""; // the pairing that `known` was fetched at
const listeners = new Set();

/** Fetch the nodes; they are few and change rarely. */
export async function startNodes() {
  const list = await get("nodes").catch(() => null);
  if (!list) return;
  known = new Map(list.map((one) => [one.node, one]));
  for (const listener of listeners) listener();
}

/** Take a frame of the feed that says how the links stand. */
export function takeLinks({ peers, alone, renewed = null, forks = null, unerased = [], storage = "ok" }) {
  told = { peers, alone, renewed, forks, unerased, storage, at: now() };
  const fresh = peers.map((one) => [one.node, one.confirmed_at, one.cleared, one.revoked_at]).join();
  if (fresh !== paired) startNodes();
  paired = fresh;
  for (const listener of listeners) listener();
}

/** Call this whenever a name or a link has changed. */
export const whenNodesChange = (listener) => listeners.add(listener);

/** What no other node holds yet, and when that was told. */
export const alone = () => ({
  ...told.alone,
  at: told.at,
  more: told.peers.some((one) => one.more),
});

/** How much room the disk of this node has: ok, low, full. */
export const storage = () => told.storage;

/** The last new epoch of the log and revisions that came twice while they are news, and shares without a receipt of erasure. */
export const notices = () => ({
  renewed: told.renewed,
  forks: told.forks,
  unerased: told.unerased,
});

/** The linked nodes in their order; without those that wait for an administrator or were ended. */
export const peers = () => told.peers.filter((one) => WORST.includes(one.state));
export const peer = (node) => peers().find((one) => one.node === node);
export const toldAt = () => told.at;

/** Worst first. */
export const byState = (a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state);

export const isForeign = (thing) => thing.home !== HERE;
/** Those that something of where this desk is may go to. */
export const allNodes = () => [...known.values()].filter(({ node }) => mayGo(node));

export function nodeName(node) {
  if (node === HERE) return meta("node-name") || node;
  const one = known.get(node);
  return (one && named(one)) || told.peers.find((other) => other.node === node)?.name || node;
}

/** Do personal parts go there? null where the node above decides. */
export function isCleared(node) {
  return peer(node)?.cleared ?? null;
}

/** The node above this one, if there is one. */
export const above = () => peers().find((one) => one.upper);

/** May this node give the incident to others: its own, and those of the nodes below it. */
export const maySteer = (incident) =>
  !isForeign(incident) || peer(incident.home)?.upper === false;

/** The nodes that will hold a new incident of this class and grade from the start. */
export const heldFromStart = (code, grade) =>
  allNodes()
    .filter(({ rules }) =>
      rules.some(
        ({ type_prefix: prefix, least_grade: least }) =>
          code.startsWith(prefix) && (least === null || (grade !== null && grade <= least)),
      ),
    )
    .map(({ node }) => node);

const inForce = ({ ended_at: ended, until }) => !ended && (!until || Date.parse(until) > now());

/** The nodes that may hold an incident: node, since when, and the share if it is by one. */
export function holders(incident, shares) {
  const found = new Map([[incident.home, { node: incident.home, since: incident.received_at }]]);
  for (const node of incident.audience)
    if (!found.has(node)) found.set(node, { node, since: incident.received_at });
  for (const share of [...shares].filter(inForce))
    if (!found.has(share.node))
      found.set(share.node, { node: share.node, since: share.since, share });
  return [...found.values()];
}
