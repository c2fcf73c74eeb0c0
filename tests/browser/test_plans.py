"""A plan is put in force on an incident, its tasks are answered, first reports are written down."""

from playwright.sync_api import Page, expect

from tests.browser.parts import rows


def open_tab(page: Page, title: str, tab: str) -> None:
    rows(page, title).click()
    page.click(f"#tab-{tab}")


def activate(page: Page, level: str, measures: str = "抽排、转移") -> None:
    page.locator("[data-act=activate]").click()
    ask = page.locator(".tasks .ask")
    ask.get_by_label("响应级别").select_option(label=level)
    ask.get_by_label("处置措施").fill(measures)
    ask.get_by_role("button", name="启动").click()
    expect(ask).to_have_count(0)


def test_a_plan_is_activated_and_its_task_is_answered_by_the_department(desk_of, city):
    made = city.report("下穿通道积水", type_code="11A02")
    page, fire = desk_of("duty"), desk_of("fire")
    open_tab(page, made["title"], "tasks")
    expect(page.locator(".tasks .empty")).to_be_visible()
    activate(page, "Ⅱ级响应")
    expect(page.locator(".activation")).to_contain_text("Ⅱ级响应")
    issued = page.locator(".task").count()
    assert issued > 10
    expect(page.locator(".task-count")).to_contain_text(f"待签收 {issued}")
    toast = fire.locator(".toast", has_text="您有 1 项新任务")
    toast.get_by_role("button", name="打开事件").click()
    mine = fire.locator(".task", has=fire.locator(".mark.own-task"))
    expect(mine).to_have_count(1)
    expect(fire.locator(".task .step-buttons")).to_have_count(1)
    mine.get_by_role("button", name="签收").click()
    expect(page.locator(".task.is-acknowledged")).to_have_count(1)
    mine.get_by_role("button", name="办结").click()
    mine.locator(".ask textarea").fill("通道已封闭，无人员被困")
    mine.locator(".ask").get_by_role("button", name="办结").click()
    expect(page.locator(".task.is-done")).to_contain_text("通道已封闭")
    page.click("#tab-timeline")
    expect(page.locator(".timeline")).to_contain_text(f"下达任务 {issued} 项")
    expect(page.locator(".timeline")).to_contain_text("任务办结")


def test_a_response_is_ended_and_its_deadlines_run_no_longer(desk_of, city):
    made = city.report("涵洞积水", type_code="11A02")
    page = desk_of("duty")
    open_tab(page, made["title"], "tasks")
    activate(page, "关注级响应")
    expect(page.locator(".task time.due")).to_have_count(3)
    page.locator("[data-act=end]").click()
    ask = page.locator(".tasks .ask")
    ask.get_by_role("button", name="解除响应").click()
    expect(ask.get_by_role("alert")).to_contain_text("写明解除原因")
    ask.locator("textarea").fill("降雨停止，积水排除")
    ask.get_by_role("button", name="解除响应").click()
    expect(page.locator(".activation.is-ended")).to_contain_text("降雨停止")
    expect(page.locator(".task")).to_have_count(3)
    expect(page.locator(".task time.due")).to_have_count(0)
    expect(page.locator("[data-act=end]")).to_have_count(0)
    page.click("#tab-timeline")
    expect(page.locator(".timeline")).to_contain_text("解除关注级响应")


def test_the_office_revises_a_plan_and_the_desk_activates_the_new_version(desk_of, city):
    office = desk_of("office")
    office.goto(f"{city.url}/plans")
    office.get_by_role("link", name="西安市防汛应急预案").click()
    office.get_by_role("link", name="修订").click()
    line = office.locator("#id_tasks-0-minutes").locator("xpath=ancestor::tr")
    line.locator("textarea").fill("每半小时发布分区雨情")
    office.get_by_role("button", name="保存").click()
    expect(office.locator("h1")).to_contain_text("第 2 版")
    made = city.report("路面积水", type_code="11A02")
    page = desk_of("duty")
    open_tab(page, made["title"], "tasks")
    activate(page, "关注级响应")
    expect(page.locator(".tasks")).to_contain_text("每半小时发布分区雨情")


def test_what_an_activation_lacks_is_asked_for_and_what_was_typed_stays(desk_of, city):
    made = city.report("地铁口进水", type_code="11A02")
    page = desk_of("duty")
    open_tab(page, made["title"], "tasks")
    page.locator("[data-act=activate]").click()
    ask = page.locator(".tasks .ask")
    ask.get_by_role("button", name="启动").click()
    expect(ask.get_by_role("alert")).to_contain_text("处置措施")
    ask.get_by_label("处置措施").fill("挡水板到位")
    page.reload()
    open_tab(page, made["title"], "tasks")
    page.locator("[data-act=activate]").click()
    expect(page.locator(".tasks .ask").get_by_label("处置措施")).to_have_value("挡水板到位")


def test_first_reports_by_phone_and_in_writing_stand_beside_their_limits(desk_of, city):
    made = city.report("山洪冲断便道", type_code="11A51")
    page = desk_of("duty")
    open_tab(page, made["title"], "reports")
    expect(page.locator(".first-report time.due")).to_have_count(2)
    phone = page.locator("[data-report=phone]")
    phone.get_by_role("button", name="记录").click()
    phone.get_by_label("报送单位").fill("市政府总值班室")
    phone.locator(".ask").get_by_role("button", name="记录").click()
    expect(phone).to_contain_text("按时")
    expect(phone).to_contain_text("当时待核")
    expect(page.locator("[data-report=written] time.due")).to_have_count(1)
    expect(page.locator(".panel-head")).to_contain_text("首报")
    page.click("#tab-timeline")
    expect(page.locator(".timeline")).to_contain_text("市政府总值班室")
