"""Rounds of reports on the screen: who says that nothing is new, and who is missing."""

from playwright.sync_api import Page, expect

from tests.browser.parts import chips, rows

SET_BACK = """
from datetime import timedelta
from django.db.models import F
from emergency.models import RoundOrder
RoundOrder.objects.update(recorded_at=F("recorded_at") - timedelta(minutes=%d))
print("{}")
"""


def open_rounds(page: Page, title: str):
    rows(page, title).click()
    page.click("#tab-tasks")
    return page.locator(".round-order")


def due_rounds(page: Page, title: str):
    """What the row of limits says of the rounds of an incident, all of it unfolded."""
    expect(page.locator(".deadline").first).to_be_visible()
    return chips(page, "轮", title)


def activate(city, incident: str, level: str = "III") -> None:
    with city.client("leader") as client:
        body = {"plan": "xian-flood", "level": level, "matter": "强降雨", "measures": "转移"}
        answer = client.post(f"/incidents/{incident}/activations", json=body | {"hours": 24})
        assert answer.status_code == 201, answer.text


def test_a_district_reports_and_at_the_sixty_first_minute_the_city_sees_who_did_not(
    desk_of, city, district
):
    made = city.report("全市强降雨", type_code="11B03", user="leader")
    activate(city, made["id"])
    above, there = desk_of("leader"), desk_of("duty", at=district)
    own = open_rounds(there, made["title"])
    expect(due_rounds(there, made["title"])).to_contain_text("剩")
    seen = open_rounds(above, made["title"])
    expect(seen).to_contain_text("已报 0/21")
    own.locator("[data-act=round-nothing]").click()
    expect(own.locator(".round-turn")).to_have_count(0)
    expect(own).to_contain_text("已报 1/21，其中零报告 1")
    expect(seen).to_contain_text("已报 1/21，其中零报告 1")
    expect(chips(there, "轮", made["title"])).to_have_count(0)
    expect(due_rounds(above, made["title"])).to_contain_text("缺 20/21")

    seen.locator("[data-act=round-for]").click()
    ask = above.locator(".round-order .ask")
    ask.get_by_label("单位").select_option(label="蓝田县")
    ask.get_by_label("新情况").fill("电话报：葛牌镇道路中断")
    ask.locator("button[type=submit]").click()
    expect(own).to_contain_text("电话报：葛牌镇道路中断")

    for node in (city, district):
        node.manage("shell", "-c", SET_BACK % 61)
    with city.client("leader") as client:  # the clock of the node goes on; here it looks again
        change = {"rev": client.get(f"/incidents/{made['id']}").json()["rev"], "summary": "持续"}
        assert client.patch(f"/incidents/{made['id']}", json=change).status_code == 200
    notice = above.locator(".toast", has_text="第 1 轮定时报告：19 个单位未报")
    expect(notice).to_be_visible()
    before = seen.locator(".rounds-before details").first
    expect(before).to_contain_text("缺 19/21")
    expect(before).to_contain_text("未报：新城区、碑林区")
    expect(own.locator(".rounds-before details").first).to_contain_text("缺 19/21")
    expect(own.locator("[data-act=round-nothing]")).to_have_count(1)  # of the second round
    above.click("#tab-timeline")
    expect(above.locator(".timeline")).to_contain_text("第 1 轮到时，未收到：新城区")
    with city.client("leader") as client:
        end = {"plan": "xian-flood", "text": "雨停"}
        assert client.post(f"/incidents/{made['id']}/ends", json=end).status_code == 201
    for page in (above, there):
        expect(chips(page, "轮", made["title"])).to_have_count(0)
    expect(own).to_have_count(0)
