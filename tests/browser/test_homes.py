"""Who is in charge, on the screen: asked by another node, taken over from above, handed over."""

import json
from datetime import UTC, datetime

from playwright.sync_api import Page, expect


def open_incident(page: Page, title: str) -> None:
    page.locator(".row", has_text=title).click()
    expect(page.locator(".panel-title")).to_contain_text(title)
    expect(page.locator(".node-sharing")).to_be_visible()


def request(page: Page, text: str):
    return page.locator(".request", has_text=text)


def control(page: Page, name: str):
    return page.locator("#panel").get_by_role("button", name=name, exact=True)


def origin(page: Page):
    return page.locator(".panel-head .origin")


def fact(page: Page, text: str):
    return page.locator(".facts dd", has_text=text)


def test_the_city_asks_for_a_change_and_the_district_makes_it_with_its_answer(desk_of, district):
    made = district.report("请求更改的事件", grade=4)
    there, here = desk_of("duty", at=district), desk_of("duty")
    open_incident(here, made["title"])
    control(here, "请求更改").click()
    form = here.locator(".requests .ask")
    expect(form.locator("textarea")).to_be_focused()
    here.keyboard.type("三人送医，请升为较大")
    form.get_by_label("更改字段").select_option("grade")
    form.get_by_label("新值").select_option("3")
    form.get_by_label("答复时限").select_option("15")
    form.get_by_role("button", name="发送请求").dblclick()
    expect(request(here, "三人送医")).to_contain_text("已请求，未确认")
    expect(request(here, "三人送医").locator(".due")).to_contain_text("剩 14:")

    toast = there.locator(".toast", has_text="西安市 请求更改：请求更改的事件")
    toast.get_by_role("button", name="打开事件").click()
    asked = request(there, "三人送医")
    expect(asked).to_have_count(1)
    expect(asked).to_contain_text("Ⅳ级 一般 → Ⅲ级 较大")
    expect(asked.locator(".mark.foreign")).to_have_text("西安市")
    asked.locator("[data-outcome=refused]").click()
    answer = asked.locator(".ask")
    answer.get_by_role("button", name="不同意").click()
    expect(answer).to_contain_text("请填写原因")
    there.keyboard.press("Escape")
    asked.locator("[data-outcome=accepted]").click()
    expect(answer).to_contain_text("等级 Ⅳ级 一般 → Ⅲ级 较大")
    answer.get_by_role("button", name="同意", exact=True).click()
    expect(asked.locator(".answer")).to_contain_text("同意")

    expect(request(here, "三人送医").locator(".answer")).to_contain_text("同意")
    expect(request(here, "三人送医")).not_to_contain_text("未确认")
    expect(fact(here, "Ⅲ级 较大")).to_have_count(1)
    here.click("#tab-timeline")
    expect(here.locator(".timeline")).to_contain_text("请求更改")
    expect(here.locator(".timeline")).to_contain_text("答复：同意")


def test_taking_over_is_offered_only_while_the_home_is_cut_off_and_both_agree_afterwards(
    desk_of, city, district, is_ready
):
    made = district.report("被接管的事件")
    here = desk_of("duty")
    open_incident(here, made["title"])
    expect(control(here, "请求支援")).to_be_visible()
    expect(control(here, "接管…")).to_have_count(0)
    district.kill()
    control(here, "接管…").click()
    form = here.locator(".requests .ask")
    expect(form).to_contain_text("本节点成为主办")
    expect(form).to_contain_text("作为建议保留，不生效")
    expect(form.get_by_role("button", name="取消")).to_be_focused()
    form.get_by_role("button", name="接管", exact=True).click()
    expect(origin(here)).to_have_count(0)
    expect(control(here, "编辑")).to_be_visible()
    here.click("#tab-timeline")
    expect(here.locator(".timeline")).to_contain_text("由 西安市 接管")

    district.start()
    there = desk_of("duty", at=district)
    open_incident(there, made["title"])
    expect(origin(there)).to_contain_text("由 西安市 主办")
    expect(control(there, "请求更改")).to_be_visible()
    expect(control(there, "接管…")).to_have_count(0)
    with city.client("duty") as client, district.client("duty") as other:
        path = f"/incidents/{made['id']}"
        ours, theirs = client.get(path).json(), other.get(path).json()
    assert (ours["home"], ours["term"]) == (theirs["home"], theirs["term"]) == (city.node, 2)


def test_a_takeover_whose_answer_is_lost_is_not_asked_again_once_it_has_happened(
    desk_of, city, district
):
    made = district.report("接管答复丢失的事件")
    here = desk_of("duty")
    open_incident(here, made["title"])
    here.route("**/takeover", lambda route: route.fetch())  # done, and never answered
    district.kill()
    control(here, "接管…").click()
    here.locator(".requests .ask").get_by_role("button", name="接管", exact=True).click()
    expect(control(here, "编辑")).to_be_visible()
    expect(here.locator(".requests .ask")).to_have_count(0)
    expect(here.get_by_label("移交给节点")).to_be_visible()
    district.start()


def test_what_was_written_while_cut_off_and_does_not_hold_is_told_on_both_screens(
    desk_of, city, district
):
    made = district.report("断联后各写各的事件")
    path = f"/incidents/{made['id']}"
    here = desk_of("duty")
    open_incident(here, made["title"])
    district.kill()
    control(here, "接管…").click()
    here.locator(".requests .ask").get_by_role("button", name="接管", exact=True).click()
    expect(control(here, "编辑")).to_be_visible()
    city.kill()
    district.start()
    there = desk_of("duty", at=district)
    open_incident(there, made["title"])
    with district.client("duty") as client:
        assert client.patch(path, json={"rev": made["rev"], "grade": 2}).status_code == 200
    expect(fact(there, "Ⅱ级 重大")).to_have_count(1)
    city.start()
    for page in (there, here):
        late = page.locator(".tick", has=page.locator(".mark", has_text="建议（未生效）"))
        expect(late).to_have_count(1, timeout=30_000)
        expect(late).to_contain_text(made["title"])
        expect(fact(page, "Ⅱ级 重大")).to_have_count(0)
        told = page.locator(".open-elements", has_text="未生效的建议（1）")
        told.get_by_role("button", name="查看时间线").click()
        expect(page.locator(".line.proposal")).to_have_count(1)


def test_an_incident_is_handed_over_after_a_second_press_and_the_panel_follows(
    desk_of, city, district
):
    made = city.report("移交的事件")
    there, here = desk_of("duty", at=district), desk_of("duty")
    open_incident(here, made["title"])
    here.get_by_label("移交给节点").select_option(district.node)
    form = here.locator(".node-sharing .ask")
    expect(form).to_contain_text("雁塔区 成为主办")
    expect(form).to_contain_text("将先共享给 雁塔区")
    here.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(origin(here)).to_have_count(0)

    here.get_by_label("移交给节点").select_option(district.node)
    form.get_by_role("button", name="移交给 雁塔区").click()
    expect(origin(here)).to_contain_text("由 雁塔区 主办")
    expect(control(here, "编辑")).to_have_count(0)
    open_incident(there, made["title"])
    expect(origin(there)).to_have_count(0)
    expect(control(there, "编辑")).to_be_visible()
    there.click("#tab-timeline")
    expect(there.locator(".timeline")).to_contain_text("移交给 雁塔区")


def test_what_a_former_home_wrote_is_a_proposal(desk_of, district):
    made = district.report("旧任期的事件")
    here = desk_of("duty")
    open_incident(here, made["title"])
    here.click("#tab-timeline")
    here.evaluate(
        """async ([id, title]) => {
          const { apply, incident } = await import("/static/js/store.js");
          const item = incident(id);
          const frame = { kind: "event", subject: `incident/${id}`, about: `incident/${id}` };
          const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
          const by = "duty@xian duty_officer";
          apply({ ...frame, type: "incident.taken_over", term: 2, rev: 2, time: at(1), actor: by,
                  item: { ...item, home: "xian", term: 2, rev: 2 } });
          const late = { ...frame, type: "incident.changed", term: 1, rev: 5, time: at(2),
                         actor: "duty@xian-yanta duty_officer",
                         item: { ...item, term: 1, rev: 5, title } };
          apply(late);
          apply(late);
        }""",
        [made["id"], "断联时改的标题"],
    )
    line = here.locator(".line.proposal")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("建议（未生效）")
    expect(line).to_contain_text("断联时改的标题")
    expect(here.locator(".panel-title")).to_contain_text("旧任期的事件")


def test_of_two_versions_of_one_revision_the_node_says_which_is_in_force(desk_of, district):
    made = district.report("同一版本的事件")
    here = desk_of("duty")
    open_incident(here, made["title"])
    with here.expect_response(f"**/api/incidents/{made['id']}"):
        here.evaluate(
            """async ([id, title]) => {
              const { apply, incident } = await import("/static/js/store.js");
              const { term, rev, ...item } = incident(id);
              apply({ kind: "event", subject: `incident/${id}`, about: `incident/${id}`, term, rev,
                      type: "incident.changed", time: new Date().toISOString(),
                      actor: "duty@xian-yanta duty_officer", item: { ...item, title } });
            }""",
            [made["id"], "另一份标题"],
        )
    expect(here.locator(".panel-title")).to_contain_text("同一版本的事件")


def test_a_log_that_went_on_from_an_old_copy_is_told_until_closed(desk_of, is_ready):
    page = desk_of("duty")
    news = {"reason": "database behind its marker", "lost": 3, "returned": 2}
    news |= {"at": datetime.now(UTC).isoformat()}

    def rewrite(text: str) -> str:
        frame = json.loads(text)
        if frame["kind"] == "link":
            frame |= {"renewed": news, "unerased": [{"node": "xian-yanta"}]}
            frame["forks"] = {"at": news["at"], "count": 2}
        return json.dumps(frame)

    def between(socket) -> None:
        node = socket.connect_to_server()
        node.on_message(lambda text: socket.send(rewrite(text)))

    page.route_web_socket("**/ws/feed", between)
    page.reload()
    is_ready(page)
    renewed = page.locator("[data-notice=renewed]")
    expect(renewed).to_contain_text("数据库落后于标记），当时缺 3 条；")
    expect(renewed).to_contain_text("本节点自己所写的已取回 2 条")
    expect(page.locator("[data-notice=unerased]")).to_contain_text("1 个节点未确认删除已撤回的共享")
    expect(page.locator("[data-notice=forks]")).to_contain_text("2 条记录的同一版本被写了两次")
    renewed.get_by_role("button", name="关闭").click()
    expect(renewed).to_have_count(0)
    page.reload()
    is_ready(page)
    expect(page.locator("[data-notice=unerased]")).to_be_visible()
    expect(renewed).to_have_count(0)
