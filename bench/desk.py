"""The desk with 5,000 open incidents, in headless Chromium at 1366 × 768.

Measured, by the page's own marks, over several fresh loads: from the arrival of the incidents
(answer read and parsed) until the list is drawn, until the desk is usable (list drawn, map up,
incidents given to it, first view chosen) and until the map is at rest with every mark on it; the
time from the call of the page until it is usable; then the time from a key press right at that
moment, which moves the current row, until the frame after it.
Peer: the same browser draws the same rows without choosing those in sight: 5,000 copies of a row
put into a list of the same styles. For the map there is no peer: it would be another desk.
Bound by: WebGL on the processor (SwiftShader), which a desk with a graphics card does not need.
"""

import json
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.city import Cities, City, Served, node
from bench.report import Line, Result
from tests import servers

INCIDENTS, LOADS, PATIENCE_MS = 5000, 7, 120_000
CHROMIUM = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
MARKS = """() => Object.fromEntries(
  performance.getEntriesByType("mark").reverse().map((mark) => [mark.name, mark.startTime]))"""
DRAWN = """() => new Promise((done) => {
  new PerformanceObserver((seen) => seen.getEntriesByName("desk-drawn").length && done())
    .observe({ type: "mark", buffered: true });
})"""
ANSWER = """() => performance.getEntriesByType("resource")
  .filter((one) => one.name.includes("/api/incidents?"))
  .map((one) => [one.duration, one.decodedBodySize])[0]"""
KEY = """() => new Promise((done) => {
  document.activeElement?.blur();
  addEventListener("keydown", (event) => {
    const pressed = event.timeStamp;
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - pressed)));
  }, { once: true, capture: true });
})"""
EVERY_ROW = """(count) => new Promise((done) => {
  const list = document.querySelector("#list .rows");
  const row = list.querySelector(".row");
  const started = performance.now();
  const space = document.createElement("div");
  for (let number = 0; number < count; number += 1) {
    const copy = row.cloneNode(true);
    copy.style.transform = `translateY(${number * 44}px)`;
    copy.querySelector(".row-title").textContent = `row ${number}`;
    space.append(copy);
  }
  list.append(space);
  list.getBoundingClientRect();
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - started)));
})"""


def run(cities: Cities, *, quick: bool = False) -> Result:
    """Some loads of the page, each in a browser context of its own."""
    count, loads = (500, 1) if quick else (INCIDENTS, LOADS)
    with cities.fresh() as city, sync_playwright() as playwright:
        there = city.inside("many_incidents", str(count))
        browser = playwright.chromium.launch(executable_path=servers.chromium_path(), args=CHROMIUM)
        with node(city) as served:
            found = [_load(browser, city, served, count) for _load_number in range(loads)]
        version = browser.version
        browser.close()

    def each(name: str) -> list[float]:
        return [one[name] for one in found]

    return Result(
        "desk",
        f"The desk with {there:,} open incidents, {loads} loads",
        f"the same rows, all {count:,} of them put into the list",
        [
            Line("data to drawn list", "ms", each("list"), each("every_row")),
            Line("data to usable", "ms", each("usable"), target=1500),
            Line("data to map at rest", "ms", each("drawn")),
            Line("page called to usable", "ms", each("page")),
            Line("key to the frame after it", "ms", each("key")),
            Line("answer with all incidents", "ms", each("answer")),
        ],
        {"answer": f"{found[0]['bytes'] / 1e6:.1f} MB of JSON", "browser": f"Chromium {version}"},
    )


def _load(browser: Browser, city: City, served: Served, count: int) -> dict[str, Any]:
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, base_url=f"http://127.0.0.1:{served.port}"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    _sign_in(page, city)
    page.wait_for_selector("body[data-ready]", timeout=PATIENCE_MS)
    duration, size = page.evaluate(ANSWER)
    page.evaluate(f"() => {{ globalThis.keyed = ({KEY})(); }}")
    page.keyboard.press("j")
    keyed = page.evaluate("() => globalThis.keyed")
    page.evaluate(DRAWN)
    marks = page.evaluate(MARKS)
    found = {
        "list": marks["desk-list"] - marks["desk-data"],
        "usable": marks["desk-usable"] - marks["desk-data"],
        "drawn": marks["desk-drawn"] - marks["desk-data"],
        "page": marks["desk-usable"],
        "key": keyed,
        "answer": duration,
        "bytes": size,
        "every_row": page.evaluate(EVERY_ROW, count),
    }
    context.close()
    return found


def _sign_in(page: Page, city: City) -> None:
    accounts = json.loads((city.var / "xian" / "credentials.json").read_text())["accounts"]
    duty = next(account for account in accounts if account["user"] == "duty")
    page.goto("/sign-in")
    page.fill("input[name=username]", duty["user"])
    page.fill("input[name=password]", duty["password"])
    page.press("input[name=password]", "Enter")
