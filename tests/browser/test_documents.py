"""Documents on the screen: from a signed report to its number, its file, its proof."""

import io
import re
from pathlib import Path

from docx import Document as Word
from playwright.sync_api import Page, expect

from tests.browser.test_reports import open_reports, sign, submit


def issue(page: Page, recipients: str = "") -> str:
    """Number and issue what the page shows; its number."""
    if recipients:
        page.get_by_label("报送").fill(recipients)
    page.get_by_role("button", name="编号并印发").click()
    expect(page.get_by_role("status")).to_contain_text("已保存")
    expect(page.locator(".proof")).to_contain_text("与印发时一致")
    return page.locator(".paper-number").inner_text()


def saved(page: Page, folder: Path) -> Word:
    """The file that the page hands out."""
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 .docx").click()
    path = folder / "a.docx"
    download.value.save_as(path)
    return Word(io.BytesIO(path.read_bytes()))


def test_a_signed_report_becomes_a_numbered_bulletin_that_outlives_a_restart(
    desk_of, city, tmp_path
):
    made = city.report("绕城高速甲醇罐车泄漏", summary="一辆罐车侧翻，甲醇泄漏", type_code="12D02")
    duty, leader = desk_of("duty"), desk_of("leader")
    open_reports(duty, made["title"])
    submit(duty, "written", "一辆罐车侧翻，甲醇泄漏约两吨")
    open_reports(leader, made["title"])
    sign(leader)
    with duty.expect_popup() as opened:
        duty.locator(".papers").get_by_role("link", name="值班信息").click()
    page = opened.value
    expect(page.locator(".paper")).to_contain_text("甲醇泄漏约两吨")
    expect(page.locator(".paper-number")).to_have_text("（印发时编号）")
    number = issue(page)
    assert re.fullmatch(r"值班信息〔\d{4}〕第\d+期", number)
    text = [line.text for line in saved(page, tmp_path).paragraphs]
    assert number in text and "一辆罐车侧翻，甲醇泄漏约两吨" in text
    address = page.url.partition("?")[0]
    city.kill()
    city.start()
    page.goto(address)
    expect(page.locator(".proof")).to_contain_text("与印发时一致")
    page.goto(f"{city.url}/documents")
    expect(page.get_by_role("row", name=number)).to_contain_text(made["title"])
    other = desk_of("weiyang")
    other.goto(f"{city.url}/documents")
    expect(other.get_by_role("row", name=number)).to_have_count(0)
    assert other.goto(address).status == 404


def test_the_office_changes_a_template_and_the_next_document_is_made_from_it(
    desk_of, city, tmp_path
):
    office = desk_of("office")
    office.goto(f"{city.url}/tables/kinds")
    office.locator("#content").get_by_role("link", name="值班日志").click()
    for words, told in (("{{ nomber }}", "nomber"), ("本局日志 {{ number }}", "")):
        word = Word()
        word.add_paragraph(words)
        word.save(tmp_path / "own.docx")
        office.get_by_label("模板（.docx）").set_input_files(tmp_path / "own.docx")
        office.get_by_label("修改说明").fill("本局抬头")
        office.get_by_role("button", name="启用").click()
        if told:
            expect(office.locator(".field.bad")).to_contain_text(told)
    expect(office.get_by_role("row", name="值班日志")).to_contain_text("本单位模板，第 1 版")
    duty = desk_of("duty")
    duty.goto(f"{city.url}/documents")
    duty.locator(".way-form", has_text="值班日志").get_by_role("button").click()
    number = issue(duty, "存档")
    assert saved(duty, tmp_path).paragraphs[0].text == f"本局日志 {number}"
