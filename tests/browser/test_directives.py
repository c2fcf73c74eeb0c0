"""A directive on the screen: recorded at the city, answered by the unit, decided, in its table."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect


def test_a_directive_is_recorded_answered_returned_and_followed_up(desk_of, city):
    made = city.report("群发性食物中毒", type_code="13B00")
    duty, health = desk_of("leader"), desk_of("health")
    duty.goto(f"{city.url}/?incident={made['id']}")
    duty.click("#tab-tasks")
    duty.get_by_role("button", name="登记批示…").click()
    form = duty.locator(".ask")
    form.get_by_label("批示领导").fill("王书记")
    form.get_by_label("职务").fill("市委书记")
    form.get_by_label("渠道").select_option("oral")
    form.get_by_label("批示内容").fill("全力救治，查明原因。")
    form.get_by_label("办理要求").fill("报救治情况")
    unit = city.accounts["health"]["organisation"]
    form.get_by_label("主办单位").select_option(label=unit)
    form.get_by_role("button", name="登记并传达").click()
    expect(form).to_contain_text("请先向领导复述核对")
    form.get_by_label("已向领导复述核对").check()
    form.get_by_role("button", name="登记并传达").click()
    expect(duty.locator(".directive")).to_contain_text("全力救治，查明原因。")

    health.locator(".toast", has_text="您有 1 项新任务").get_by_role("button").first.click()
    task = health.locator(".task", has_text="报救治情况")
    expect(task).to_contain_text("批示：王书记")
    expect(task.get_by_role("button", name="办结")).to_have_count(0)
    task.locator("[data-kind=feedback]").click()
    health.locator(".ask textarea").fill("12 人在治，无重症")
    health.locator(".ask").get_by_role("button", name="反馈").click()

    mine = duty.locator(".task", has_text="报救治情况")
    mine.locator("[data-kind=returned]").click()
    duty.locator(".ask textarea").fill("请补充原因")
    duty.locator(".ask").get_by_role("button", name="退回").click()
    expect(task.locator(".task-state")).to_have_text("已退回")
    task.locator("[data-kind=feedback]").click()
    health.locator(".ask textarea").fill("系豆角未煮熟")
    health.locator(".ask").get_by_role("button", name="反馈").click()
    expect(task.locator(".task-state")).to_have_text("反馈")
    duty.goto(f"{city.url}/directives")
    row = duty.locator("tr", has_text="全力救治")
    expect(row).to_contain_text("已反馈、待审核")
    duty.goto(f"{city.url}/?incident={made['id']}")
    duty.click("#tab-tasks")
    mine.locator("[data-kind=done]").click()
    duty.locator(".ask").get_by_role("button", name="办结").click()
    expect(mine.locator(".task-state")).to_have_text("办结")
    duty.goto(f"{city.url}/directives?all=1")
    expect(row).to_contain_text("已办结")
    expect(row).to_contain_text("系豆角未煮熟")


def test_who_does_not_answer_is_reminded_on_the_screen_and_the_timeline_says_it(desk_of, city):
    made = city.report("冷库氨气泄漏", type_code="12D02")
    health, duty = desk_of("health"), desk_of("leader")
    now = datetime.now(UTC)
    with city.client("duty") as client:
        every = client.get("/organisations").json()
        name = city.accounts["health"]["organisation"]
        body = {"leader": "王书记", "post": "市委书记", "channel": "written", "text": "妥善处置"}
        body |= {"received_at": now.isoformat(), "what": "报情况"}
        body |= {"due_at": (now + timedelta(seconds=24)).isoformat()}
        body["lead"] = next(row["code"] for row in every if row["name"] == name)
        answer = client.post(f"/incidents/{made['id']}/directives", json=body)
    assert answer.status_code == 201, answer.text
    half = health.locator(".toast", has_text="批示待反馈，时限已过百分之")
    expect(half.first).to_be_visible(timeout=40_000)
    over = duty.locator(".toast", has_text="批示逾期未反馈：冷库氨气泄漏")
    expect(over).to_be_visible(timeout=60_000)
    over.get_by_role("button", name="打开事件").click()
    duty.click("#tab-timeline")
    expect(duty.locator(".timeline")).to_contain_text("批示时限已过百分之 100，未反馈")
