"""An officer reports an incident: by keyboard, by map, with doubts, with a draft that stays."""

from datetime import datetime, timedelta

from playwright.sync_api import expect

from tests.browser.parts import rows

NARRATIVE = "绕城高速汉城服务区 甲醇罐车泄漏 1人轻伤 其余不详"


def save(page):
    """Save the sheet and wait until it is closed."""
    page.keyboard.press("Control+Enter")
    expect(page.locator("#sheet")).to_be_hidden()


def test_an_incident_logged_by_keyboard_appears_in_another_browser_without_a_reload(desk_of, city):
    author, reader = desk_of("duty", with_map=True), desk_of("leader")
    author.keyboard.press("n")
    author.keyboard.type(f"键盘登记 {NARRATIVE}")
    expect(author.locator(".chip")).to_have_count(3)
    author.keyboard.press("Tab")
    expect(author.locator(".chip")).to_have_count(0)
    expect(author.locator(".aside .areas")).to_contain_text("未央区")
    author.keyboard.press("Alt+4")
    save(author)

    expect(rows(reader, "键盘登记")).to_have_count(1)
    rows(reader, "键盘登记").click()
    panel = reader.locator("#panel")
    expect(panel.locator(".panel-title")).to_contain_text("甲醇罐车泄漏")
    expect(panel.locator(".casualties")).to_contain_text("不详")
    reader.click("#tab-around")
    expect(panel.locator(".areas")).to_contain_text("未央区")
    for words in ("居住人口", "学校", "医院", "危险源", "消防站"):
        expect(panel.locator(".rings")).to_contain_text(words)

    with city.client("leader") as client:
        found = client.get("/incidents", params={"q": "键盘登记"}).json()["items"]
    assert [(one["district_name"], one["type_code"], one["grade"]) for one in found] == [
        ("未央区", "12D02", 4)
    ]
    figures = found[0]["casualties"]
    assert (figures["injured"], figures["dead"], figures["missing"]) == (1, None, None)


def test_a_tab_pressed_at_once_takes_the_place_too_that_is_still_looked_for(desk_of, city):
    page = desk_of("duty")
    held = []
    page.route("**/api/places**", lambda route: held.append(route))
    page.keyboard.press("n")
    page.keyboard.type("急按制表键 绕城高速汉城服务区 甲醇罐车泄漏")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+Enter")
    page.wait_for_function("() => document.querySelector('.sheet-foot .primary').disabled")
    while not held:
        page.wait_for_timeout(20)
    held.pop().continue_()
    expect(page.locator(".panel-title")).to_contain_text("急按制表键")
    with city.client("duty") as client:
        (found,) = client.get("/incidents", params={"q": "急按制表键"}).json()["items"]
    assert (found["district_name"], found["type_code"]) == ("未央区", "12D02")


def test_an_officer_of_another_county_sees_nothing_of_it_by_page_and_api(desk_of, city):
    near, far = desk_of("weiyang"), desk_of("lantian")
    made = city.report("未央专有", location={"lon": 108.87, "lat": 34.33, "confirmed": True})
    mark = city.report("蓝田标记", location={"lon": 109.32, "lat": 34.15, "confirmed": True})

    expect(rows(near, "未央专有")).to_have_count(1)
    expect(rows(far, "蓝田标记")).to_have_count(1)  # comes later in the log, so the other is past
    expect(rows(far, "未央专有")).to_have_count(0)
    assert made["id"] not in far.content()
    with city.client("lantian") as client:
        assert client.get(f"/incidents/{made['id']}").status_code == 404
        assert client.get(f"/incidents/{mark['id']}").status_code == 200


def test_a_click_on_the_map_sets_the_point_and_shows_what_lies_around(desk_of):
    page = desk_of("duty", with_map=True)
    page.keyboard.press("n")
    page.keyboard.type("人员聚集")
    page.locator(".map-canvas canvas").click(position={"x": 750, "y": 350})
    expect(page.locator(".point")).to_contain_text("WGS 84")
    expect(page.locator(".aside .rings")).to_be_visible()
    expect(page.locator(".needed .done", has_text="事发地点")).to_have_count(1)


def test_a_pair_of_another_system_is_asked_about_and_read_as_the_officer_says(desk_of, city):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.keyboard.type("坐标存疑 电梯困人")
    page.fill("#place", "108.964106,34.218133")  # the pagoda in GCJ-02
    page.locator(".choice", has_text="WGS 84").first.click()
    question = page.locator(".question")
    expect(question).to_contain_text("大雁塔")
    question.get_by_role("button", name="GCJ-02").click()
    expect(question).to_have_count(0)
    page.locator("[data-name=type_code] input").fill("12N04")
    page.locator(".choice", has_text="12N04").click()
    save(page)

    with city.client("duty") as client:
        (found,) = client.get("/incidents", params={"q": "坐标存疑"}).json()["items"]
    where = found["location"]
    assert (round(where["lon"], 4), round(where["lat"], 4)) == (108.9594, 34.2197)
    assert where["declared"] == {"lon": 108.964106, "lat": 34.218133, "crs": "gcj02"}


def test_unknown_is_one_key_and_is_not_nought(desk_of, city):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.keyboard.type("一键不详 追尾")
    expect(page.locator(".chip")).not_to_have_count(0)
    page.keyboard.press("Tab")
    figures = page.locator(".figure input")
    figures.nth(0).press("x")
    figures.nth(2).fill("0")
    expect(figures.nth(0)).to_have_value("不详")
    page.get_by_role("button", name="其余不详").click()
    expect(page.locator(".needed .done", has_text="已造成后果")).to_have_count(1)
    save(page)
    with city.client("duty") as client:
        (found,) = client.get("/incidents", params={"q": "一键不详"}).json()["items"]
    assert found["casualties"]["dead"] is None
    assert found["casualties"]["injured"] == 0


def test_a_draft_outlives_a_reload_and_is_one_incident_in_the_end(desk_of, city, is_ready):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.keyboard.type("草稿留存 民房起火 2人被困")
    expect(page.locator(".chip", has_text="被困 2")).to_have_count(1)
    page.keyboard.press("Tab")
    page.reload()
    is_ready(page)
    page.keyboard.press("n")
    expect(page.locator("[data-name=summary] textarea")).to_have_value("草稿留存 民房起火 2人被困")
    expect(page.locator("[data-name=type_code] input")).to_have_value("一般民用建筑火灾 12G03")
    save(page)
    expect(rows(page, "草稿留存")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("[data-name=summary] textarea")).to_have_value("")


def test_a_saved_incident_is_in_sight_though_others_were_received_after_it(desk_of, city):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.keyboard.type("先接后录 管道漏水")
    page.locator("[data-name=received_at] input").fill("2026-01-01 10:00")
    for number in range(25):
        city.report(f"后来接报 {number}")
    save(page)
    expect(rows(page, "先接后录")).to_be_in_viewport()


def test_a_refused_field_is_named_where_it_stands_and_nothing_is_lost(desk_of):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.keyboard.type("接报时间在将来")
    page.locator("[data-name=received_at] input").fill("2099-01-01 10:00")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-name=received_at] .complaint")).to_be_visible()
    expect(page.locator("[data-name=summary] textarea")).to_have_value("接报时间在将来")


def test_the_narrative_is_read_the_way_duty_officers_write(desk_of):
    page = desk_of("duty")
    read = page.evaluate(
        """async (texts) => {
          const { casualtiesIn } = await import("/static/js/proposals.js");
          return texts.map(casualtiesIn);
        }""",
        [
            "2死3伤",
            "重伤1人，轻伤两人",
            "十二人被困，无人员伤亡",
            "3名工人受伤，其中1人重伤",
            "积水",
        ],
    )
    assert read == [
        {"dead": 2, "injured": 3},
        {"serious": 1, "injured": 3},
        {"trapped": 12, "dead": 0, "serious": 0, "injured": 0},
        {"serious": 1, "injured": 3},
        {},
    ]


def test_a_point_that_other_words_do_not_mean_any_more_says_where_it_is(desk_of):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.locator("#place").fill("汉城服务区")
    page.locator("#sheet").get_by_role("option", name="汉城服务区").first.click()
    point = page.locator("#sheet .point")
    expect(point).to_contain_text("未央区")
    expect(point).not_to_contain_text("点位仍在")
    page.locator("#place").press_sequentially("东侧200米")
    expect(point).not_to_contain_text("点位仍在")
    page.locator("#place").fill("朱宏路出口")
    expect(point).to_contain_text("点位仍在汉城服务区")


def test_a_time_may_name_its_day_by_a_word(desk_of):
    page = desk_of("duty")
    today, yesterday, told, none = page.evaluate(
        """async () => {
          const { readTime } = await import("/static/js/clock.js");
          const { timeIn } = await import("/static/js/proposals.js");
          return [
            readTime("今天 00:01"), readTime("昨天 00:01"), timeIn("昨天0点01分停电"),
            readTime("昨天 8-27 17:20"),
          ];
        }"""
    )
    day = datetime.fromisoformat(today) - datetime.fromisoformat(yesterday)
    assert (day, told, none) == (timedelta(days=1), yesterday, None)


def test_a_report_without_a_class_is_saved_and_its_class_stays_open(desk_of, city):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.keyboard.type("无类别 有人求助")
    save(page)
    rows(page, "无类别").click()
    expect(page.locator("#panel .open-elements")).to_contain_text("事件类别")
    with city.client("duty") as client:
        (found,) = client.get("/incidents", params={"q": "无类别"}).json()["items"]
    assert found["type_code"] == "10000"


def test_an_archived_incident_is_still_found_by_its_number(desk_of, city):
    made = city.report("早已归档")
    with city.client("leader") as client:
        for rev, step in enumerate(("dismiss", "archive"), 1):
            answer = client.post(
                f"/incidents/{made['id']}/steps", json={"rev": rev, "step": step, "reason": "误报"}
            )
            assert answer.status_code == 200, answer.text
    page = desk_of("duty")
    page.keyboard.press("/")
    page.keyboard.type(made["number"])
    expect(page.get_by_role("option", name="早已归档")).to_be_visible()


def test_the_sheet_and_the_panel_count_the_same_open_elements(desk_of, city):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.keyboard.type("要素计数 有人求助")
    page.fill("#place", "城北某小区")
    expect(page.locator("#sheet .no-position")).to_be_visible()
    expect(page.locator(".needed li:not(.done)", has_text="事发地点（无位置）")).to_have_count(1)
    boxes = page.locator("#sheet .figure input")
    for number in range(5):
        boxes.nth(number).fill("0")
    boxes.nth(5).press("x")
    expect(page.locator(".needed .unknown", has_text="已造成后果")).to_have_count(1)
    count = page.locator(".needed li:not(.done), .needed li.unknown").count()
    expect(page.locator("#sheet .next")).to_contain_text(f"还有 {count} 项待核")
    save(page)
    line = page.locator("#panel .open-elements")
    expect(line).to_contain_text(f"待核要素（{count}）")
    for words in ("事发地点（无位置）", "已造成后果（受影响不详）", "等级", "报告人"):
        expect(line).to_contain_text(words)


def test_a_chosen_grade_keeps_its_colour_under_the_pointer(desk_of):
    page = desk_of("duty", color_scheme="light")
    page.keyboard.press("n")
    chosen = page.locator("#sheet .grade-choice").first
    chosen.click()  # the pointer stays on it
    expect(chosen).to_have_attribute("aria-checked", "true")
    expect(chosen).to_have_css("background-color", "rgb(196, 32, 45)")
    page.keyboard.press("Escape")


def test_going_on_by_tab_and_enter_grades_nothing(desk_of, city):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.keyboard.type("误按回车 绕城高速汉城服务区 甲醇罐车泄漏")
    expect(page.locator("#sheet .chip")).to_have_count(2)
    page.keyboard.press("Tab")
    group = page.locator("#sheet .grade-choices")
    chosen = group.locator("[aria-checked=true]")
    expect(group).to_be_focused()
    for _press in range(3):
        page.keyboard.press("Enter")
    expect(chosen).to_have_count(0)
    page.keyboard.press("3")
    expect(chosen).to_have_attribute("aria-label", "Ⅲ级 较大")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    expect(chosen).to_have_attribute("aria-label", "Ⅳ级 一般")
    expect(page.locator(".counter[aria-pressed=true]")).to_have_count(0)  # the list is not filtered
    ring = "one => getComputedStyle(one).outlineStyle"
    assert chosen.evaluate(ring) == "solid"
    page.locator("#place").focus()
    assert chosen.evaluate(ring) == "none"  # chosen looks otherwise than focused
