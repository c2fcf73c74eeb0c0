"""Incidents that hang together, on the screen: alike, merged, split, one the cause of another."""

from playwright.sync_api import expect

PLACE = {"location": {"lon": 108.9402, "lat": 34.2609, "crs": "wgs84", "confirmed": True}}
NEAR = {"location": {"lon": 108.9407, "lat": 34.2609, "crs": "wgs84", "confirmed": True}}


def show(desk, city, made):
    desk.goto(f"{city.url}/?incident={made['id']}")
    return desk.locator(".family")


def test_a_second_call_is_seen_as_perhaps_the_same_and_merged_by_a_person(desk_of, city):
    first = city.report("钟楼管道爆裂（首报）", type_code="12P12", **PLACE)
    second = city.report("钟楼管道爆裂（再报）", type_code="12P12", **NEAR)
    duty, other = desk_of("duty"), desk_of("duty2")
    show(other, city, first)
    family = show(duty, city, second)
    alike = family.locator("[data-relation=alike]")
    expect(alike).to_contain_text("钟楼管道爆裂（首报）")
    expect(alike).to_contain_text("相距46 m、相差0分钟")
    alike.locator("[data-act=merge-into]").click()
    family.locator(".ask").get_by_label("原因").fill("同一处爆管")
    family.locator(".ask").get_by_role("button", name="合并").click()
    expect(duty.locator("#panel .state")).to_have_text("合并")
    expect(family.locator("[data-relation=merged_into]")).to_contain_text("（首报）")
    expect(other.locator("[data-relation=merged]")).to_contain_text("（再报）")
    family.locator("[data-relation=merged_into] .relative").click()
    expect(duty.locator("#panel .panel-title")).to_contain_text("（首报）")


def test_what_was_withdrawn_is_no_longer_named_among_relatives(desk_of, city):
    near = {"type_code": "12Q00"}
    one = city.report("河道异味（甲）", **near, **PLACE)
    two = city.report("河道异味（乙）", **near, **NEAR)
    with city.client("duty") as client:
        every = client.get("/organisations").json()
        name = city.accounts["fire"]["organisation"]
        code = next(row["code"] for row in every if row["name"] == name)
        for made in (one, two):
            path = f"/incidents/{made['id']}/organisations"
            assert client.post(path, json={"code": code}).status_code == 200
        page = desk_of("fire")
        family = show(page, city, one)
        expect(family.locator("[data-relation=alike]")).to_contain_text("河道异味（乙）")
        expect(family.get_by_role("button", name="并入此事件…")).to_have_count(0)
        assert client.delete(f"/incidents/{two['id']}/organisations/{code}").status_code == 200
    expect(page.locator("#panel .panel-title")).to_contain_text("河道异味（甲）")
    expect(family).not_to_contain_text("河道异味（乙）")


def test_who_writes_an_incident_down_is_shown_what_may_be_the_same(desk_of, city):
    made = city.report("电梯困人（首报）", type_code="12N04", **PLACE)
    desk = desk_of("duty")
    desk.keyboard.press("n")
    sheet = desk.locator(".sheet")
    sheet.locator("[data-name=address] input").fill("108.9405, 34.2609")
    sheet.locator("[data-name=address]").get_by_role("option").first.click()
    sheet.locator("[data-name=type_code] input").fill("12N04")
    sheet.locator("[data-name=type_code]").get_by_role("option", name="12N04").click()
    hint = sheet.locator(".alike-hint")
    expect(hint).to_contain_text("疑为同一事件")
    hint.locator(".relative").click()
    expect(desk.locator("#panel .panel-title")).to_contain_text(made["title"])
    expect(sheet).to_be_hidden()


def test_a_part_is_split_off_and_a_cause_is_named_and_taken_back(desk_of, city):
    whole = city.report("仓库倒塌并起火", type_code="12F00", source="119", **PLACE)
    rain = city.report("特大暴雨（起因）", type_code="11B03")
    desk = desk_of("duty")
    family = show(desk, city, whole)
    family.locator("[data-act=split]").click()
    sheet = desk.locator(".sheet")
    expect(sheet).to_contain_text(f"拆自 {whole['number']}")
    expect(sheet.get_by_label("信息来源")).to_have_value("119")
    sheet.locator("[data-name=title] input").fill("仓库火灾（拆出）")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#panel .panel-title")).to_contain_text("仓库火灾（拆出）")
    part = desk.locator(".family [data-relation=split_from]")
    expect(part).to_contain_text("仓库倒塌并起火")
    part.locator(".relative").click()
    expect(family.locator("[data-relation=parts]")).to_contain_text("仓库火灾（拆出）")

    family.locator("[data-act=parent]").click()
    family.get_by_label("由哪起事件引发").fill("特大暴雨（起因）")
    family.get_by_role("option", name=rain["number"]).click()
    family.locator(".ask").get_by_role("button", name="保存").click()
    cause = family.locator("[data-relation=caused_by]")
    expect(cause).to_contain_text("特大暴雨（起因）")
    desk.click("#tab-timeline")
    expect(desk.locator(".timeline")).to_contain_text(rain["number"])
    desk.click("#tab-overview")
    cause.locator("[data-act=no-parent]").click()
    expect(cause).to_have_count(0)
