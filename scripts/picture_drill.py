"""The drill of the pictures: scheduled, begun and played on the running demo.

Owns: its story. Promises: everything goes through the screen and the API, as an office and its
players would; must be run while the three nodes are linked. Must not import the project.
"""

import io
import json
import urllib.request
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from playwright.sync_api import Page

TITLE = "2026年防汛桌面演练（山洪泥石流·城市内涝）"
PEOPLE = [("dept-emergency", "control"), ("610100", "play"), ("610113", "play"),
          ("610116", "play"), ("dept-health", "evaluate")]  # fmt: skip
HEAD = ["编号", "时刻（分）", "阶段", "渠道", "发送人", "接收单位", "内容", "地点", "备选",
        "真实类别", "真实等级", "真实位置"]  # fmt: skip
INJECTS = [
    [1, 0, "预警", "平台", "市气象台（模拟）", "西安市、雁塔区、长安区",
     "暴雨蓝色预警：预计未来12小时沿山区县降雨量50毫米以上。", None, None, "11B03", "Ⅳ", None],
    [2, 1, "先期处置", "电话", "滦镇街道（模拟）", "长安区",
     "沣峪口一带降雨强烈，210国道部分路段积水，交警准备封控。", "沣峪口", None, "11B03", "Ⅳ",
     "108.8186, 34.0042"],
    [3, 2, "先期处置", "电话", "群众（模拟）", "雁塔区",
     "小寨东路下穿通道积水约35厘米，3辆车被困，无人员伤亡。", "小寨东路", None, "11A02", "Ⅳ",
     "108.9530, 34.2230"],
    [4, 60, "响应", "电话", "滦镇街道（模拟）", "长安区",
     "喂子坪村鸡窝子组突发山洪泥石流，2间房屋被冲毁，有人员失联，数量不详。", "喂子坪村", None,
     "11D02", "Ⅱ", "108.8300, 33.9500"],
    [5, 95, "响应", "网络舆情", "舆情监测（模拟）", "西安市", "网络流传不实短视频，转发量上升。",
     None, "是", None, None, None],
]  # fmt: skip
EXPECTED = [
    ["编号", "指标", "单位", "目标", "限值", "权重"],
    [1, "T1", "西安市", 1, 5, 1], [2, "T1", "长安区", 1, 5, 2], [2, "A3", "长安区", 50, 500, 1],
    [3, "T1", "雁塔区", 1, 5, 2], [3, "A1", "雁塔区", 100, 0, 1], [3, "C1", "雁塔区", 100, 60, 2],
    [4, "T3", "长安区", 20, 40, 3],
]  # fmt: skip
VALUES = ["4 良好", "3 合格", "5 优秀", "4 良好", "4 良好", "3 合格", "5 优秀", "4 良好", "4 良好",
          "P 顺利完成", "S 有一定困难", "S 有一定困难", "是", "是", "4 良好", "是",
          "是"]  # fmt: skip
FOUND = {"text": "喂子坪村转移时未启用备用广播", "cause": "预案未写明备用通信方式",
         "action": "增补附件三：备用广播与锣哨", "due": "2099-12-31"}  # fmt: skip
ANSWERS = {  # node: number of the inject, title, class, place
    "xian": (1, "暴雨蓝色预警", "11B03", None),
    "xian-changan": (2, "沣峪口路段积水", "11B03", {"lon": 108.8186, "lat": 34.0052}),
    "xian-yanta": (3, "小寨东路下穿通道积水", "11A02", {"lon": 108.953, "lat": 34.223}),
}


def workbook() -> bytes:
    """The script as somebody writes it in a spreadsheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = "情景事件"
    for row in [HEAD, *INJECTS]:
        sheet.append(row)
    other = book.create_sheet("预期行动")
    for row in EXPECTED:
        other.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def begin(office: Page, url: str) -> str:
    """Schedule it, take the script in and start it; the address of the exercise."""
    office.goto(f"{url}/drills/new")
    office.fill("[name=title]", TITLE)
    office.select_option("[name=plan]", index=1)
    office.fill("[name=starts_at]", "2099-06-15T09:00")
    office.fill("[name=minutes]", "120")
    office.fill("[name=objectives]", "检验会商研判与预案启动\n检验山洪危险区转移")
    for place, (code, part) in enumerate(PEOPLE):
        office.select_option(f"[name=people-{place}-organisation]", code)
        office.select_option(f"[name=people-{place}-part]", part)
    office.get_by_role("button", name="保存").click()
    office.wait_for_url("**/drills/of/**")
    at = office.url.partition("?")[0]
    office.goto(f"{at}/script")
    file = {"name": "脚本.xlsx", "mimeType": "application/octet-stream", "buffer": workbook()}
    office.set_input_files("input[type=file]", file)
    office.get_by_role("button", name="导入").click()
    office.goto(f"{at}/criteria")
    office.get_by_role("button", name="保存").click()
    office.wait_for_url("**done=kept")
    office.goto(f"{at}/run")
    office.get_by_role("button", name="开始 ×10").click()
    office.wait_for_selector("#clock .state.on")
    return at


def play(office: Page, var: Path, at: str) -> None:
    """Each node answers what it got, when it has got it."""
    exercise = at.rpartition("/")[2]
    for node, (number, title, code, place) in ANSWERS.items():
        while not (got := _inject(var, node, exercise, number)):
            office.wait_for_timeout(500)
        body = {"title": f"演练：{title}", "type_code": code, "realm": f"ex:{exercise}", "grade": 4}
        made = _call(var, node, "incidents", body | ({"location": place} if place else {}))
        answer = {"inject": got, "incident": made["id"]}
        _call(var, node, f"exercises/{exercise}/answers", answer)
    office.goto(f"{at}/run")
    office.wait_for_timeout(1500)


def judge(evaluator: Page, at: str) -> None:
    """An evaluator marks what is to be judged, and one measurement otherwise."""
    evaluator.goto(f"{at}/marks")
    cards = evaluator.locator(".mark-card")
    for place, value in enumerate(VALUES):
        cards.nth(place).get_by_text(value, exact=True).click()
        cards.nth(place).get_by_role("button", name="保存").click()
        cards.nth(place).get_by_text("已评").wait_for()
    distance = cards.filter(has_text="位置误差").first
    distance.locator("input[type=number]").fill("80")
    distance.locator("[name=note]").fill("以现场核实的位置为准")
    distance.get_by_role("button", name="保存").click()
    distance.get_by_text("已评").wait_for()
    evaluator.reload()


def finish(office: Page, at: str) -> None:
    """It ends, and something was found."""
    office.goto(f"{at}/run")
    office.locator("details", has=office.locator("form[action$='/end']")).locator("summary").click()
    office.locator("form[action$='/end'] button").click()
    office.goto(f"{at}/findings")
    for name, value in FOUND.items():
        office.fill(f"#id_{name}", value)
    office.select_option("#id_owner", "610116")
    office.locator("form.plan-form button[type=submit]").click()
    office.locator(".finding").wait_for()


def _inject(var: Path, node: str, exercise: str, number: int) -> str:
    told = _call(var, node, f"exercises/{exercise}")["deliveries"]
    return next((one["id"] for one in told if one["number"] == number), "")


def _call(var: Path, node: str, path: str, body: Any = None) -> Any:
    told = json.loads((var / node / "credentials.json").read_text())
    token = next(one["token"] for one in told["accounts"] if one["user"] == "duty")
    request = urllib.request.Request(
        f"{told['url']}/api/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)
