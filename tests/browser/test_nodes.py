"""Two linked nodes on the screen: what comes from elsewhere, who holds it, how the link stands."""

import json
import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.parts import rows

POINT = {"lon": 108.95, "lat": 34.22, "confirmed": True}


def lamp(page: Page, node: str = "xian-yanta"):
    return page.locator(f".links-opener .link-lamp[data-node={node}]")


def holder(page: Page, node: str):
    return page.locator(f".node-sharing li[data-node={node}]")


def write(page: Page, text: str) -> None:
    page.locator(".entry-line textarea").fill(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".timeline")).to_contain_text(text)


def test_what_a_district_logs_appears_in_the_city_and_wears_its_origin(desk_of, city, district):
    there, here = desk_of("duty", at=district), desk_of("duty")
    there.keyboard.press("n")
    there.keyboard.type("小寨路地下车库燃气泄漏")
    expect(there.locator("#sheet .next")).to_contain_text("西安市（节点）")
    there.keyboard.press("Control+Enter")
    expect(there.locator(".panel-title")).to_contain_text("小寨路")
    row = rows(here, "小寨路地下车库")
    expect(row).to_have_class(re.compile(r"\bforeign\b"))
    expect(row.locator(".mark.foreign")).to_have_text("雁塔区")
    expect(here.locator("#feed .tick", has_text="小寨路").first).to_contain_text("雁塔区")

    row.click()
    expect(here.locator(".panel-head .mark.foreign")).to_have_text("雁塔区")
    expect(here.locator(".panel-head .origin")).to_have_text("由 雁塔区 主办；本节点可写记录")
    expect(here.get_by_role("button", name="编辑", exact=True)).to_have_count(0)
    expect(here.locator(".steps")).to_have_count(0)
    expect(holder(here, "xian-yanta")).to_contain_text("主办")
    choice = here.locator(".sharing:not(.node-sharing) select option").first
    expect(choice).to_have_text("在本节点内开放给……")
    expect(here.locator(".add-file")).to_have_count(1)
    expect(here.locator(".entry-line .readers")).to_have_text("也将被看到：雁塔区")


def test_entries_of_both_nodes_stand_together_and_each_corrects_its_own(desk_of, district):
    made = district.report("两级同记")
    there, here = desk_of("duty", at=district), desk_of("duty")
    for page in (there, here):
        rows(page, made["title"]).click()
        page.click("#tab-timeline")
    write(there, "区里记的一条")
    write(here, "市里记的一条")
    for page, own, other, name in (
        (here, "市里记的", "区里记的", "雁塔区"),
        (there, "区里记的", "市里记的", "西安市"),
    ):
        entry = page.locator(".line.entry", has_text=other)
        expect(entry.locator(".mark.foreign")).to_have_text(name)
        expect(entry.locator(".line-actions")).to_have_count(0)
        expect(page.locator(".line.entry", has_text=own).locator(".line-actions")).to_have_count(1)


def test_before_sharing_it_says_who_will_see_what_and_afterwards_that_it_arrived(
    desk_of, city, district
):
    made = city.report("市里的事件", location=POINT, reporter={"name": "王某"})
    there, here = desk_of("duty", at=district), desk_of("duty")
    rows(here, made["title"]).click()
    expect(holder(here, "xian")).to_contain_text("本节点，主办")
    here.keyboard.press("s")
    here.locator(".node-sharing .share-with").select_option("xian-yanta")
    question = here.locator(".node-sharing .ask")
    expect(question).to_contain_text("雁塔区 的值班岗位将看到“市里的事件”")
    expect(question).to_contain_text("姓名和电话也会发送")
    here.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(rows(there, made["title"])).to_have_count(0)

    here.locator(".node-sharing .share-with").select_option("xian-yanta")
    question.get_by_role("button", name="共享给 雁塔区").click()
    expect(rows(there, made["title"]).locator(".mark.foreign")).to_have_text("西安市")
    expect(holder(here, "xian-yanta")).to_contain_text("由 西安市 共享")
    expect(holder(here, "xian-yanta")).to_contain_text("已送达")
    expect(here.locator(".entry-line .readers")).to_have_text("也将被看到：雁塔区")
    rows(there, made["title"]).click()
    expect(there.locator(".facts")).to_contain_text("王某")
    expect(there.locator(".node-sharing .share-with")).to_have_count(0)
    here.click("#tab-timeline")
    expect(here.locator(".timeline")).to_contain_text("共享给 雁塔区")

    here.click("#tab-overview")
    holder(here, "xian-yanta").get_by_role("button", name="收回").click()
    expect(question).to_contain_text("请该节点删除已收到的内容")
    question.get_by_role("button", name="收回").click()
    expect(holder(here, "xian-yanta")).to_have_count(0)
    expect(here.locator(".entry-line .readers")).to_be_hidden()


@pytest.fixture
def older(request):
    """Makes a page hear that what is on no other node is two minutes older than it is."""

    def rewrite(text: str) -> str:
        frame = json.loads(text)
        if frame["kind"] == "link" and frame["alone"]["oldest"]:
            moment = datetime.fromisoformat(frame["alone"]["oldest"]) - timedelta(minutes=2)
            frame["alone"]["oldest"] = moment.isoformat()
        return json.dumps(frame)

    def between(page_socket) -> None:
        node = page_socket.connect_to_server()
        node.on_message(lambda text: page_socket.send(rewrite(text)))

    return lambda page: page.route_web_socket("**/ws/feed", between)


def test_a_link_that_breaks_is_told_at_once_and_nothing_is_claimed_that_is_not_known(
    desk_of, context_of, city, district, older, is_ready
):
    page = desk_of("duty")
    older(page)
    page.reload()
    is_ready(page)
    expect(lamp(page)).to_have_attribute("data-state", "live")
    admin = context_of().new_page()
    admin.goto(f"{city.url}/sign-in?next=/nodes")
    admin.fill("[name=username]", "sysadmin")
    admin.fill("[name=password]", city.accounts["sysadmin"]["password"])
    admin.click("form.stack button[type=submit]")
    expect(admin.locator(".node-rows .link-lamp")).to_have_attribute("data-state", "live")

    made = city.report("断链期间")
    with city.client("duty") as client:
        client.post(f"/incidents/{made['id']}/shares", json={"node": district.node})
    rows(page, made["title"]).click()
    expect(holder(page, district.node)).to_contain_text("已送达")
    expect(page.locator("#banner")).to_be_hidden()
    district.kill()
    expect(lamp(page)).to_have_attribute("data-state", "offline")
    expect(lamp(page)).to_contain_text("离线")
    expect(admin.locator(".node-rows .link-lamp")).to_have_attribute("data-state", "offline")
    write_without_looking(page, "只在本节点")
    expect(page.locator("#banner")).to_contain_text("1 条尚未送达任何其他节点，最早")
    expect(holder(page, district.node)).to_contain_text("待送达 1")
    page.click(".links-opener")
    expect(page.locator("#links-menu")).to_contain_text("待送达 1 条")
    page.keyboard.press("Escape")
    expect(page.locator("#links-menu")).to_be_hidden()

    city.kill()
    expect(page.locator("body.is-stale #banner")).to_contain_text("（截至")
    city.start()
    expect(page.locator("#lamp")).to_have_attribute("data-state", "live")
    expect(page.locator("#banner")).not_to_contain_text("截至")
    district.start()
    expect(lamp(page)).to_have_attribute("data-state", "live")
    expect(page.locator("#banner")).to_be_hidden()
    expect(holder(page, district.node)).to_contain_text("已送达")
    expect(admin.locator(".node-rows .link-lamp")).to_have_attribute("data-state", "live")


def write_without_looking(page: Page, text: str) -> None:
    page.locator(".entry-line textarea").fill(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".entry-line textarea")).to_have_value("")


def test_where_there_is_no_room_one_lamp_stands_for_all_with_the_worst_state(desk_of, district):
    page = desk_of("duty", width=390, height=844)
    rest = page.locator(".links-opener .rest")
    expect(rest).to_have_attribute("data-state", "live")
    expect(lamp(page)).to_be_hidden()
    shown = page.evaluate(
        """async () => {
          const { peers, takeLinks } = await import("/static/js/nodes.js");
          const [one] = peers();
          takeLinks({ peers: [one, { ...one, node: "other", state: "offline" }],
                      alone: { count: 0, oldest: null } });
          const rest = document.querySelector(".links-opener .rest");
          return [rest.dataset.state, rest.innerText];
        }"""
    )
    assert shown == ["offline", "1 离线"]


def test_who_opened_and_who_acknowledged_is_seen_at_every_holder(desk_of, city, district):
    made = district.report("须签收的事件", location=POINT)
    there, here = desk_of("duty", at=district), desk_of("duty")
    rows(there, made["title"]).click()
    expect(there.locator(".panel-title")).to_contain_text(made["title"])
    expect(there.locator(".acknowledgement")).to_have_count(0)
    expect(holder(there, "xian")).not_to_contain_text("已阅")

    rows(here, made["title"]).click()
    expect(holder(there, "xian")).to_contain_text("已阅：值班员")
    expect(holder(there, "xian")).not_to_contain_text("签收")
    here.locator(".acknowledgement").get_by_role("button", name="签收").click()
    expect(here.locator(".acknowledgement.is-given")).to_contain_text("签收")
    expect(holder(there, "xian")).to_contain_text("签收：值班员")
    expect(there.locator("#feed .tick", has_text="已签收")).to_have_count(1)
    here.reload()
    rows(here, made["title"]).click()
    expect(here.locator(".acknowledgement.is-given")).to_be_visible()
    assert len(city_receipts(city, made)) == 2


def city_receipts(city, made) -> list[dict]:
    with city.client("duty") as client:
        return client.get(f"/incidents/{made['id']}").json()["receipts"]


def test_a_department_that_was_shown_an_incident_acknowledges_it(desk_of, city):
    made = city.report("部门须签收")
    with city.client("duty") as client:
        code = next(
            one["code"]
            for one in client.get("/organisations").json()
            if one["name"] == city.accounts["fire"]["organisation"]
        )
        client.post(f"/incidents/{made['id']}/organisations", json={"code": code})
    desk, fire = desk_of("duty"), desk_of("fire")
    rows(desk, made["title"]).click()
    rows(fire, made["title"]).click()
    fire.locator(".acknowledgement").get_by_role("button", name="签收").click()
    shown = desk.locator(
        ".sharing:not(.node-sharing) li", has_text=city.accounts["fire"]["organisation"]
    )
    expect(shown.locator(".is-acknowledged")).to_contain_text("部门联络员")
    expect(desk.locator(".acknowledgement")).to_have_count(0)


@pytest.mark.parametrize(("state", "words"), [("low", "即将写满"), ("full", "随时可能被拒绝")])
def test_a_disk_that_fills_is_said_on_every_screen(desk_of, is_ready, state, words):
    page = desk_of("duty")

    def between(socket) -> None:
        node = socket.connect_to_server()

        def pass_on(text: str) -> None:
            frame = json.loads(text)
            if frame["kind"] == "link":
                frame["storage"] = state
            socket.send(json.dumps(frame))

        node.on_message(pass_on)

    page.route_web_socket("**/ws/feed", between)
    page.reload()
    is_ready(page)
    expect(page.locator("#banner")).to_contain_text(words)
