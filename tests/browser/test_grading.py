"""What figures suggest stands beside the grade; a person decides, and the screen says both."""

import re

from playwright.sync_api import expect

NOBODY = dict.fromkeys(("dead", "injured", "serious", "missing", "trapped", "affected"))


def test_figures_suggest_a_grade_that_a_person_takes_and_later_confirms_as_another(desk_of, city):
    made = city.report("甲醇罐车泄漏（定级）", casualties=NOBODY | {"dead": 2})
    duty, other = desk_of("duty"), desk_of("duty2")
    for desk in (duty, other):
        desk.goto(f"{city.url}/?incident={made['id']}")
    hint = duty.locator(".grading .grade-hint")
    expect(hint).to_contain_text("建议Ⅳ级 一般：死亡2（未达更高界限）")
    expect(hint).to_contain_text("重伤、直接经济损失不详，可能更重")

    duty.get_by_role("button", name="编辑", exact=True).click()
    form = duty.locator("form.edit")
    form.get_by_label("死亡").fill("3")
    expect(form.locator(".grade-hint")).to_contain_text("建议Ⅲ级 较大：死亡3（Ⅲ自3起）")
    form.get_by_role("button", name="采用").click()
    expect(form.get_by_role("radio", name="Ⅲ级 较大")).to_be_checked()
    form.get_by_role("button", name=re.compile("^保存")).click()
    for desk in (duty, other):
        expect(desk.locator(".grading .decision")).to_contain_text(
            "初判 · 定级时建议Ⅲ级 较大：死亡3"
        )

    duty.get_by_role("button", name="定级…").click()
    ask = duty.locator(".grading .ask")
    expect(ask.get_by_label("初判或核定")).to_have_value("initial")  # nothing is confirmed unasked
    ask.get_by_label("初判或核定").select_option("confirmed")
    ask.get_by_role("radio", name="Ⅱ级 重大").click()
    ask.get_by_label("原因").fill("失联九人")
    ask.get_by_role("button", name="保存").click()
    expect(duty.locator(".grading .decision")).to_contain_text("核定 · 定级时建议Ⅲ级 较大")
    expect(other.locator(".grading .decision")).to_contain_text("失联九人")
    expect(other.locator(".facts")).to_contain_text("Ⅱ级 重大 · 核定")
    other.get_by_text("类别和级别的变化").click()
    expect(other.locator(".grading .past")).to_contain_text("Ⅲ级 较大 → Ⅱ级 重大")


def test_the_form_of_a_report_says_what_its_figures_suggest_and_where_none_does(desk_of, city):
    desk = desk_of("duty")
    desk.keyboard.press("n")
    sheet = desk.locator(".sheet")
    hint = sheet.locator(".grade-hint")
    choose_class(sheet, "12D02")
    expect(hint).to_contain_text("数字不详，尚不能建议级别")
    sheet.get_by_label("重伤").fill("50")
    expect(hint).to_contain_text("建议Ⅱ级 重大：重伤50（Ⅱ自50起）")
    hint.get_by_role("button", name="采用").click()
    expect(sheet.get_by_role("radio", name="Ⅱ级 重大")).to_be_checked()
    expect(hint.get_by_role("button", name="采用")).to_have_count(0)
    choose_class(sheet, "14A")
    expect(hint).to_contain_text("此类事件不分级")
    choose_class(sheet, "13A")
    expect(hint).to_contain_text("此类事件没有分级标准")


def choose_class(sheet, code: str) -> None:
    box = sheet.locator("[data-name=type_code] input")
    box.fill(code)
    sheet.locator("[data-name=type_code]").get_by_role(
        "option", name=re.compile(code)
    ).first.click()


def test_a_loss_is_typed_as_people_say_it(desk_of, city):
    made = city.report("仓库火灾（损失）", type_code="12G06")
    desk = desk_of("duty")
    desk.goto(f"{city.url}/?incident={made['id']}")
    desk.get_by_role("button", name="编辑", exact=True).click()
    loss = desk.locator("form.edit").get_by_label("直接经济损失（元）")
    loss.fill("约一千万")
    loss.blur()
    expect(desk.locator("form.edit")).to_contain_text("请填金额")
    loss.fill("1000万")
    expect(desk.locator("form.edit .grade-hint")).to_contain_text(
        "建议Ⅲ级 较大：直接经济损失1,000万元"
    )
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".facts")).to_contain_text("1,000万元")


def test_a_decision_that_another_node_made_up_is_not_said_and_breaks_nothing(desk_of):
    desk = desk_of("duty")
    say = """async (decisions) => {
      const { decisionWords } = await import("/static/js/gradewords.js");
      return decisions.map(decisionWords);
    }"""
    right = {"stage": "initial", "reason": "", "suggested": 3, "cited": [], "unknown": []}
    right |= {"why": "ruled"}
    wrong = [None, {}, 1, "x", right | {"stage": "toString"}, right | {"cited": "x"},
             right | {"cited": [None]}, right | {"unknown": None}, right | {"suggested": 9},
             {"stage": "initial"}]  # fmt: skip
    told = desk.evaluate(say, [right, *wrong])
    assert told[0].startswith("初判 · 定级时建议Ⅲ级") and set(told[1:]) == {""}


def test_amounts_are_read_whole_or_not_at_all(desk_of):
    desk = desk_of("duty")
    read = """async (texts) => {
      const { readMoney } = await import("/static/js/money.js");
      return texts.map(readMoney);
    }"""
    amounts = {
        "1200万": "12000000.00", "1.2亿": "120000000.00", "１２００万元": "12000000.00",
        "12,500.50": "12500.50", "0.5": "0.50", "0": "0.00", "007": "7.00", "1.23456万": "12345.60",
        "1.005": None, "1.2345678万": None, "12,50": None, "约1万": None, "-1": None,
        "1e6": None, "999999999亿": None, "一千万": None,
    }  # fmt: skip
    assert desk.evaluate(read, list(amounts)) == list(amounts.values())
