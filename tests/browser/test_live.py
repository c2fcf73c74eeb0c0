"""What others do appears by itself, and what was missed is caught up with."""

import uuid

import pytest
from playwright.sync_api import expect

PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(2)>",
    '"><script>alert(3)</script>',
    "{{7*7}} ${7*7} javascript:alert(4)",
    "'; DROP TABLE incidents;-- <b>粗</b>",
]


def rows(page, text):
    """Rows of the list with this text."""
    return page.locator(".row", has_text=text)


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


def test_a_corrected_and_a_struck_entry_stay_readable_with_who_and_why(desk_of, city):
    made = city.report("记录更正")
    page = desk_of("duty")
    rows(page, "记录更正").click()
    page.click("#tab-timeline")
    for text in ("泄漏约 2 吨", "误写的一条"):
        page.locator(".entry-line textarea").fill(text)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".timeline")).to_contain_text(text)
    page.locator(".entry", has_text="2 吨").get_by_role("button", name="更正").click()
    page.locator(".ask textarea").fill("泄漏约 3 吨")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".entry", has_text="3 吨")).to_contain_text("更正")
    page.locator(".entry", has_text="误写").get_by_role("button", name="作废").click()
    page.locator(".ask textarea").fill("写到别的事件上了")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".entry.void del", has_text="2 吨")).to_have_count(1)
    expect(page.locator(".entry.void", has_text="误写")).to_contain_text("写到别的事件上了")
    assert made["id"]


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


def test_a_correction_being_typed_stays_when_others_write(desk_of, city):
    made = city.report("边写边来")
    entries = f"/incidents/{made['id']}/entries"
    with city.client("leader") as client:
        client.post(entries, json={"id": str(uuid.uuid4()), "text": "第一条"})
        page = desk_of("duty")
        rows(page, "边写边来").click()
        page.click("#tab-timeline")
        page.locator(".entry", has_text="第一条").get_by_role("button", name="更正").click()
        page.locator(".ask textarea").fill("第一条（已改）")
        client.post(entries, json={"id": str(uuid.uuid4()), "text": "第二条"})
    expect(page.locator("#feed")).to_contain_text("第二条")
    expect(page.locator(".ask textarea")).to_have_value("第一条（已改）")
    page.locator(".ask textarea").press("Escape")
    expect(page.locator(".timeline")).to_contain_text("第二条")


def test_an_entry_written_beside_another_tab_is_confirmed_and_can_be_looked_at(desk_of, city):
    city.report("概况上写")
    page = desk_of("duty")
    rows(page, "概况上写").click()
    page.keyboard.press("e")
    page.keyboard.type("已通知消防支队")
    page.keyboard.press("Control+Enter")
    toast = page.locator(".toast", has_text="已记入时间线")
    expect(toast).to_have_count(1)
    toast.get_by_role("button", name="查看").click()
    expect(page.locator(".timeline")).to_contain_text("已通知消防支队")
    expect(toast).to_have_count(0)
    page.keyboard.press("e")
    page.keyboard.type("时间线上写的一条")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".timeline")).to_contain_text("时间线上写的一条")
    expect(toast).to_have_count(0)  # it is seen where it stands


def test_what_is_written_before_the_incident_has_come_whole_is_shown_beside_it(desk_of, city):
    made = city.report("先写后到")
    page = desk_of("duty")
    held = []
    page.route(
        f"**/api/incidents/{made['id']}", lambda route: held.append((route, route.fetch()))
    )
    rows(page, "先写后到").click()
    page.wait_for_function("document.querySelector('.entry-line textarea')")
    page.keyboard.press("e")
    page.keyboard.type("回答到之前写的")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast", has_text="已记入时间线")).to_have_count(1)
    with city.client("leader") as client:
        body = {"rev": made["rev"], "source": "110"}
        assert client.patch(f"/incidents/{made['id']}", json=body).status_code == 200
    expect(page.locator("#feed")).to_contain_text("修改")
    page.click("#tab-timeline")
    assert held
    for route, response in held:
        route.fulfill(response=response)
    expect(page.locator(".timeline")).to_contain_text("回答到之前写的")
    expect(page.locator(".timeline .change")).to_contain_text(["接报", "来源"])


def test_the_timeline_names_who_changed_something_and_keeps_the_account(desk_of, city):
    made = city.report("谁改的", user="leader")
    page = desk_of("duty")
    rows(page, "谁改的").click()
    page.click("#tab-timeline")
    who = page.locator(".line.change p .meta")
    with city.client("leader") as client:
        name = client.get("/me").json()["name"]
        body = {"rev": made["rev"], "source": "110"}
        assert client.patch(f"/incidents/{made['id']}", json=body).status_code == 200
    expect(who).to_have_count(2)
    for line in who.all():
        expect(line).to_contain_text(name)
        expect(line).to_have_attribute("title", "leader@xian")


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


def test_what_is_not_visible_any_more_is_not_told_in_the_activity_either(desk_of, city, is_ready):
    """As after a change of the officer's organisation: all is fetched anew, and less comes."""
    made = city.report("不再可见的事件")
    page = desk_of("duty")
    sockets = []

    def between(socket) -> None:
        node = socket.connect_to_server()
        node.on_message(socket.send)
        sockets.append(socket)

    page.route_web_socket("**/ws/feed", between)
    page.reload()
    is_ready(page)
    expect(page.locator("#feed .tick", has_text=made["title"])).to_have_count(1)
    rows(page, made["title"]).click()
    expect(page.locator(".panel-title")).to_contain_text(made["title"])

    def hide(route):
        answer = route.fetch()
        shown = [one for one in answer.json()["items"] if one["id"] != made["id"]]
        route.fulfill(response=answer, json=answer.json() | {"items": shown})

    def withhold(route):
        answer = route.fetch()
        told = [one for one in answer.json() if one["incident"]["id"] != made["id"]]
        route.fulfill(response=answer, json=told)

    page.route("**/api/incidents?*", hide)
    page.route("**/api/activity", withhold)
    page.route(f"**/api/incidents/{made['id']}", lambda route: route.fulfill(status=404, json={}))
    with page.expect_response("**/api/activity"):
        sockets[-1].send('{"kind":"resync","full":true,"cursor":""}')
    expect(rows(page, made["title"])).to_have_count(0)
    expect(page.locator("#feed .tick", has_text=made["title"])).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text(f"{made['title']}”已不再对您开放")
