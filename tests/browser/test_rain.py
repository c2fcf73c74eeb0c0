"""A night of rain (scenario S2), as far as reports and duty go, on two linked nodes: limits of 20
and 40 minutes, a report a minute late, a round that is missed, a directive, a handover with a
restart in its middle, and the papers of it all."""

import io
import subprocess
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Word
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.test_deadlines import ago
from tests.browser.test_documents import issue, saved
from tests.browser.test_rounds import SET_BACK, activate

YANTA = "610113"  # the organisation that runs the district's node


class Desk:
    """Somebody at the API of a node."""

    def __init__(self, node: Any, user: str):
        self.client = node.client(user)

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.client.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def incident(self, made: dict[str, Any]) -> dict[str, Any]:
        return self.client.get(f"/incidents/{made['id']}").json()

    def draft(self, made: dict[str, Any], kind: str, text: str) -> str:
        """A report in writing that waits for its signature; its id."""
        proposed = self.client.get(f"/incidents/{made['id']}/reports/next", params={"kind": kind})
        told = {name: proposed.json()[name] for name in ("rev", "covers")}
        body = {"kind": kind, "recipient": "西安市应急指挥部", "text": text} | told
        return self.post(f"/incidents/{made['id']}/drafts", **body)["id"]


def show(page: Page, node: Any, made: dict[str, Any]) -> None:
    """This incident, as soon as it is here, also where the list is long."""
    title = page.locator(".panel-title", has_text=made["title"])
    for _time in range(12):
        page.goto(f"{node.url}/?incident={made['id']}")
        with suppress(TimeoutError):
            title.wait_for(timeout=5_000)
            return
    raise AssertionError("it did not come")


def until(page: Page, has: Any) -> None:
    """Load the page again until it has what is on its way."""
    for _time in range(60):
        if has():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError("it did not come")


def met(detail: dict[str, Any]) -> dict[str, int]:
    """Kind of each report that ended its limit, with the minutes by which it was late."""
    steps = [one for one in detail["deadline_steps"] if one["kind"] == "met"]
    return {one["report"]: one["late"] for one in steps}


@pytest.fixture
def desks(city, district) -> dict[str, Desk]:
    return {
        "city": Desk(city, "duty"),
        "chief": Desk(city, "leader"),
        "district": Desk(district, "duty"),
        "head": Desk(district, "leader"),
    }


def test_a_night_of_rain_from_the_first_call_to_its_papers(
    desk_of, city, district, desks, tmp_path
):
    storm = city.report("全市暴雨", type_code="11B03", user="leader")
    activate(city, storm["id"])
    slide = district.report(
        "鸡窝子组山洪泥石流", type_code="11D02", received_at=ago(19), summary="两户房屋被冲毁"
    )
    closed = district.report("沣峪口道路塌方", type_code="11B03", received_at=ago(20.3))
    minutes = {one["kind"]: one["minutes"] for one in desks["district"].incident(slide)["limits"]}
    assert minutes == {"phone": 20, "written": 40}

    # by phone: one within its limit, one a minute late
    for made in (slide, closed):
        desks["district"].post(
            f"/incidents/{made['id']}/reports", kind="phone", recipient="市总值班室"
        )
    above = desk_of("duty")
    show(above, city, closed)
    above.click("#tab-reports")
    expect(above.locator("#panel")).to_contain_text("迟报 1 分钟")
    assert met(desks["district"].incident(closed)) == {"phone": 1}
    assert met(desks["district"].incident(slide)) == {"phone": 0}

    # in writing, signed at the district, taken at the city
    draft = desks["district"].draft(slide, "written", "两户房屋被冲毁\n道路、供电、通信中断")
    desks["head"].post(f"/drafts/{draft}/signature")
    show(above, city, slide)
    above.click("#tab-reports")
    above.locator("[data-report=written]").get_by_role("button", name="签收报告").click()
    expect(above.locator("[data-report=written]")).to_contain_text("道路、供电、通信中断")

    # a directive from the city, answered at the district
    now = datetime.now(UTC)
    said = {"leader": "王市长", "post": "市长", "channel": "oral", "read_back": True}
    said |= {"text": "全力搜救，严防次生灾害。", "what": "每两小时报搜救进展", "lead": YANTA}
    desks["chief"].post(
        f"/incidents/{slide['id']}/directives",
        received_at=now.isoformat(),
        due_at=(now + timedelta(hours=2)).isoformat(),
        **said,
    )
    there = desk_of("duty", at=district)
    show(there, district, slide)
    there.click("#tab-tasks")
    task = there.locator(".task", has_text="每两小时报搜救进展")
    task.locator("[data-kind=feedback]").click()
    there.locator(".ask textarea").fill("救出 4 人，仍有失联")
    there.locator(".ask").get_by_role("button", name="反馈").click()
    expect(task.locator(".task-state")).to_have_text("反馈")

    # the first round of reports passes without a word
    for node in (city, district):
        node.manage("shell", "-c", SET_BACK % 61)
    change = {"rev": desks["chief"].incident(storm)["rev"], "summary": "雨势不减"}
    assert desks["chief"].client.patch(f"/incidents/{storm['id']}", json=change).is_success
    chief = desk_of("leader")
    show(chief, city, storm)
    chief.click("#tab-tasks")
    expect(chief.locator(".round-order .rounds-before details").first).to_contain_text("缺 21/21")
    missed = desks["chief"].incident(storm)["round_reminders"]
    assert len(missed) == 1

    # the district hands its shift over: not without a note, and the node dies in between
    goes = desk_of("duty", at=district)
    goes.goto(f"{district.url}/handover")
    owed = goes.locator(".open-item.owed", has_text="第 1 轮")
    until(goes, lambda: owed.count())
    goes.get_by_role("button", name="签字交班").click()
    expect(goes.get_by_role("alert").first).to_contain_text("逾期未报的须先填写说明")
    for line in goes.locator(".open-item.owed input").all():
        line.fill("通信中断，随后补报")
    goes.get_by_label("天气和生效中的预警").fill("暴雨红色预警")
    goes.get_by_role("button", name="签字交班").click()
    expect(goes.get_by_role("status")).to_contain_text("已保存")
    district.kill()
    district.start()
    comes = desk_of("leader", at=district)
    comes.goto(f"{district.url}/handover")
    expect(comes.locator("main")).to_contain_text("暴雨红色预警")
    for line in comes.locator(".handover .open-item.owed input").all():  # overdue meanwhile
        line.fill("刚逾期")
    comes.get_by_role("button", name="签字接班").click()
    expect(comes.locator("h1")).to_contain_text("已接班")
    assert met(desks["district"].incident(closed)) == {"phone": 1}  # late stays late
    assert desks["chief"].incident(storm)["round_reminders"] == missed  # said once

    # the papers, at both nodes
    comes.get_by_role("link", name="生成公文").click()
    papers = {"交接班记录": paper(comes, tmp_path, "值班台存档")}
    comes.goto(f"{district.url}/documents/new/report/report/{draft}")
    papers["值班信息"] = paper(comes, tmp_path)
    chief.goto(f"{city.url}/documents/new/directives/directives/open")
    papers["批示督办落实情况"] = paper(chief, tmp_path, "市政府")
    written = desks["district"].incident(slide)["reports"]
    (report,) = [one for one in written if one["kind"] == "written"]
    says(papers["值班信息"], slide["number"], *report["text"].splitlines(), report["recipient"])
    says(papers["值班信息"], report["signed_by_name"], "雁塔区")
    says(papers["交接班记录"], storm["number"], "通信中断，随后补报", "暴雨红色预警", "逾期")
    says(
        papers["批示督办落实情况"],
        "王市长（市长）",
        "全力搜救，严防次生灾害。",
        "救出 4 人，仍有失联",
    )


def paper(page: Page, folder: Path, recipients: str = "") -> bytes:
    """The document that this page is about, issued and saved."""
    number = issue(page, recipients)
    word = saved(page, folder)
    out = io.BytesIO()
    word.save(out)
    assert number in "\n".join(line.text for line in word.paragraphs)
    return out.getvalue()


def says(content: bytes, *words: str) -> None:
    """python-docx and LibreOffice both read these words in it, the latter in Chinese fonts."""
    word = Word(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    read = "\n".join([*(line.text for line in word.paragraphs), *cells])
    assert not [one for one in words if one not in read]
    folder = Path(tempfile.mkdtemp())
    (folder / "a.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "fodt", "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "a.docx")], check=True, capture_output=True, timeout=120)
    text = (folder / "a.fodt").read_text(encoding="utf-8")
    assert not [one for one in words if one not in text]
    assert "仿宋" in text
