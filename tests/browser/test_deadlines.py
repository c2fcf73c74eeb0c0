"""Limits of first reports on the desk: they run in sight, remind whom they are for."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.parts import rows


def ago(minutes: float) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


def touched(page: Page) -> Page:
    """A page that was touched: from now on it may sound."""
    page.locator(".brand strong").hover()
    page.keyboard.press("Shift")
    expect(page.locator("#sound")).to_contain_text("声音已开")
    return page


def limits(page: Page, title: str):
    return page.locator(".deadline", has_text=title).filter(has_text="电话")


def chip(page: Page, title: str):
    """The limit of the report by phone, also where it is not among the first."""
    more = page.locator(".deadline-list button[aria-expanded=false]")
    expect(limits(page, title).or_(more).first).to_be_visible()
    if not limits(page, title).count():
        more.click()
    return limits(page, title)


def notice(page: Page, title: str, kind: str = "电话首报"):
    return page.locator(".toast", has_text=title).filter(has_text=kind)


def reminders(city, incident: str) -> list[tuple[str, int]]:
    """What the log tells of reminders about an incident."""
    with city.client("duty") as client:
        detail = client.get(f"/incidents/{incident}").json()
    return sorted(
        (step["report"], step["percent"])
        for step in detail["deadline_steps"]
        if step["kind"] == "reminded"
    )


def test_a_limit_runs_in_sight_and_at_half_the_duty_officer_sees_and_hears_it(desk_of, city):
    duty, leader = touched(desk_of("duty")), touched(desk_of("leader"))
    made = city.report("地下车库进水", type_code="13A00", received_at=ago(16))

    expect(notice(duty, made["title"])).to_contain_text("时限已过 50%")
    expect(chip(duty, made["title"]).locator(".due")).to_contain_text("剩")
    expect(duty.locator("#sound")).to_have_attribute("data-rung", "1")
    expect(chip(leader, made["title"])).to_have_count(1)
    expect(notice(leader, made["title"])).to_have_count(0)
    assert leader.locator("#sound").get_attribute("data-rung") is None


def test_at_the_limit_the_shift_leader_is_reminded_too_and_a_late_report_stays_late(desk_of, city):
    duty, leader = touched(desk_of("duty")), touched(desk_of("leader"))
    made = city.report("自来水管爆裂", type_code="13A00", received_at=ago(31))

    expect(notice(leader, made["title"])).to_contain_text("已逾期")
    both = duty.locator(".toast.bad")  # half of the limit in writing has passed too
    expect(both).to_contain_text("2 个报送时限提醒，其中 1 个已逾期")
    for page in (duty, leader):
        expect(page.locator("#sound")).to_have_attribute("data-rung", "3")
    expect(limits(duty, made["title"]).locator(".due")).to_contain_text("逾期")
    limits(duty, made["title"]).click()
    phone = duty.locator("[data-report=phone]")
    phone.get_by_role("button", name="记录").click()
    phone.get_by_label("报送单位").fill("市政府总值班室")
    phone.locator(".ask").get_by_role("button", name="记录").click()

    expect(phone).to_contain_text("迟报")
    expect(phone).to_contain_text("时限未核实")
    expect(phone).to_contain_text("默认时限")
    expect(limits(duty, made["title"])).to_have_count(0)
    expect(notice(duty, made["title"], "书面首报")).to_contain_text("时限已过 50%")
    leader_sees = leader.locator(".toast")
    expect(leader_sees).to_have_count(0)
    duty.reload()
    rows(duty, made["title"]).first.click()
    duty.click("#tab-reports")
    expect(duty.locator("[data-report=phone]")).to_contain_text("迟报")


def test_a_node_that_was_killed_reminds_of_nothing_twice(desk_of, city):
    made = city.report("变压器起火", type_code="13A00", received_at=ago(16))
    page = desk_of("duty")
    before = wait_for(lambda: reminders(city, made["id"]))
    city.kill()
    city.start()
    expect(page.locator("#lamp")).to_have_attribute("data-state", "live", timeout=60_000)
    later = city.report("之后的一起", type_code="13A00", received_at=ago(16))
    wait_for(lambda: reminders(city, later["id"]))

    assert reminders(city, made["id"]) == before == [("phone", 50)]


def wait_for(what):
    """The first answer that says something."""
    deadline = datetime.now(UTC) + timedelta(seconds=20)
    while not (found := what()):
        assert datetime.now(UTC) < deadline
    return found


def test_who_switched_the_sound_off_sees_that_and_hears_nothing(desk_of, city):
    page = touched(desk_of("duty"))
    city.report("井盖缺失", type_code="13A00")
    page.locator("#sound button").click()
    expect(page.locator("#sound")).to_contain_text("声音已关")
    made = city.report("路灯倒塌", type_code="13A00", received_at=ago(16))
    expect(notice(page, made["title"])).to_contain_text("时限已过 50%")

    assert page.locator("#sound").get_attribute("data-rung") is None
    page.reload()
    expect(page.locator("#sound")).to_contain_text("声音已关")


def test_a_press_on_the_switch_that_waits_allows_the_sound_and_does_not_switch_it_off(
    desk_of, city
):
    city.report("围墙倾斜", type_code="13A00")
    page = desk_of("duty")
    expect(page.locator("#sound")).to_contain_text("点此开声音")
    page.locator("#sound button").click()

    expect(page.locator("#sound")).to_contain_text("声音已开")


def test_who_reports_sees_the_limits_though_the_feed_is_late(desk_of, city, is_ready):
    page = desk_of("duty")
    page.add_init_script(LATE)
    page.reload()
    is_ready(page)
    page.keyboard.press("n")
    page.keyboard.type("慢线路上登记 路面塌陷")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".panel-title")).to_contain_text("慢线路上登记")
    expect(chip(page, "慢线路上登记")).to_have_count(1)


LATE = """
const Plain = WebSocket;
window.WebSocket = class extends Plain {
  set onmessage(act) {
    super.onmessage = (event) => setTimeout(() => act(event), 3000);
  }
};
"""


def test_a_wide_screen_shows_more_limits(desk_of, city):
    for number in range(4):
        city.report(f"宽屏{number}", type_code="13A00")
    wide = desk_of("duty", viewport={"width": 3840, "height": 2160})
    expect(wide.locator(".deadline-list li")).to_have_count(6)


def test_many_reminders_at_once_are_told_as_one(desk_of, city):
    page = touched(desk_of("duty"))
    for number in range(6):
        city.report(f"连片停电{number}", type_code="13A00", received_at=ago(100))

    expect(page.locator(".toast.bad", has_text="个报送时限提醒").first).to_be_visible()
    page.locator(".toast", has_text="个报送时限提醒").first.get_by_role("button").first.click()
    expect(page.locator(".deadline", has_text="连片停电")).to_have_count(12)


def test_the_office_changes_a_limit_and_the_next_incident_has_it(desk_of, city):
    office = desk_of("office")
    office.goto(f"{city.url}/tables/limits")
    office.locator("#id_type_prefix").select_option("13B")
    office.locator("#id_minutes").fill("25")
    office.locator("#id_source").fill("市府办〔2026〕1号")
    office.get_by_role("button", name="保存").first.click()
    expect(office.locator("table").first).to_contain_text("市府办〔2026〕1号")
    made = city.report("食堂多人呕吐", type_code="13B00")
    page = desk_of("duty")
    rows(page, made["title"]).first.click()
    page.click("#tab-reports")

    expect(page.locator("[data-report=phone] .limit")).to_contain_text("25 分钟")
    expect(page.locator("[data-report=phone] .limit")).to_contain_text("市府办〔2026〕1号")
