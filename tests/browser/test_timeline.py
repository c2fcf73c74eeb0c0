"""The timeline of an incident: all of it, with who and why, whenever it came."""

import uuid
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.parts import rows


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
    page.route(f"**/api/incidents/{made['id']}", lambda route: held.append((route, route.fetch())))
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


def test_what_is_written_today_does_not_stand_below_the_date_of_another_day(desk_of, city):
    made = city.report("跨日的事件")
    earlier = datetime.now(UTC) - timedelta(hours=30)
    with city.client("duty") as client:
        for text, at in (("前一天的", earlier), ("今天的", datetime.now(UTC))):
            body = {"id": str(uuid.uuid4()), "text": text, "occurred_at": at.isoformat()}
            assert client.post(f"/incidents/{made['id']}/entries", json=body).status_code == 201
    page = desk_of("duty")
    rows(page, "跨日的事件").click()
    page.click("#tab-timeline")
    expect(page.locator(".timeline")).to_contain_text("今天的")
    lines = page.locator(".timeline > li").all_text_contents()
    first = next(n for n, line in enumerate(lines) if "前一天的" in line)
    second = next(n for n, line in enumerate(lines) if "今天的" in line)
    days = [n for n, line in enumerate(lines) if line.strip() == "今日"]
    assert any(first < day < second for day in days), lines
