"""What others do appears by itself, and what was missed is caught up with."""

import uuid

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser.parts import rows

PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(2)>",
    '"><script>alert(3)</script>',
    "{{7*7}} ${7*7} javascript:alert(4)",
    "'; DROP TABLE incidents;-- <b>粗</b>",
]


def test_after_a_kill_the_browser_catches_up_and_nothing_is_missing_or_double(desk_of, city):
    page = desk_of("duty")
    before = [city.report(f"断电之前 {number}") for number in range(3)]
    expect(rows(page, "断电之前")).to_have_count(3)
    city.kill()
    expect(page.locator("#lamp")).to_have_attribute("data-state", "offline")
    expect(page.locator("#lamp")).to_contain_text("离线")
    city.start()
    after = [city.report(f"断电之后 {number}") for number in range(4)]
    expect(page.locator("#lamp")).to_have_attribute("data-state", "live")
    expect(rows(page, "断电之后")).to_have_count(4)
    expect(rows(page, "断电之前")).to_have_count(3)
    with city.client("duty") as client:
        kept = {one["id"] for one in client.get("/incidents").json()["items"]}
    assert {one["id"] for one in before + after} <= kept


def test_that_the_node_could_not_be_reached_is_no_longer_said_when_it_is(desk_of, city):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.locator("#sheet textarea").first.fill("断网时写的事件")
    page.get_by_label("标题").fill("断网时写的事件")
    city.kill()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#sheet .trouble")).to_contain_text("无法连接节点")
    city.start()
    expect(page.locator("#lamp")).to_have_attribute("data-state", "live")
    expect(page.locator("#sheet .trouble")).to_be_empty()
    page.keyboard.press("Control+Enter")
    expect(rows(page, "断网时写的事件")).to_have_count(1)


def test_what_is_typed_without_the_node_stays_and_is_sent_once(desk_of, city):
    page = desk_of("duty")
    made = city.report("断网续写")
    rows(page, "断网续写").click()
    page.context.set_offline(True)
    page.locator(".entry-line textarea").fill("断网时写的一条")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".entry-line")).to_contain_text("无网络")
    page.context.set_offline(False)
    expect(page.locator("#lamp")).to_have_attribute("data-state", "live")
    page.locator(".entry-line textarea").press("Control+Enter")
    expect(page.locator(".entry-line textarea")).to_have_value("")
    with city.client("duty") as client:
        entries = client.get(f"/incidents/{made['id']}").json()["entries"]
    assert [entry["text"] for entry in entries] == ["断网时写的一条"]


def test_an_answer_from_before_the_withdrawal_does_not_bring_the_incident_back(desk_of, city):
    made = city.report("撤回时答复在途")
    organisations = f"/incidents/{made['id']}/organisations"
    held: list[tuple[Route, APIResponse]] = []
    with city.client("duty") as client:
        code = next(
            one["code"]
            for one in client.get("/organisations").json()
            if one["name"] == city.accounts["fire"]["organisation"]
        )
        assert client.post(organisations, json={"code": code}).status_code == 200
        page = desk_of("fire")
        page.route(
            f"**/api/incidents/{made['id']}", lambda route: held.append((route, route.fetch()))
        )
        rows(page, made["title"]).click()
        expect(page.locator(".panel-title")).to_contain_text(made["title"])
        while not held:
            page.wait_for_timeout(50)
        assert client.delete(f"{organisations}/{code}").status_code == 200
    expect(rows(page, made["title"])).to_have_count(0)
    route, answer = held[0]
    with page.expect_response(f"**/api/incidents/{made['id']}"):
        route.fulfill(response=answer)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)))")
    expect(rows(page, made["title"])).to_have_count(0)


def test_a_withdrawn_incident_leaves_the_list_and_the_panel_and_says_so(desk_of, city):
    made = city.report("短暂开放")
    organisations = f"/incidents/{made['id']}/organisations"
    with city.client("duty") as client:
        code = next(
            one["code"]
            for one in client.get("/organisations").json()
            if one["name"] == city.accounts["fire"]["organisation"]
        )
        assert client.post(organisations, json={"code": code}).status_code == 200
        page = desk_of("fire")
        rows(page, "短暂开放").click()
        expect(page.locator(".panel-title")).to_contain_text("短暂开放")
        assert client.delete(f"{organisations}/{code}").status_code == 200
    expect(page.locator("#panel")).to_be_hidden()
    expect(rows(page, "短暂开放")).to_have_count(0)
    expect(page.locator("#toasts")).to_contain_text("短暂开放")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_only_text_wherever_it_is_shown(desk_of, city, payload):
    made = city.report(
        payload,
        address=payload,
        summary=payload,
        source=payload,
        location={"lon": 108.94, "lat": 34.26, "confirmed": True},
        reporter={"name": payload[:60]},
    )
    with city.client("duty") as client:
        body = {"id": str(uuid.uuid4()), "text": payload}
        assert client.post(f"/incidents/{made['id']}/entries", json=body).status_code == 201
    page = desk_of("duty")
    rows(page, payload).first.click()
    expect(page.locator(".panel-title")).to_contain_text(payload)
    expect(page.locator(".facts")).to_contain_text(payload)
    page.click("#tab-timeline")
    expect(page.locator(".timeline")).to_contain_text(payload)
    page.keyboard.press("/")
    page.keyboard.type(payload[:20])
    expect(page.locator("#search .choice").first).to_be_visible()


def test_an_edit_that_came_second_keeps_its_text_and_shows_the_first(desk_of, city):
    made = city.report("两人同改")
    page = desk_of("duty")
    rows(page, "两人同改").click()
    page.get_by_role("button", name="编辑", exact=True).click()
    page.locator(".edit [data-name=measures] textarea").fill("我写的措施")
    with city.client("leader") as client:
        body = {"rev": made["rev"], "source": "他人填的来源"}
        assert client.patch(f"/incidents/{made['id']}", json=body).status_code == 200
    expect(page.locator(".news")).to_contain_text("他人填的来源")
    expect(page.locator(".edit [data-name=measures] textarea")).to_have_value("我写的措施")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".edit")).to_have_count(0)
    with city.client("duty") as client:
        now = client.get(f"/incidents/{made['id']}").json()
    assert (now["source"], now["measures"]) == ("他人填的来源", "我写的措施")


def test_whatever_the_order_the_newest_revision_stays_and_nothing_is_told_twice(desk_of, city):
    made = city.report("次序颠倒")
    page = desk_of("duty")
    rows(page, "次序颠倒").click()
    told = page.evaluate(
        """async ({ id, revs }) => {
          const { apply, incident, on } = await import("/static/js/store.js");
          let told = 0;
          on("activity", () => { told += 1; });
          const shown = [];
          for (const [term, rev] of revs) {
            const item = { ...incident(id), term, rev, title: `${term}.${rev}` };
            apply({ kind: "event", type: "incident.changed", subject: `incident/${id}`,
                    term, rev, time: "2026-01-01T00:00:00Z", actor: "a@b c", item });
            shown.push(incident(id).title);
          }
          return { shown, told };
        }""",
        {
            "id": made["id"],
            "revs": [[1, 5], [1, 3], [1, 5], [2, 1], [1, 9], [2, 1], [2, 2]],
        },
    )
    assert told["shown"] == ["1.5", "1.5", "1.5", "2.1", "2.1", "2.1", "2.2"]
    assert told["told"] == 3


def test_the_row_under_the_hand_stays_when_others_arrive(desk_of, city):
    for number in range(3):
        city.report(f"手下的行 {number}")
    page = desk_of("duty")
    row = rows(page, "手下的行 0")
    row.hover()
    before = row.bounding_box()["y"]
    city.report("后来的一行")
    expect(page.locator("#feed")).to_contain_text("后来的一行")
    expect(page.locator(".total")).not_to_have_text("3")
    assert row.bounding_box()["y"] == before
    page.mouse.move(700, 400)
    expect(rows(page, "后来的一行")).to_be_in_viewport()


def test_a_list_that_is_not_whole_says_so(desk_of, city):
    """The number is put into the node's true answer: so many incidents would slow the rest."""
    page = desk_of("duty")
    expect(page.locator("#list .older")).to_be_hidden()

    def lengthen(route):
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"older": 7})

    page.route("**/api/incidents?*", lengthen)
    page.reload()
    expect(page.locator("#list .older")).to_contain_text("另有 7 条更早的事件")


def test_the_activity_is_the_same_after_a_reload(desk_of, city, is_ready):
    page = desk_of("duty")
    made = city.report("重新打开之后还在的动态")
    with city.client("duty") as client:
        text = {"text": "第一条进展", "occurred_at": "2020-01-01T00:00:00Z"}
        assert client.post(f"/incidents/{made['id']}/entries", json=text).status_code == 201
    ticks = page.locator("#feed .tick", has_text=made["title"])
    expect(ticks).to_have_count(2)
    told = ticks.all_inner_texts()
    page.reload()
    is_ready(page)
    expect(ticks).to_have_count(2)
    assert ticks.all_inner_texts() == told


def fetched_anew_without(page: Page, made: dict, sockets: list) -> None:
    """As after a change of the officer's organisation: all is fetched anew, and less comes."""

    def hide(route):
        answer = route.fetch()
        shown = [one for one in answer.json()["items"] if one["id"] != made["id"]]
        route.fulfill(response=answer, json=answer.json() | {"items": shown})

    def withhold(route):
        answer = route.fetch()
        told = [one for one in answer.json() if one["incident"]["id"] != made["id"]]
        route.fulfill(response=answer, json=told)

    page.route("**/api/incidents?*", hide)
    page.route("**/api/activity?*", withhold)
    page.route(f"**/api/incidents/{made['id']}", lambda route: route.fulfill(status=404, json={}))
    with page.expect_response("**/api/activity?*"):
        sockets[-1].send('{"kind":"resync","full":true,"cursor":""}')


def fed(page: Page, is_ready) -> list:
    """The sockets of the page, through which a test can speak for the node."""
    sockets = []

    def between(socket) -> None:
        node = socket.connect_to_server()
        node.on_message(socket.send)
        sockets.append(socket)

    page.route_web_socket("**/ws/feed", between)
    page.reload()
    is_ready(page)
    return sockets


def test_what_is_not_visible_any_more_is_not_told_in_the_activity_either(desk_of, city, is_ready):
    made = city.report("不再可见的事件")
    page = desk_of("duty")
    sockets = fed(page, is_ready)
    expect(page.locator("#feed .tick", has_text=made["title"])).to_have_count(1)
    with page.expect_response(f"**/api/incidents/{made['id']}"):
        rows(page, made["title"]).click()
    expect(page.locator(".panel-title")).to_contain_text(made["title"])
    fetched_anew_without(page, made, sockets)
    expect(rows(page, made["title"])).to_have_count(0)
    expect(page.locator("#feed .tick", has_text=made["title"])).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text(f"{made['title']}”已不再对您开放")


def test_an_answer_on_its_way_does_not_bring_back_what_was_taken_away(desk_of, city, is_ready):
    made = city.report("迟到的回答")
    page = desk_of("duty")
    sockets = fed(page, is_ready)
    held = []
    page.route(f"**/api/incidents/{made['id']}", lambda route: held.append((route, route.fetch())))
    rows(page, made["title"]).click()
    expect(page.locator(".panel-title")).to_contain_text(made["title"])
    fetched_anew_without(page, made, sockets)
    expect(page.locator(".toast")).to_contain_text(f"{made['title']}”已不再对您开放")
    for route, answer in held:
        route.fulfill(response=answer)
    assert held
    city.report("之后的事件")
    expect(rows(page, "之后的事件")).to_be_visible()
    expect(rows(page, made["title"])).to_have_count(0)
