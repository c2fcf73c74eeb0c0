"""A drill is run on the screens: the controller's console, the players' desk, a real alarm."""

import re

from playwright.sync_api import Page, expect

from tests.browser.parts import rows


def test_an_exercise_is_played_on_the_desk_and_steered_from_the_console(begun, desk_of, city):
    office, address = begun
    player, fire, evaluator = desk_of("duty"), desk_of("fire"), desk_of("health")
    for page in (player, fire, evaluator):
        page.goto(address)
        page.get_by_role("link", name="进入演练值班台").click()
    expect(player.locator(".exercise-chip")).to_contain_text("防汛桌面演练（运行）")
    expect(player.locator("#exercise-clock")).to_have_text(re.compile("00:0"))
    expect(player.locator(".received")).to_contain_text("沣峪口山洪，请核实")
    expect(fire.locator(".received")).to_contain_text("尚未收到情景事件")
    expect(evaluator.get_by_role("button", name=re.compile("新事件"))).to_have_count(0)

    player.locator(".received").get_by_role("button", name="记录").click()
    expect(player.locator("#sheet textarea").first).to_have_value("沣峪口 沣峪口山洪，请核实")
    player.get_by_label("标题").fill("演练：沣峪口山洪")
    player.keyboard.press("Control+Enter")
    expect(player.locator("#panel")).to_contain_text("演练-xian-")
    expect(rows(evaluator, "演练：沣峪口山洪")).to_have_count(1)
    real = desk_of("duty2")
    expect(rows(real, "演练：沣峪口山洪")).to_have_count(0)

    other = desk_of("office")
    other.goto(f"{address}/score")
    expect(other.locator("tbody")).to_contain_text("接报响应用时")
    expect(other.locator(".score-total")).to_contain_text("100.00")
    with city.client("duty") as client:
        listed = client.get("/incidents", params={"realm": f"ex:{address.rpartition('/')[2]}"})
        [made] = listed.json()["items"]
        changed = {"rev": made["rev"], "title": "后来改过的标题"}
        assert client.patch(f"/incidents/{made['id']}", json=changed).status_code == 200
    other.locator(".evidence a").click()
    expect(other.locator("#replay-incidents")).to_contain_text("演练：沣峪口山洪")
    picture = "element => getComputedStyle(element, '::after').backgroundImage"
    assert "watermark.svg" in other.locator("#replay-map").evaluate(picture)
    expect(other.locator("#replay-moments .chosen")).to_contain_text("演练：沣峪口山洪")
    expect(other.locator("#replay")).not_to_contain_text("后来改过的标题")
    other.locator("#replay-at").press("End")
    expect(other.locator("#replay-incidents")).to_contain_text("后来改过的标题")
    other.locator("#replay-incidents a").click()
    expect(other.locator("#panel")).to_contain_text("后来改过的标题")

    office.get_by_role("button", name="立即发出 2").click()
    expect(fire.locator(".received")).to_contain_text("请派排水车")
    expect(player.locator(".received")).not_to_contain_text("请派排水车")

    other.goto(f"{address}/run")
    office.get_by_role("button", name="暂停").click()
    expect(other.locator("#clock .state")).to_have_text("已暂停")
    expect(player.locator("#exercise-clock")).to_contain_text("已暂停")
    stood = player.locator("#exercise-clock").text_content()

    city.report("真实：高层火灾", grade=1)
    expect(player.locator("#alarm")).to_contain_text("真实：高层火灾")
    assert player.locator("#exercise-clock").text_content() == stood
    with city.client("duty") as client:
        [alarm] = client.get("/incidents", params={"q": "真实：高层火灾"}).json()["items"]
    elsewhere = player.context.new_page()
    elsewhere.goto(f"{player.url}?incident={alarm['id']}")
    expect(elsewhere.locator("#tab-body")).to_have_text(re.compile("不属于当前值班台"))
    elsewhere.close()
    player.locator("#alarm").get_by_role("link", name="转到真实值班台").click()
    expect(rows(player, "真实：高层火灾")).to_have_count(1)
    expect(player.locator(".exercise-chip")).to_have_count(0)


def test_on_a_phone_a_player_is_told_how_many_injects_wait(begun, desk_of):
    office, address = begun
    phone = desk_of("duty", viewport={"width": 390, "height": 844})
    phone.goto(f"{address}/desk")
    activity = phone.locator("#dock").get_by_role("button", name="动态")
    expect(activity).to_have_accessible_name(re.compile("1 项待处理"))
    expect(office.locator("#injects")).to_contain_text("（实际时刻）")
    expect(office.locator("#injects [data-due]")).to_have_text(re.compile(r"实际再过 \d"))
    activity.click()
    phone.locator(".received").get_by_role("button", name="记录").click()
    phone.get_by_label("标题").fill("演练：沣峪口山洪")
    phone.locator("#sheet").get_by_role("button", name=re.compile("保存|登记")).first.click()
    expect(activity).not_to_have_accessible_name(re.compile("待处理"))


def test_on_a_phone_a_line_that_is_cut_shows_in_an_exercise_too(begun, desk_of, district):
    _office, address = begun
    phone = desk_of("duty", viewport={"width": 390, "height": 844})
    phone.goto(f"{address}/desk")
    links = phone.locator("#links")
    expect(links).to_have_attribute("data-state", "live")
    expect(links).to_be_hidden()
    district.kill()
    expect(links).to_be_visible(timeout=60_000)
    expect(links).to_contain_text("1 离线")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    district.start()
    expect(links).to_be_hidden(timeout=60_000)


def test_what_is_written_in_an_exercise_stays_in_its_drafts(begun, desk_of, is_ready):
    _office, address = begun
    player = desk_of("duty")
    player.goto(f"{address}/desk")
    player.locator(".received").get_by_role("button", name="记录").click()
    expect(player.locator("#sheet textarea").first).to_have_value(re.compile("沣峪口"))
    player.goto(address.partition("/drills")[0])
    is_ready(player)
    player.keyboard.press("n")
    expect(player.locator("#sheet textarea").first).to_have_value("")


def test_a_killed_node_is_told_on_the_console_and_its_clock_goes_on(begun, city):
    office, _address = begun
    expect(office.locator("[data-silent]")).to_be_hidden()
    city.kill()
    expect(office.locator("[data-silent]")).to_be_visible()
    city.start()
    expect(office.locator("[data-silent]")).to_be_hidden()
    expect(office.locator("#clock .state")).to_have_text("进行中")
    office.get_by_role("button", name="立即发出 2").click()
    expect(office.locator("tr", has_text="请派排水车")).to_contain_text("已发")


def test_an_exercise_that_is_broken_off_says_why_to_everybody(begun, desk_of):
    office, address = begun
    office.get_by_text("中止演练").first.click()
    office.get_by_label("原因").fill("真实险情")
    office.locator("form[action$=abort] button").click()
    expect(office.locator("#clock")).to_contain_text("已中止")
    fire = desk_of("fire")
    fire.goto(address)
    expect(fire.locator(".told.bad")).to_contain_text("演练已中止：真实险情")


def seconds(text: str) -> int:
    """Of a time that is left: 29:30."""
    minutes, rest = re.search(r"(\d+):(\d\d)", text).groups()
    return int(minutes) * 60 + int(rest)


def second_passes(page: Page) -> None:
    """The clock of the wall shows another second, and one more."""
    for _change in range(2):
        shown = page.locator(".clock-time").text_content()
        expect(page.locator(".clock-time")).not_to_have_text(shown)


def test_deadlines_run_as_fast_as_the_clock_and_stand_while_it_is_paused(begun, desk_of, city):
    office, address = begun
    realm = f"ex:{address.rpartition('/')[2]}"
    made = city.report("演练：涵洞积水", type_code="11A02", realm=realm)
    player = desk_of("duty")
    player.goto(f"{address}/desk?incident={made['id']}")
    player.click("#tab-tasks")
    player.locator("[data-act=activate]").click()
    ask = player.locator(".tasks .ask")
    ask.get_by_label("响应级别").select_option(label="关注级响应")
    ask.get_by_label("处置措施").fill("抽排")
    ask.get_by_role("button", name="启动").click()
    left = player.locator(".task time.due").first
    expect(left).to_contain_text("剩")
    office.get_by_role("button", name="×10").click()
    expect(player.locator("#exercise-clock")).to_contain_text("×10")
    before = seconds(left.text_content())
    for _change in range(8):  # each some seconds of the wall at most
        shown = left.text_content()
        if before - seconds(shown) >= 20:
            break
        expect(left).not_to_have_text(shown)
    office.get_by_role("button", name="暂停").click()
    expect(player.locator("#exercise-clock")).to_contain_text("已暂停")
    second_passes(player)  # what is left is drawn once a second
    stood = seconds(left.text_content())
    assert before - stood >= 20, "eight changes, one each second, are eighty of the exercise"
    second_passes(player)
    second_passes(player)
    assert seconds(left.text_content()) == stood


def test_a_task_of_who_takes_no_part_is_marked_and_said_before_it_is_issued(begun, desk_of, city):
    _office, address = begun
    made = city.report(
        "演练：下沉隧道", type_code="11A02", realm=f"ex:{address.rpartition('/')[2]}"
    )
    player = desk_of("duty")
    player.goto(f"{address}/desk?incident={made['id']}")
    player.click("#tab-tasks")
    player.locator("[data-act=activate]").click()
    ask = player.locator(".tasks .ask")
    ask.get_by_label("响应级别").select_option(label="Ⅱ级响应")
    said = ask.locator("li", has_text="不参演")
    expect(said).to_contain_text("西安市水务局")
    expect(said).not_to_contain_text("西安市消防救援支队")
    expect(ask).to_contain_text("其中参加演练的单位即可看到此事件")
    ask.get_by_label("处置措施").fill("封闭隧道")
    ask.get_by_role("button", name="启动").click()
    tasks = player.locator(".task")
    for name, absent in [("西安市水务局", True), ("西安市消防救援支队", False)]:
        own = tasks.filter(has=player.locator(".mark", has_text=name)).first
        expect(own.locator(".mark", has_text="不参演")).to_have_count(int(absent))


def test_in_english_an_exercise_names_the_other_nodes_in_english_too(
    begun, desk_of, city, district
):
    _office, address = begun
    player = desk_of("duty")
    english = {"name": f"bt-language-{city.node}", "value": "en", "url": city.url}
    player.context.add_cookies([english])
    player.goto(f"{address}/desk")
    expect(player.locator(".links-opener")).to_contain_text("Yanta District")
    player.goto(address)
    expect(player.locator("main")).to_contain_text("Fire and Rescue")


def test_an_evaluator_marks_on_a_phone_while_the_line_is_down(begun, desk_of, city):
    office, address = begun
    office.goto(f"{address}/criteria")
    office.get_by_role("button", name="保存").click()
    expect(office.locator(".told").first).to_contain_text("已保存")
    phone = desk_of("health", viewport={"width": 390, "height": 844})
    phone.goto(f"{address}/marks")
    cards = phone.locator(".mark-card")
    first, veto = cards.first, cards.filter(has_text="演练中无人员伤亡")
    first.get_by_text("4 良好").click()
    first.get_by_role("button", name="保存").click()
    expect(first.locator(".mark-state")).to_contain_text("已评")

    choice = phone.locator("#filter")
    every = cards.count()
    choice.get_by_label("只看未评").check()
    expect(first).to_be_hidden()
    expect(choice.locator("output")).to_have_text(f"{every - 1} / {every}")
    choice.get_by_label("只看未评").uncheck()
    choice.get_by_label("单位").select_option("西安市消防救援支队")
    expect(cards.filter(visible=True).filter(has_not_text="西安市消防救援支队")).to_have_count(0)
    assert 0 < cards.filter(visible=True).count() < every
    choice.get_by_label("单位").select_option("")

    phone.context.set_offline(True)
    veto.get_by_text("否", exact=True).click()
    veto.get_by_role("button", name="保存").click()
    expect(phone.locator("#unsent")).to_contain_text("1 项打分保存在本浏览器")
    other = desk_of("office")
    other.goto(f"{address}/score")
    expect(other.locator(".score-total")).not_to_contain_text("已被否决")
    phone.context.set_offline(False)
    expect(veto.locator(".mark-state")).to_contain_text("已评")
    expect(phone.locator("#unsent")).to_be_hidden()
    other.reload()
    expect(other.locator(".score-total")).to_contain_text("已被否决")
    expect(other.locator(".given").first).to_be_visible()
    phone.reload()
    expect(first.get_by_label("4 良好")).to_be_checked()
    first.get_by_role("button", name="撤回").click()
    expect(first.locator(".mark-state")).to_contain_text("已撤回")


def test_a_replay_opens_from_disk_and_asks_no_host_for_anything(begun, city, tmp_path):
    office, address = begun
    expect(office.locator("[data-time]")).to_have_text(re.compile("00:00:(0[2-9]|[1-9])"))
    city.report("盘上的事件", realm=f"ex:{address.rpartition('/')[2]}",
                location={"lon": 108.9, "lat": 34.2, "confirmed": True})  # fmt: skip
    office.goto(f"{address}/report")
    expect(office.locator(".lanes circle.mark-incident-reported")).to_have_count(1)
    with office.expect_download() as taken:
        office.get_by_role("link", name="回放另存为单个文件").click()
    file = tmp_path / "回放.html"
    taken.value.save_as(file)
    page, asked, broken = office.context.browser.new_context().new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(file.as_uri())
    expect(page.locator("#list")).to_contain_text("盘上的事件")
    over_map = page.locator("#mark").bounding_box()
    assert over_map["width"] > 300 and over_map["height"] > 200, "the word lies over the map"
    expect(page.locator(".leaflet-tooltip")).to_have_text("盘上的事件")
    page.locator("#at").press("Home")
    expect(page.locator(".leaflet-tooltip")).to_have_count(0)
    assert asked == [file.as_uri()] and not broken
