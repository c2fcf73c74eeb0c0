"""Casualties that change after the final report are asked for on the screen until reported."""

import re

from playwright.sync_api import expect

from tests.browser.parts import chips, rows
from tests.browser.test_reports import form, sign, submit

CASUALTIES = {"dead": 1, "injured": 2, "serious": 0, "missing": 0, "trapped": 0, "affected": None}


def concluded(city, title: str) -> dict:
    """A leak with its first and its final report."""
    made = city.report(title, user="leader", casualties=CASUALTIES)
    with city.client("leader") as client:
        for kind in ("written", "final"):
            path = f"/incidents/{made['id']}"
            told = client.get(f"{path}/reports/next", params={"kind": kind}).json()
            said = {"kind": kind, "recipient": "市政府总值班室", "text": "如下"}
            said |= {name: told[name] for name in ("rev", "covers")}
            draft = client.post(f"{path}/drafts", json=said)
            assert draft.status_code == 201, draft.text
            signed = client.post(f"/drafts/{draft.json()['id']}/signature", json={})
            assert signed.status_code == 201, signed.text
    return made


def one_more_dies(city, made: dict) -> None:
    with city.client("leader") as client:
        rev = client.get(f"/incidents/{made['id']}").json()["rev"]
        change = {"rev": rev, "casualties": CASUALTIES | {"dead": 2}}
        answer = client.patch(f"/incidents/{made['id']}", json=change)
        assert answer.status_code == 200, answer.text


def test_a_death_after_the_final_report_is_asked_for_until_a_supplement_is_signed(desk_of, city):
    made = concluded(city, "甲醇罐车泄漏（补报）")
    duty, leader, other = desk_of("duty"), desk_of("leader"), desk_of("duty2")
    expect(rows(duty, made["title"])).to_have_count(0)
    one_more_dies(city, made)

    notice = duty.locator(".toast", has_text="伤亡变化尚未补报：死亡 1 → 2")
    expect(notice).to_contain_text(made["title"])
    expect(leader.locator(".toast", has_text="尚未补报")).to_have_count(0)  # only from tomorrow on
    expect(chips(duty, "补报", made["title"])).to_contain_text("死亡 1 → 2")
    expect(chips(duty, "补报", made["title"])).to_contain_text(re.compile(r"剩 (29|30) 天"))
    expect(other.locator(".toast", has_text="尚未补报")).to_be_visible()
    notice.get_by_role("button", name="打开报告").click()
    days = duty.locator(".supplement-days")
    expect(days).to_contain_text("（30 日；")
    expect(days).to_contain_text("尚未补报：死亡 1 → 2")
    duty.locator("[data-draft=supplement]").click()
    expect(form(duty).get_by_label("报告内容")).to_have_value(re.compile("死亡 1 → 2"))
    duty.keyboard.press("Escape")
    submit(duty, "supplement")

    leader.goto(f"{city.url}/?incident={made['id']}")
    leader.click("#tab-reports")
    sign(leader)
    issued = duty.locator("[data-report=supplement]")
    expect(issued).to_contain_text("补报一")
    expect(chips(duty, "补报", made["title"])).to_have_count(0)
    expect(days).not_to_contain_text("尚未补报")
    expect(other.locator(".toast", has_text="尚未补报")).to_have_count(0)
    duty.click("#tab-timeline")
    expect(duty.locator(".timeline")).to_contain_text("伤亡变化尚未补报")
    expect(duty.locator(".tick-kind", has_text="补报一").first).to_be_visible()
