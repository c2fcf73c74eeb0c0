"""An exercise that a browser schedules: two injects, who takes part."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from drills.script import book, sheet
from tests.drills.scene import line

PEOPLE = [("dept-emergency", "导调"), ("610100", "参演"), ("dept-fire", "参演"),
          ("dept-health", "评估")]  # fmt: skip


def workbook(folder: Path) -> Path:
    """Two injects: one for the city at once, one for the fire service in an hour."""
    truth = line()["truth"] | {"share_with": []}
    lines = [
        line(1, minutes=0, recipients=["610100"], content="沣峪口山洪，请核实", truth=truth,
             place="沣峪口", expected=[{"metric": "T1", "organisation": "610100", "target": 1,
                                     "limit": 5, "weight": 1, "note": ""}]),
        line(2, minutes=60, recipients=["dept-fire"], content="请派排水车", truth=truth,
             expected=[]),
    ]  # fmt: skip
    path = folder / "脚本.xlsx"
    path.write_bytes(book.write(sheet.written(lines, {})))
    return path


def schedule(office: Page, url: str, title: str) -> str:
    """An exercise by the form; its address."""
    office.goto(f"{url}/drills/new")
    office.get_by_label("演练名称").fill(title)
    office.get_by_label("预案", exact=True).select_option(index=1)
    day = datetime.now(UTC) + timedelta(days=2)
    office.get_by_label("开始时间").fill(f"{day:%Y-%m-%d}T09:00")
    office.get_by_label("演练目标").fill("检验接报")
    for place, (code, part) in enumerate(PEOPLE):
        office.locator(f"#id_people-{place}-organisation").select_option(code)
        office.locator(f"#id_people-{place}-part").select_option(label=part)
    office.get_by_role("button", name="保存").click()
    expect(office.locator("h1")).to_contain_text(title)
    return office.url.partition("?")[0]
