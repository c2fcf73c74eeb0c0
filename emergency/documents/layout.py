"""What stands in a document of each kind, in its order.

Owns: the blocks, which the templates that come with the platform and the page to print are both
made from. Promises: each names what is said by its tag; labels are Chinese, as the documents are.
Must not know: where what is said comes from, how a block looks.
Source: domain rules of the duty desk's documents (值班信息, 专报, 督办, 日报, 交接班, 响应通知).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fact:
    """A line `label：value`, left out where nothing is said."""

    label: str
    tag: str


@dataclass(frozen=True)
class Words:
    """Paragraphs under a heading, left out where there are none."""

    heading: str
    tag: str


@dataclass(frozen=True)
class Table:
    """Rows under a heading; columns are (label, tag, share of the width)."""

    heading: str
    tag: str
    columns: Sequence[tuple[str, str, int]]


@dataclass(frozen=True)
class Sketch:
    """Where it is: the picture, and the places by their numbers."""

    heading: str


Block = Fact | Words | Table | Sketch

SIGNED = [Fact("签发", "signer"), Fact("口头批准", "oral"), Fact("拟稿", "drafter")]
ELEMENTS = Table(
    "要素", "elements", [("要素", "name", 3), ("内容", "value", 7), ("备注", "note", 4)]
)
OF_INCIDENT = [Fact("事件", "incident_title"), Fact("事件编号", "incident")]
LAYOUTS: dict[str, list[Block]] = {
    "report": [
        Fact("事件编号", "incident"),
        Fact("报告时间", "reported_at"),
        Words("", "text"),
        ELEMENTS,
        Fact("待续报要素", "lacking"),
        *SIGNED,
    ],
    "special": [
        Fact("事件编号", "incident"),
        Fact("报告时间", "reported_at"),
        Words("一、基本情况", "text"),
        Words("二、研判", "outlook"),
        Words("三、建议", "advice"),
        Table("四、要素", "elements", ELEMENTS.columns),
        Fact("待续报要素", "lacking"),
        Sketch("五、位置示意"),
        *SIGNED,
    ],
    "response": [
        *OF_INCIDENT,
        Fact("预案", "plan"),
        Fact("响应级别", "level"),
        Fact("响应事项", "matter"),
        Fact("预计期限", "until"),
        Words("处置措施", "measures"),
        Words("终止说明", "reason"),
        Table(
            "任务",
            "tasks",
            [
                ("序号", "no", 1), ("单位", "organisation", 4), ("任务", "text", 7),
                ("时限", "due", 4),
            ],
        ),
        Fact("决定时间", "decided_at"),
    ],
    "notice": [
        *OF_INCIDENT,
        Fact("批示领导", "leader"),
        Fact("批示方式", "channel"),
        Fact("收到时间", "received_at"),
        Words("批示原文", "text"),
        Fact("办理要求", "what"),
        Fact("反馈时限", "due"),
        Table("承办单位", "units", [("单位", "name", 8), ("分工", "part", 3)]),
    ],
    "directives": [
        Fact("统计时间", "as_of"),
        Table(
            "",
            "rows",
            [
                ("序号", "no", 1), ("收到时间", "received_at", 3), ("批示领导", "leader", 3),
                ("批示内容", "text", 6), ("事件", "incident", 4), ("反馈时限", "due", 3),
                ("落实情况", "units", 7),
            ],
        ),
        Fact("未列出的件数", "more"),
    ],
    "daily": [
        Fact("统计时段", "span"),
        Fact("数据截至", "as_of"),
        Fact("接报事件", "total"),
        Fact("伤亡情况", "casualties"),
        Table("按类别", "classes", [("类别", "name", 8), ("件数", "count", 2)]),
        Table("按区域", "districts", [("区域", "name", 8), ("件数", "count", 2)]),
        Table("按等级", "grades", [("等级", "name", 8), ("件数", "count", 2)]),
        Table(
            "未办结事项",
            "open",
            [
                ("事件编号", "number", 5), ("事项", "what", 8), ("时限", "due", 4),
                ("情况", "state", 3),
            ],
        ),
        Fact("未列出的事项", "more"),
    ],
    "dutylog": [
        Fact("日期", "day"),
        Table(
            "",
            "rows",
            [
                ("时间", "time", 3), ("方式", "channel", 3), ("对方", "party", 4),
                ("内容", "summary", 7), ("处理", "handling", 5), ("事件编号", "incident", 4),
                ("记录人", "author", 3),
            ],
        ),
    ],
    "handover": [
        Fact("交班人", "giver"),
        Fact("交班时间", "given_at"),
        Fact("接班人", "taker"),
        Fact("接班时间", "taken_at"),
        Table(
            "未办结事项",
            "items",
            [
                ("事件编号", "number", 4), ("事项", "what", 7), ("时限", "due", 3),
                ("情况", "state", 2), ("逾期说明", "note", 4),
            ],
        ),
        Fact("未列出的事项", "more"),
        Words("天气与预警", "warnings"),
        Words("设备故障", "faults"),
        Words("敏感事项", "sensitive"),
        Words("其他", "remarks"),
    ],
}  # fmt: skip


def page(kind: str, said: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks of a document with what it says, for a page: {form, heading or label, ...}."""
    return [one for block in LAYOUTS[kind] if (one := _shown(block, said))]


def _shown(block: Block, said: dict[str, Any]) -> dict[str, Any] | None:
    if isinstance(block, Fact):
        value = said[block.tag]
        return {"form": "fact", "label": block.label, "value": value} if value else None
    if isinstance(block, Words):
        lines = said[block.tag]
        return {"form": "words", "heading": block.heading, "lines": lines} if lines else None
    if isinstance(block, Table):
        head = [label for label, _tag, _share in block.columns]
        rows = [[row[tag] for _label, tag, _share in block.columns] for row in said[block.tag]]
        return {"form": "table", "heading": block.heading, "head": head, "rows": rows}
    return {"form": "sketch", "heading": block.heading, "places": said["places"]}
