"""The map: what a click on it shows, what stays in view, what closes again."""

from playwright.sync_api import expect

MAP = """async () => {
  const { theMap } = await import("/static/js/map.js");
  window.map = theMap();
}"""
IN_CITY = """() => {
  const { lng, lat } = map.getCenter();
  return lng > 107 && lng < 110.5 && lat > 33 && lat < 35.5 && map.getZoom() > 7;
}"""
NEAR = {"lon": 108.9, "lat": 34.28, "confirmed": True}


def desk_with_map(desk_of):
    """The duty desk with `map` in the page, at rest."""
    page = desk_of("duty", with_map=True)
    page.evaluate(MAP)
    page.wait_for_function("() => !map.isMoving()")
    return page


def empty_place(page, nth):
    """A pixel of the canvas where nothing can be hit, the nth of them."""
    return page.evaluate(
        """async (nth) => {
          const free = [];
          for (let x = 420; x < 900; x += 30)
            for (let y = 150; y < 500; y += 30) {
              const box = [[x - 12, y - 12], [x + 12, y + 12]];
              const hits = map.queryRenderedFeatures(box)
                .filter(({ layer }) => layer.type === "symbol" || layer.source === "incidents");
              if (!hits.length) free.push({ x, y });
            }
          return free.at(nth);
        }""",
        nth,
    )


def click_map(page, place):
    page.locator(".map-canvas canvas").click(position=place)


def test_a_click_on_the_empty_map_offers_a_new_incident_there(desk_of):
    page = desk_with_map(desk_of)
    popup = page.locator(".popup.spot")
    click_map(page, empty_place(page, 0))
    expect(popup).to_have_count(1)
    expect(popup).to_contain_text("WGS 84")
    expect(popup.get_by_role("button", name="在此新建事件 N")).to_be_visible()
    first = popup.locator(".coordinates").inner_text()
    click_map(page, empty_place(page, -1))
    expect(popup).to_have_count(1)
    expect(popup.locator(".coordinates")).not_to_have_text(first)
    expect(popup.locator("strong")).not_to_have_text(" ")
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)

    click_map(page, empty_place(page, 0))
    where = popup.locator(".coordinates").inner_text().removesuffix(" WGS 84")
    page.keyboard.press("n")
    expect(popup).to_have_count(0)
    expect(page.locator("#sheet .coordinates")).to_contain_text(where)
    click_map(page, empty_place(page, -1))  # the sheet takes the click
    expect(page.locator("#sheet .coordinates")).not_to_contain_text(where)
    expect(popup).to_have_count(0)
    page.get_by_role("button", name="丢弃").click()


def test_a_click_on_a_mark_opens_it_and_offers_nothing_else(desk_of, city):
    city.report("点这里", location={"lon": 108.71, "lat": 34.02, "confirmed": True})
    page = desk_with_map(desk_of)
    page.locator(".row", has_text="点这里").click()
    page.wait_for_function("() => !map.isMoving() && map.getZoom() > 13")
    page.keyboard.press("Escape")
    page.wait_for_function(
        """() => map.queryRenderedFeatures(map.project([108.71, 34.02]),
          { layers: ["incidents"] }).length"""
    )
    click_map(page, page.evaluate("() => ({...map.project([108.71, 34.02])})"))
    expect(page.locator("#panel .panel-title")).to_contain_text("点这里")
    expect(page.locator(".popup")).to_have_count(0)


def test_incidents_at_one_place_wear_the_mark_of_the_worst_and_are_named_in_full(desk_of, city):
    place = {"lon": 108.62, "lat": 34.06, "confirmed": True}
    long = "同处一般，" + "物流园区危险化学品仓库" * 5
    for title, grade in (("同处未分级", None), ("同处重大", 2), (long, 4)):
        city.report(title, grade=grade, location=place)
    page = desk_with_map(desk_of)
    page.locator(".row", has_text="同处重大").click()
    page.wait_for_function("() => !map.isMoving() && map.getZoom() > 13")
    page.keyboard.press("Escape")
    at = "map.queryRenderedFeatures(map.project([108.62, 34.06]), { layers: ['incidents'] })"
    page.wait_for_function(f"() => {at}.length === 3")
    assert len(set(page.evaluate(f"() => {at}.map((one) => one.properties.image)"))) == 1
    click_map(page, page.evaluate("() => ({...map.project([108.62, 34.06])})"))
    expect(page.locator(".popup button span:last-child")).to_have_text(
        ["同处重大", long, "同处未分级"]
    )
    edge = page.locator(".maplibregl-popup-content").bounding_box()
    for choice in page.locator(".popup button").all():
        box = choice.bounding_box()
        assert edge["x"] <= box["x"] and box["x"] + box["width"] <= edge["x"] + edge["width"]
    assert choice.evaluate("one => one.scrollWidth - one.clientWidth") <= 0


def test_the_popup_of_a_search_closes_by_escape_and_when_something_else_is_opened(desk_of, city):
    city.report("别的事件", location=NEAR)
    page = desk_with_map(desk_of)

    def search():
        page.keyboard.press("/")
        page.keyboard.type("大雁塔")
        expect(page.locator("#search .choice").first).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator(".popup")).to_have_count(1)

    search()
    page.keyboard.press("Escape")
    expect(page.locator(".popup")).to_have_count(0)
    expect(page.locator(".maplibregl-marker svg")).to_have_count(0)
    search()
    page.locator(".row", has_text="别的事件").first.click()
    expect(page.locator("#panel")).to_be_visible()
    expect(page.locator(".popup")).to_have_count(0)
    page.keyboard.press("Escape")
    search()
    page.keyboard.press("n")
    expect(page.locator(".popup")).to_have_count(0)


def test_a_far_point_does_not_take_the_map_away_from_the_city(desk_of, city):
    city.report("近处", location=NEAR)
    for number, (lon, lat) in enumerate(((0, 0), (180, 90), (-180, -90))):
        city.report(f"远处{number}", location={"lon": lon, "lat": lat, "confirmed": True})
    page = desk_with_map(desk_of)
    assert page.evaluate(IN_CITY)
    for number in (0, 1):
        page.locator(".row", has_text=f"远处{number}").click()
        page.wait_for_function(f"() => !({IN_CITY})() && !map.isMoving()")
        assert page.evaluate("() => map.getCenter().toArray().every(Number.isFinite)")
        page.keyboard.press("f")
        page.wait_for_function(IN_CITY)
        page.wait_for_function("() => !map.isMoving()")
    for state in page.context.storage_state()["origins"]:
        assert "NaN" not in str(state)
