"""Reports upward on the screen: drafted, signed, sent, taken; a follow-up says what changed."""

import re

from playwright.sync_api import Page, expect


def open_reports(page: Page, title: str) -> None:
    page.locator(".row", has_text=title).click()
    expect(page.locator(".panel-title")).to_contain_text(title)
    page.click("#tab-reports")
    expect(page.locator("#panel .reports")).to_be_visible()


def form(page: Page):
    return page.locator(".reports .ask")


def submit(page: Page, kind: str, text: str | None = None) -> None:
    page.locator(f"[data-draft={kind}]").click()
    form(page).get_by_label("报送单位").fill("市政府总值班室")
    if text is not None:
        form(page).get_by_label("报告内容").fill(text)
    form(page).get_by_role("button", name="送签").click()
    expect(page.locator(".first-report.is-waiting")).to_be_visible()


def sign(page: Page) -> None:
    page.locator(".is-waiting [data-act=sign]").click()
    form(page).get_by_role("button", name="签发", exact=True).click()
    expect(page.locator(".is-waiting")).to_have_count(0)


def test_a_report_of_a_district_is_signed_there_and_taken_at_the_city(desk_of, city, district):
    made = district.report("沣峪口山洪", summary="三人失联")
    duty, leader = desk_of("duty", at=district), desk_of("leader", at=district)
    above = desk_of("duty")
    open_reports(duty, made["title"])
    duty.locator("[data-draft=written]").click()
    expect(form(duty).get_by_label("报告内容")).to_have_value(re.compile("三人失联"))
    duty.keyboard.press("Escape")
    submit(duty, "written")
    told = above.locator(".tick", has_text=made["title"])
    expect(told.filter(has_text="书面首报")).to_have_count(0)

    leader.locator(".toast", has_text="有报告待您签发").get_by_role("button").first.click()
    expect(leader.locator(".is-waiting .report-text")).to_contain_text("三人失联")
    sign(leader)
    issued = duty.locator("[data-report=written]")
    expect(issued).to_contain_text("签发 雁塔区 王芳")
    expect(issued.locator(".arrivals")).to_contain_text("已送达 西安市")

    above.locator(".toast", has_text="雁塔区 报来").get_by_role("button").first.click()
    there = above.locator("[data-report=written]")
    expect(there).to_contain_text("三人失联")
    there.get_by_role("button", name="签收报告").click()
    expect(there.get_by_role("button", name="签收报告")).to_have_count(0)
    expect(issued).to_contain_text("西安市 已签收")
    expect(above.locator("[data-draft]")).to_have_count(0)


def test_a_follow_up_says_what_changed_and_asks_about_a_figure_that_fell(desk_of, city, is_ready):
    unknown = dict.fromkeys("dead injured serious missing trapped affected".split())
    made = city.report("高层火灾续报", summary="十二层起火", casualties=unknown | {"trapped": 6})
    leader = desk_of("leader")
    open_reports(leader, made["title"])
    expect(leader.locator("[data-draft=followup]")).to_have_count(0)
    submit(leader, "written")
    sign(leader)
    with city.client("duty") as client:
        now = client.get(f"/incidents/{made['id']}").json()
        change = {"rev": now["rev"], "casualties": unknown | {"trapped": 2, "injured": 4}}
        assert client.patch(f"/incidents/{made['id']}", json=change).status_code == 200
    expect(leader.locator("#panel [data-draft=followup]")).to_be_visible()
    leader.locator("[data-draft=followup]").click()
    text = form(leader).get_by_label("报告内容")
    expect(text).to_have_value("上次报告以来的变化：\n· 已造成后果：受伤 不详 → 4，被困 6 → 2")
    text.fill("被困减至两人，伤四人。")
    leader.reload()
    is_ready(leader)
    open_reports(leader, made["title"])
    leader.locator("[data-draft=followup]").click()
    expect(form(leader).get_by_label("报告内容")).to_have_value("被困减至两人，伤四人。")
    form(leader).get_by_label("起因和性质：不详").check()
    form(leader).get_by_role("button", name="送签").click()
    expect(form(leader)).to_contain_text("有数字低于上一次报告")
    form(leader).get_by_label("低于上一次报告，经核对无误：被困 6 → 2").check()
    form(leader).get_by_role("button", name="送签").click()
    sign(leader)
    issued = leader.locator("[data-report=followup]")
    expect(issued.locator("h3")).to_have_text("续报一")
    expect(issued.locator(".changes")).to_contain_text("6 → 2")
    expect(issued).to_contain_text("当时待核")
    expect(issued.locator(".open-elements")).to_contain_text("起因")
    submit(leader, "final", "已扑灭，无人死亡。")
    sign(leader)
    expect(leader.locator("[data-report=final]")).to_contain_text("已扑灭")
    expect(leader.locator(".panel-head")).to_contain_text("终报")
    expect(leader.locator("[data-draft]:not([data-draft=supplement])")).to_have_count(0)


def test_a_form_opens_though_the_incident_changes_while_it_is_made_ready(desk_of, city):
    """What it is filled from takes a moment to come; a colleague's change draws the tab anew."""
    made = city.report("边写边变")
    leader = desk_of("leader")
    open_reports(leader, made["title"])

    def opens_through(step: str, press: str, asked: str) -> None:
        held: list = []
        pressed = leader.locator(f"#tab-body {press}")
        pressed.evaluate("one => one.dataset.before = ''")
        leader.route(asked, lambda route: held.append(route))
        pressed.click()
        with city.client("duty") as client:
            rev = client.get(f"/incidents/{made['id']}").json()["rev"]
            body = {"rev": rev, "step": step}
            assert client.post(f"/incidents/{made['id']}/steps", json=body).status_code == 200
        expect(leader.locator("#tab-body [data-before]")).to_have_count(0)
        assert held
        for route in held:
            route.continue_()
        leader.unroute(asked)
        expect(leader.locator("#tab-body .ask")).to_be_visible()

    opens_through("verify", "[data-draft=written]", "**/reports/next?*")
    form(leader).get_by_label("报送单位").fill("市政府总值班室")
    form(leader).get_by_role("button", name="送签").click()
    opens_through("report", "[data-act=sign]", "**/api/drafts/*")
    form(leader).get_by_role("button", name="签发", exact=True).click()
    expect(leader.locator("[data-report=written]")).to_contain_text("签发 西安市 赵建国")
    leader.click("#tab-tasks")
    opens_through("handle", "[data-act=activate]", "**/api/plans*")


def test_without_a_leader_at_the_desk_the_approval_by_word_of_mouth_is_written_down(desk_of, city):
    made = city.report("夜间塌陷")
    duty, leader = desk_of("duty"), desk_of("leader")
    open_reports(duty, made["title"])
    submit(duty, "written", "路面塌陷，已围挡。")
    duty.locator(".is-waiting [data-act=sign]").click()
    form(duty).get_by_role("textbox", name="批准人").fill("赵建国")
    form(duty).get_by_role("button", name="按口头批准签发").click()
    expect(form(duty)).to_contain_text("请先复述全文")
    form(duty).get_by_label("已向批准人复述全文").check()
    form(duty).get_by_role("button", name="按口头批准签发").click()
    expect(duty.locator("[data-report=written]")).to_contain_text("口头批准：赵建国")

    open_reports(leader, made["title"])
    submit(duty, "followup", "又塌一处。")
    leader.locator(".is-waiting [data-act=return]").click()
    form(leader).get_by_label("退回原因").fill("写明面积")
    form(leader).get_by_role("button", name="退回").click()
    expect(duty.locator(".reports")).to_contain_text("续报被退回 写明面积")
    duty.locator("[data-draft=followup]").click()
    expect(form(duty).get_by_label("报告内容")).to_have_value("又塌一处。")
