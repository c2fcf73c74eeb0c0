"""The duty log on the screen: from an incident to its entry, a correction, after a restart."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect


def test_a_call_about_an_incident_is_written_down_corrected_and_there_after_a_restart(
    desk_of, city
):
    made = city.report("体育馆网架异响", type_code="12P12")
    desk = desk_of("duty")
    desk.goto(f"{city.url}/?incident={made['id']}")
    desk.locator("#panel").get_by_role("link", name="值班日志").click()
    expect(desk.get_by_label("事件", exact=False).first).to_have_value(made["number"])
    new = desk.locator(".duty-new")
    new.get_by_label("对方").fill("体育馆 周工")
    new.get_by_label("内容").fill("网架异响，已停止入场")
    new.get_by_role("button", name="记录").click()
    expect(desk.get_by_role("status")).to_contain_text("已保存")
    entry = desk.locator(".duty-entry", has_text="网架异响，已停止入场")
    expect(entry).to_contain_text("体育馆 周工")

    entry.get_by_role("link", name="更正").click()
    desk.get_by_label("内容").fill("网架异响，馆内已清空")
    desk.get_by_role("button", name="更正").click()
    expect(desk.get_by_role("status")).to_contain_text("已保存")
    city.kill()
    city.start()
    desk.goto(f"{city.url}/duty?number={made['number']}")
    expect(desk.locator(".duty-entry")).to_have_count(2)
    expect(desk.locator(".duty-entry").nth(1)).to_contain_text("已更正")
    desk.locator(".duty-entry").first.get_by_role("link", name=made["number"]).click()
    expect(desk.locator("#panel .panel-title")).to_contain_text("体育馆网架异响")


def test_who_has_no_duty_log_is_shown_no_way_to_it(desk_of, city):
    made = city.report("体育馆看台积水", type_code="12P12")
    page = desk_of("observer")
    page.goto(f"{city.url}/?incident={made['id']}")
    expect(page.locator("#panel .panel-title")).to_contain_text("体育馆看台积水")
    expect(page.get_by_role("link", name="值班日志")).to_have_count(0)
    assert page.goto(f"{city.url}/duty").status == 403


def test_a_roster_is_planned_told_to_a_district_and_swapped(desk_of, city, district):
    leader = desk_of("leader")
    leader.goto(f"{city.url}/roster")
    leader.get_by_role("link", name="新班次").click()
    start, ends = leader.evaluate(
        """() => [-1, 11].map((hours) => {
          const at = new Date(Date.now() + (hours + 8) * 3600e3);
          return at.toISOString().slice(0, 16);
        })"""
    )
    leader.get_by_label("起").fill(start)
    leader.get_by_label("止").fill(ends)
    leader.get_by_label("带班领导", exact=True).select_option("leader")
    leader.get_by_label("主班", exact=True).select_option("duty")
    leader.get_by_role("button", name="保存").click()
    expect(leader.locator(".shift.now")).to_contain_text("正在值班")
    leader.get_by_role("button", name="公布 雁塔区").click()
    expect(leader.get_by_role("button", name="停止公布 雁塔区")).to_be_visible()

    duty, stands_in = desk_of("duty"), desk_of("duty2")
    duty.goto(f"{city.url}/roster")
    duty.get_by_role("link", name="换班").click()
    duty.get_by_label("由谁顶班").select_option("duty2")
    duty.get_by_label("原因").fill("家中有事")
    duty.get_by_role("button", name="提出申请").click()
    expect(duty.locator(".shift", has_text="家中有事")).to_contain_text("待对方同意")
    stands_in.goto(f"{city.url}/roster")
    stands_in.get_by_role("button", name="同意顶班").click()
    leader.goto(f"{city.url}/roster")
    leader.get_by_role("button", name="批准", exact=True).click()
    expect(leader.locator(".shift.now")).to_contain_text("王敏")

    there = desk_of("duty", at=district)
    there.goto(f"{district.url}/roster")
    for _time in range(60):  # it comes over the link
        if there.locator(".shift.now", has_text="王敏").count():
            break
        there.wait_for_timeout(500)
        there.reload()
    expect(there.locator(".shift.now")).to_contain_text("王敏")


def test_a_shift_is_handed_over_when_the_overdue_report_has_its_note(desk_of, city):
    received = (datetime.now(UTC) - timedelta(minutes=90)).isoformat()
    made = city.report("交接班时逾期未报", type_code="12F00", received_at=received)
    desk = desk_of("duty")
    desk.goto(f"{city.url}/handover")
    owed = desk.locator(".open-item.owed", has_text=made["number"])
    for _time in range(20):  # the watch looks at it within seconds
        if owed.count() == 2:
            break
        desk.wait_for_timeout(500)
        desk.reload()
    expect(owed).to_have_count(2)
    desk.get_by_label("天气和生效中的预警").fill("暴雨橙色预警")
    desk.get_by_role("button", name="签字交班").click()
    expect(desk.get_by_role("alert").first).to_contain_text("逾期未报的须先填写说明")
    for line in desk.locator(".open-item.owed input").all():
        line.fill("市局电话占线")
    desk.get_by_role("button", name="签字交班").click()
    expect(desk.get_by_role("status")).to_contain_text("已保存")

    comes = desk_of("leader")
    comes.goto(f"{city.url}/handover")
    expect(comes.locator("main")).to_contain_text("暴雨橙色预警")
    for line in comes.locator(".handover .open-item.owed input").all():  # of other tests, since
        line.fill("刚逾期")
    comes.get_by_role("button", name="签字接班").click()
    expect(comes.locator("main")).to_contain_text("市局电话占线")
    expect(comes.locator("h1")).to_contain_text("已接班")
