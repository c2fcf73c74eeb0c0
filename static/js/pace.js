/* Pace: how time passes on this desk, as the wall's or as the clock of an exercise. Promises: without a
   clock it is the wall's; with one, a pause takes no time and a faster clock takes more. Must not know:
   what is due, who sets the clock. */

let readings = []; // {since, at, speed, running}, the earliest first

/** All that was said of the clock: as the API tells it, in any order. */
export function keepPace(history) {
  readings = [...history]
    .sort((a, b) => a.rev - b.rev)
    .map(({ since, at, speed, state }) => ({
      since: Date.parse(since),
      at,
      speed,
      running: state === "running",
    }));
}

/** Milliseconds of this desk's time at a moment of the wall; only differences mean anything. */
export function deskTime(moment) {
  if (!readings.length) return moment;
  const said = readings.findLast(({ since }) => since <= moment);
  const first = readings[0];
  if (!said) return moment - first.since + first.at;
  return said.at + (said.running ? (moment - said.since) * said.speed : 0);
}
