"""Keys, languages, sizes and themes of the desk."""

import re

import pytest
from playwright.sync_api import expect

CHINESE = re.compile(r"[\u3400-\u9fff]+")
LANGUAGE = "中文"  # in its own words


def test_every_key_of_the_help_does_what_it_says(desk_of, city):
    city.report("按键一", grade=3, location={"lon": 108.95, "lat": 34.25, "confirmed": True})
    city.report("按键二", grade=4)
    page = desk_of("duty")
    page.keyboard.press("?")
    expect(page.locator("dialog.help")).to_be_visible()
    listed = page.locator("dialog.help section").first.locator("kbd").all_inner_texts()
    assert listed[:8] == ["/", "N", "J ↓", "K ↑", "Enter", "Esc", "E", "S"]
    assert listed[8:12] == ["L", "F", "1 – 4, 0", "?"]
    page.keyboard.press("Escape")
    expect(page.locator("dialog.help")).to_have_count(0)

    page.keyboard.press("/")
    expect(page.locator("#search input")).to_be_focused()
    page.keyboard.press("n")  # a letter in a field is a letter
    expect(page.locator("#sheet")).to_be_hidden()
    page.locator("#search input").fill("")
    page.keyboard.press("Escape")

    page.keyboard.press("3")
    expect(page.locator(".counter").nth(2)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".row", has_text="按键二")).to_have_count(0)
    page.keyboard.press("3")
    expect(page.locator(".row", has_text="按键二")).to_have_count(1)

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".row.current")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator(".entry-line textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()

    page.keyboard.press("l")
    expect(page.locator("#layers-flyout")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#layers-flyout")).to_be_hidden()


def test_the_map_moves_only_when_it_is_asked_to(desk_of, city):
    page = desk_of("duty", with_map=True)
    page.evaluate("async () => { window.map = (await import('/static/js/map.js')).theMap(); }")
    view = "() => [...map.getCenter().toArray(), map.getZoom()].map((one) => one.toFixed(5)).join()"
    page.wait_for_function("() => !map.isMoving()")
    before = page.evaluate(view)
    city.report("远处的事件", location={"lon": 108.2, "lat": 34.1, "confirmed": True})
    row = page.locator(".row", has_text="远处的事件")
    expect(row).to_have_count(1)
    assert page.evaluate(view) == before
    row.click()
    page.wait_for_function("() => Math.abs(map.getBounds().getCenter().lng - 108.2) < 0.1")
    page.wait_for_function("() => !map.isMoving()")
    row.click()
    page.wait_for_function(f"() => ({view})() === '{before}'")


FORGET = """import("/static/js/store.js").then(({ all, drop }) =>
  [...all()].forEach(({ id }) => drop(id)))"""


def test_the_english_desk_is_english_everywhere(desk_of):
    page = desk_of("health", locale="en-US")
    page.evaluate(FORGET)  # nothing but the interface
    page.keyboard.press("l")
    expect(page.locator("#layers-flyout")).to_contain_text("demo data")
    expect(page.locator(".brand")).to_contain_text("Xi'an emergency command")
    page.keyboard.press("?")
    texts = [page.locator("body").inner_text()]
    page.keyboard.press("Escape")
    page.locator(".list .column-head button").first.click()
    page.locator("#user button").first.click()
    texts.append(page.locator("body").inner_text())
    texts += page.eval_on_selector_all(
        "[title], [aria-label], [placeholder]",
        "nodes => nodes.flatMap(n => [n.title, n.ariaLabel, n.placeholder]).filter(Boolean)",
    )
    name = page.locator(".user-name").inner_text()
    found = set(CHINESE.findall(" ".join(texts).replace(name, "")))
    assert "AMap" in page.locator(".sources").inner_text()
    assert found - {LANGUAGE, "暂", "停"} == set()


def test_an_english_desk_names_districts_and_classes_in_english(desk_of, city):
    city.report("英文界面", location={"lon": 108.95, "lat": 34.22, "confirmed": True})
    page = desk_of("duty", locale="en-US")
    row = page.locator(".row", has_text="英文界面")
    expect(row.locator(".row-place")).to_have_text("Yanta District")
    row.click()
    expect(page.locator(".panel-head")).to_contain_text("Chemical leak · Yanta District")
    page.get_by_role("tab", name="Around").click()
    expect(page.locator(".panel-body .areas")).to_contain_text("Yanta District")


def test_the_language_can_be_changed_and_stays(desk_of, is_ready):
    page = desk_of("duty")
    expect(page.locator("#list h2")).to_have_text("事件")
    page.locator("#user button").first.click()
    page.get_by_role("button", name="English").click()
    is_ready(page)
    expect(page.locator("#list h2")).to_have_text("Incidents")
    page.reload()
    expect(page.locator("#list h2")).to_have_text("Incidents")


def test_the_theme_can_be_changed_and_stays(desk_of, is_ready):
    page = desk_of("duty", color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.locator("#user button").first.click()
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    is_ready(page)


def test_a_phone_shows_one_section_at_a_time_and_the_panel_as_a_sheet(desk_of, city):
    city.report("手机上看", location={"lon": 108.95, "lat": 34.25, "confirmed": True})
    page = desk_of("duty", with_map=True, width=390, height=844, has_touch=True, is_mobile=True)
    expect(page.locator("#dock")).to_be_visible()
    expect(page.locator("#list")).to_be_visible()
    expect(page.locator("#feed")).to_be_hidden()
    page.locator(".dock-item", has_text="动态").tap()
    expect(page.locator("#feed")).to_be_visible()
    expect(page.locator("#list")).to_be_hidden()
    page.locator(".dock-item", has_text="事件").tap()
    page.locator(".row", has_text="手机上看").first.tap()
    page.evaluate(
        """async () => {
          const { toast } = await import("/static/js/toast.js");
          for (const words of ["一", "二", "三", "四"])
            toast(words.repeat(60), { stays: true });
        }"""
    )
    expect(page.locator(".toast")).to_have_count(4)
    heights = set()
    for _tap in range(3):  # notices are many and long, and lie over no control
        heights.add(round(page.locator("#panel").bounding_box()["height"]))
        page.locator(".grip").tap()
        page.wait_for_function("() => document.getAnimations().length === 0")
    assert len(heights) == 3
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == 390


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_long_names_stay_in_their_places(desk_of, city, width, height):
    long = "陕西省西安市未央区草滩街道尚苑路与草滩八路十字向北三百米某某物流园区危险化学品仓库" * 4
    title = f"宽{width}的标题"
    city.report(f"{title}{long}"[:200], address=long[:290], summary=long)
    page = desk_of("duty", width=width, height=height)
    row = page.locator(".row", has_text=title)
    expect(row).to_have_count(1)
    assert row.bounding_box()["height"] == pytest.approx(44, abs=1)
    row.click()
    expect(page.locator(".facts")).to_be_visible()
    wide = page.evaluate(
        """() => [...document.querySelectorAll("#panel *")].filter((node) =>
          node.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length"""
    )
    assert wide == 0


def test_only_what_the_role_allows_is_offered(desk_of, city):
    city.report("只读岗位", location={"lon": 108.95, "lat": 34.25, "confirmed": True})
    page = desk_of("observer")
    page.locator(".row", has_text="只读岗位").click()
    expect(page.locator(".facts")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^新事件"))).to_have_count(0)
    for words in ("编辑", "核实", "写一条记录", "添加图片或 PDF"):
        expect(page.locator("#panel").get_by_role("button", name=words)).to_have_count(0)
    expect(page.locator(".entry-line")).to_have_count(0)
    page.keyboard.press("n")
    expect(page.locator("#sheet")).to_be_hidden()


def test_layers_say_what_they_are_worth_and_can_be_switched(desk_of, is_ready):
    page = desk_of("duty", with_map=True)
    page.keyboard.press("l")
    schools = page.locator("#layers-flyout label", has_text="学校")
    expect(schools).to_contain_text("演示数据")
    schools.locator("input").check()
    page.reload()
    is_ready(page)
    page.keyboard.press("l")
    expect(page.locator("#layers-flyout label", has_text="学校").locator("input")).to_be_checked()
    expect(page.locator(".sources")).to_contain_text("高德")


def test_a_wrong_password_and_an_unknown_name_read_the_same(context_of, city):
    page = context_of().new_page()
    told = []
    for name in ("observer", "nobody-here"):
        page.goto(f"{city.url}/sign-in")
        page.fill("[name=username]", name)
        page.fill("[name=password]", "a-wrong-password")
        page.click("form.stack button[type=submit]")
        told.append(page.locator(".notice").inner_text())
    assert told[0] == told[1] != ""


def test_an_address_that_does_not_exist_has_a_page_of_its_own(context_of, city):
    page = context_of().new_page()
    answer = page.goto(f"{city.url}/no-such-page")
    assert answer.status == 404
    expect(page.locator("h1")).to_have_text("页面不存在")


def test_without_webgl_the_map_says_so_and_the_rest_works(desk_of):
    page = desk_of("duty", with_map=False)
    expect(page.locator(".no-map-note")).to_contain_text("WebGL")
    page.keyboard.press("n")
    page.keyboard.type("无地图登记 大雁塔 电梯困人")
    expect(page.locator(".chip")).to_have_count(2)
    page.keyboard.press("Tab")
    expect(page.locator(".aside .areas")).to_contain_text("雁塔区")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".row", has_text="无地图登记")).to_have_count(1)


def test_six_figures_of_people_fit_in_the_panel_in_english(desk_of, city):
    figures = dict.fromkeys(("dead", "serious", "injured", "missing", "trapped"), 20_000_000)
    city.report("Wide figures", casualties=figures)
    page = desk_of("duty", locale="en-US")
    page.locator(".row", has_text="Wide figures").click()
    box = page.locator(".casualties")
    expect(box).to_be_visible()
    widths = box.evaluate(
        "box => [box, ...box.children].map((one) => one.scrollWidth - one.clientWidth)"
    )
    assert max(widths) <= 0


def test_on_a_phone_the_bar_and_the_notices_follow_what_is_open(desk_of, city):
    city.report("手机记录")
    page = desk_of("duty", width=390, height=844, has_touch=True, is_mobile=True)
    dock = {words: page.locator(".dock-item", has_text=words) for words in ("地图", "事件", "新")}
    dock["地图"].tap()
    dock["新"].tap()
    expect(dock["新"]).to_have_attribute("aria-pressed", "true")
    expect(dock["地图"]).to_have_attribute("aria-pressed", "false")
    page.locator("#sheet textarea").first.fill("手机上写了一半")
    dock["事件"].tap()
    expect(page.locator("#sheet")).to_be_hidden()
    expect(dock["事件"]).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".toast")).to_contain_text("点 ＋ 继续")
    page.locator(".row", has_text="手机记录").first.tap()
    page.locator(".entry-line textarea").fill("手机上记一条")
    page.locator(".entry-line button.primary").tap()
    toast = page.locator(".toast", has_text="已记入时间线")
    expect(toast).to_be_visible()
    page.wait_for_function("() => document.getAnimations().length === 0")
    foot = page.locator("#panel .column-foot").bounding_box()
    for notice in page.locator(".toast").all():
        box = notice.bounding_box()
        assert box["y"] >= foot["y"] + foot["height"]
    dock["事件"].tap()
    expect(page.locator("#list")).to_be_visible()


def test_a_layer_that_nobody_verified_says_so_in_the_list(desk_of):
    page = desk_of("duty")
    notes = page.evaluate(
        """async () => {
          const { layerNote, takeLayer } = await import("/static/js/layers.js");
          const tiles = "/tiles/own/0/{z}/{x}/{y}";
          const layer = { rev: 1, title: "避险点", kind: "point", tiles };
          const own = [["", false], ["2023 年普查", false], ["演示数据", false], ["", true]];
          for (const [index, [note, verified]] of own.entries())
            await takeLayer({ ...layer, slug: `own${index}`, note, verified, order: 900 + index });
          return own.map((_one, index) => layerNote(`own${index}`));
        }"""
    )
    assert notes == ["未核实", "2023 年普查 · 未核实", "演示数据", ""]
    page.keyboard.press("l")
    expect(page.locator("#layers-flyout li", has_text="避险点").first).to_contain_text("未核实")
