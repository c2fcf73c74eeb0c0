"""An exercise is scheduled in the browser and stands in the calendar of those who take part."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect


def test_the_office_schedules_an_exercise_and_the_fire_service_sees_it(desk_of, city):
    office = desk_of("office")
    office.goto(f"{city.url}/drills")
    expect(office.locator("#due + table")).to_contain_text("从未演练")
    office.get_by_role("link", name="安排演练").click()
    day = datetime.now(UTC) + timedelta(days=20)
    office.get_by_label("演练名称").fill("山洪桌面演练（日历）")
    office.get_by_label("预案", exact=True).select_option(label="西安市防汛应急预案（示例提纲）")
    office.get_by_label("开始时间").fill(f"{day:%Y-%m-%d}T09:00")
    office.get_by_label("演练目标").fill("检验会商研判\n检验山洪危险区转移")
    office.locator("#id_people-0-organisation").select_option("dept-emergency")
    office.locator("#id_people-0-part").select_option(label="导调")
    office.get_by_role("button", name="保存").click()
    expect(office.locator(".told.bad")).to_contain_text("至少要有一个导调单位和一个参演单位")
    expect(office.get_by_label("演练目标")).to_have_value(re.compile("山洪危险区转移"))
    office.locator("#id_people-1-organisation").select_option("dept-fire")
    office.locator("#id_people-1-part").select_option(label="参演")
    office.get_by_role("button", name="保存").click()
    expect(office.locator("h1")).to_contain_text("山洪桌面演练（日历）")

    fire = desk_of("fire")
    fire.goto(f"{city.url}/drills?month={day:%Y-%m}")
    fire.locator(".month").get_by_role("link", name="山洪桌面演练（日历）").click()
    expect(fire.locator("#people ~ table")).to_contain_text("参演")
    expect(fire.get_by_role("link", name="修改演练")).to_have_count(0)

    office.get_by_text("取消演练").first.click()
    office.get_by_label("原因").fill("与高考冲突")
    office.locator("form[action$=cancel] button").click()
    fire.reload()
    expect(fire.locator(".told.bad")).to_contain_text("已取消：与高考冲突")
