"""A roll call on the screen: a signal at the district's desks, an answer, seconds at the city."""

from playwright.sync_api import expect


def test_the_city_calls_the_roll_and_the_first_desk_of_the_district_answers(
    desk_of, city, district
):
    desk, other = desk_of("duty", at=district), desk_of("duty2", at=district)
    caller = desk_of("duty")
    caller.goto(f"{city.url}/roll-calls")
    caller.get_by_label("附言").fill("汛期抽查")
    caller.get_by_role("button", name="点名").click()
    call = caller.locator(".roll").first
    expect(call).to_contain_text("进行中")
    notices = [page.locator(".toast", has_text="西安市 点名：汛期抽查") for page in (desk, other)]
    for notice in notices:
        expect(notice).to_be_visible()
    other.reload()  # what waits is asked for again
    expect(notices[1]).to_be_visible()
    notices[0].get_by_role("button", name="应答").click()
    expect(desk.locator(".toast", has_text="已应答")).to_be_visible()
    expect(notices[1]).to_have_count(0)
    expect(call.locator("[data-state]")).to_have_text("已应答")
    expect(call.locator("[data-left]")).to_have_text("1 个中 1 个应答")
    assert int(call.locator("[data-seconds]").inner_text()) >= 0
    expect(call.locator("[data-who]")).to_contain_text("刘洋")

    desk.goto(f"{district.url}/roll-calls")
    expect(desk.locator("section", has_text="其他节点的点名")).to_contain_text("西安市")


def test_a_call_in_the_cut_of_the_line_says_that_nobody_has_answered(desk_of, city, district):
    district.kill()
    try:
        caller = desk_of("leader")
        caller.goto(f"{city.url}/roll-calls")
        caller.get_by_label("应答时限").fill("1")
        caller.get_by_role("button", name="点名").click()
        call = caller.locator(".roll").first
        expect(call).to_contain_text("进行中")
        expect(call.locator("[data-left]")).to_have_text("1 个中 0 个应答", timeout=90_000)
        expect(call.locator("[data-state]")).to_have_text("未应答")
    finally:
        district.start()
