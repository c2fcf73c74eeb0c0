"""Sharing with other nodes on the screen: what a node would hold, before it holds it."""

from playwright.sync_api import Page, expect

LONG = "雁塔区电子城街道含光南路与丈八东路十字东北角地下综合管廊燃气舱甲烷浓度持续超限报警"
POINT = {"lon": 108.95, "lat": 34.22, "confirmed": True}


def open_incident(page: Page, title: str) -> None:
    page.locator(".row", has_text=title).click()
    expect(page.locator(".node-sharing .share-with")).to_be_visible()


def test_before_and_after_sharing_one_sees_what_the_other_node_holds(desk_of, city, district):
    made = city.report(LONG, location=POINT, reporter={"name": "王某某"}, summary="值班员复核中")
    with city.client("duty") as client:
        client.post(f"/incidents/{made['id']}/entries", json={"text": "燃气公司已派员"})
    page = desk_of("duty")
    open_incident(page, LONG)
    page.locator(".node-sharing .share-with").select_option(district.node)
    question = page.locator(".node-sharing .ask")
    question.get_by_role("button", name="以 雁塔区 身份查看").click()
    seen = page.locator("dialog.preview")
    expect(seen).to_contain_text("以 雁塔区 的身份查看")
    expect(seen).to_contain_text("雁塔区 尚未持有")
    for text in (LONG, "值班员复核中", "王某某", "燃气公司已派员", "全部发送，包括个人信息"):
        expect(seen).to_contain_text(text)
    expect(seen.locator("button, a, input, select, textarea")).to_have_count(1)  # to close it
    page.keyboard.press("n")
    expect(page.locator("#sheet")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(seen).to_have_count(0)
    expect(question).to_be_visible()

    question.get_by_role("button", name="共享给 雁塔区").click()
    holder = page.locator(f".node-sharing li[data-node={district.node}]")
    holder.get_by_role("button", name="预览").click()
    expect(seen).to_contain_text("雁塔区 可持有以下内容")
    expect(seen.locator(".timeline")).to_contain_text("共享给 雁塔区")


def test_a_neighbour_is_suggested_and_goes_through_the_usual_question_or_is_refused(
    desk_of, city, district
):
    made, other = (city.report(f"{name}的边界事件", location=POINT) for name in ("北口", "南口"))
    page = desk_of("duty")
    suggested = page.locator(f".neighbours .neighbour[data-node={district.node}]")
    open_incident(page, made["title"])
    expect(suggested).to_contain_text("事发地点位于 雁塔区，建议共享")
    suggested.get_by_role("button", name="共享…").click()
    question = suggested.locator(".ask")
    expect(question).to_contain_text("的值班岗位将看到")
    question.get_by_role("button", name="共享给 雁塔区").click()
    expect(suggested).to_have_count(0)
    expect(page.locator(f".node-sharing li[data-node={district.node}]")).to_be_visible()

    open_incident(page, other["title"])
    suggested.get_by_role("button", name="暂不").click()
    expect(suggested).to_have_count(0)
    page.reload()
    open_incident(page, other["title"])
    expect(page.locator(".neighbours")).to_be_hidden()


def test_on_a_phone_a_question_is_read_before_it_is_answered(desk_of, city, district):
    made = city.report(f"手机{LONG}", location=POINT)
    page = desk_of("duty", width=390, height=844, has_touch=True, is_mobile=True)
    page.locator(".row", has_text=made["title"]).tap()
    suggested = page.locator(f".neighbours .neighbour[data-node={district.node}]")
    expect(suggested).to_be_visible()
    line, bar = page.locator(".entry-line").bounding_box(), page.locator("#dock").bounding_box()
    assert line["y"] + line["height"] <= bar["y"]
    suggested.get_by_role("button", name="共享…").tap()
    expect(page.locator("body")).to_have_attribute("data-height", "full")
    page.wait_for_function("() => document.getAnimations().length === 0")
    title = suggested.locator(".ask strong").bounding_box()
    assert title["y"] >= page.locator(".panel-body").first.bounding_box()["y"]
    answer = suggested.get_by_role("button", name="共享给 雁塔区").bounding_box()
    assert answer["y"] + answer["height"] <= page.locator(".entry-line").bounding_box()["y"]
    page.locator(".dock-item", has_text="地图").tap()
    expect(page.locator("body")).to_have_attribute("data-height", "half")


def test_who_edits_is_told_whom_a_rule_will_share_it_with(desk_of, city, district):
    made = city.report("待升级的事件", grade=4)
    page = desk_of("duty")
    open_incident(page, made["title"])
    page.evaluate(
        """async () => {
          const nodes = await import("/static/js/nodes.js");
          const yanta = nodes.allNodes().find(({ node }) => node === "xian-yanta");
          yanta.rules.push({ type_prefix: "12D", least_grade: 2 });
        }"""
    )
    page.get_by_role("button", name="编辑", exact=True).click()
    said = page.locator(".edit .by-rule")
    expect(said).to_have_text("")
    page.locator(".edit .grade-choice.grade-2").click()
    expect(said).to_have_text("保存后将按共享规则共享给：雁塔区")


def test_nothing_is_handed_over_to_a_node_that_is_offline(desk_of, city, district):
    made = city.report("待移交的事件")
    page = desk_of("duty")
    open_incident(page, made["title"])
    option = page.locator(f".hand-over option[value={district.node}]")
    expect(option).to_be_enabled()
    district.kill()
    expect(option).to_be_disabled()
    expect(option).to_have_text("雁塔区（离线，不能移交）")
    with city.client("duty") as client:
        body = {"rev": made["rev"], "node": district.node}
        answer = client.post(f"/incidents/{made['id']}/home", json=body)
    assert answer.status_code == 409 and "无法联系" in answer.json()["message"]
    district.start()
    expect(option).to_be_enabled()


def test_a_department_of_the_city_is_shown_what_a_district_reported(desk_of, city, district):
    made = district.report("区里上报的事件", location=POINT, reporter={"name": "王某某"})
    fire = city.accounts["fire"]["organisation"]
    desk, department = desk_of("duty"), desk_of("fire")
    row = department.locator(".row", has_text=made["title"])
    desk.locator(".row", has_text=made["title"]).click()
    shown = desk.locator(".sharing:not(.node-sharing, .neighbours)")
    expect(shown).to_contain_text(
        "此事件由 雁塔区 主办。在此开放仅在本节点生效；所开放单位的已阅、签收对方可见。"
    )
    expect(row).to_have_count(0)
    shown.get_by_label("单位").select_option(label=fire)  # chosen is not opened
    expect(shown.locator("li", has_text=fire)).to_have_count(0)
    expect(row).to_have_count(0)
    shown.get_by_role("button", name="开放", exact=True).click()
    line = shown.locator("li", has_text=fire)
    expect(line).to_contain_text("由本节点开放，仅本节点可见")

    row.click()
    panel = department.locator("#panel")
    expect(panel).to_contain_text(made["title"])
    expect(panel).not_to_contain_text("王某某")
    with district.client("duty") as client:
        client.post(f"/incidents/{made['id']}/entries", json={"text": "一人获救"})
        assert client.get(f"/incidents/{made['id']}").json()["shown_here"] == []
    department.get_by_role("tab", name="时间线").click()
    expect(panel).to_contain_text("一人获救")
    expect(line.locator(".is-opened")).to_contain_text("部门联络员")

    line.get_by_role("button", name="收回").click()
    expect(panel).to_be_hidden()
    expect(row).to_have_count(0)
    expect(department.locator("#toasts")).to_contain_text(made["title"])
    expect(line).to_have_count(0)
