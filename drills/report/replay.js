/* The replay in one file: map and list as they stood at the moment of the slider. Promises: what people
   wrote is set as text, never parsed. Must not know: where the file came from. */

const told = JSON.parse(document.getElementById("told").textContent);
const at = document.getElementById("at");
const two = (n) => String(n).padStart(2, "0");
const clock = (ms) =>
  [ms / 3600000, (ms / 60000) % 60, (ms / 1000) % 60].map((n) => two(Math.floor(n))).join(":");
const marks = L.layerGroup();
function draw() {
  const known = new Map();
  // all of the second that the clock shows
  const until = told.moments.filter((one) => one.at < Number(at.value) + 1000);
  for (const one of until) if (one.state) known.set(one.incident, one.state);
  document.getElementById("clock").textContent = clock(Number(at.value));
  marks.clearLayers();
  for (const state of known.values()) {
    if (state.lon === null) continue;
    const words = document.createElement("span");
    words.textContent = state.title;
    L.circleMarker([state.lat, state.lon], {
      radius: 9, weight: 2, color: "#fff", fillOpacity: 1,
      fillColor: told.colours[state.grade ?? 0],
    }).bindTooltip(words, { permanent: true, direction: "right" }).addTo(marks);
  }
  const list = document.getElementById("list");
  list.replaceChildren(...until.slice(-8).reverse().map((one) => {
    const line = document.createElement("li");
    line.textContent = [clock(one.at), one.what, one.words, one.author].join("  ");
    return line;
  }));
}
at.max = told.ended; at.value = told.ended;
at.addEventListener("input", draw);
addEventListener("load", () => { marks.addTo(window[told.map]); draw(); });
