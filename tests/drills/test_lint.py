"""What is wrong with a script is found before it runs, each fault by its own rule."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drills.script import lint
from tests.drills.scene import line

pytestmark = pytest.mark.usefixtures("chinese")

PARTS = {"610100": "control", "dept-fire": "play", "dept-police": "evaluate"}


def found(injects: list[dict[str, Any]], **fields: Any) -> list[lint.Finding]:
    known = {
        "minutes": 120, "parts": PARTS, "names": {"dept-fire": "市消防"},
        "metrics": {"T1", "A3", "A1"}, "classes": {"11B03"}, "levels": {"III", "II"},
    }  # fmt: skip
    return lint.findings(injects, **known | fields)


def broken(**fields: Any) -> list[dict[str, Any]]:
    return [line(1), line(2, **fields)]


def with_truth(**fields: Any) -> dict[str, Any]:
    return {"truth": line()["truth"] | fields}


def with_expected(**fields: Any) -> dict[str, Any]:
    return {"expected": [line()["expected"][0] | fields]}


def test_a_script_without_a_fault_is_told_so_by_silence():
    assert found([line(1), line(2), line(3)]) == []


DEFECTS: list[tuple[list[dict[str, Any]], int | None, bool, str]] = [
    ([], None, True, "还没有"),
    (broken(recipients=[], expected=[]), 2, True, "没有接收单位"),
    (broken(recipients=["dept-fire", "dept-water"]), 2, True, "dept-water 不参演"),
    (broken(recipients=["dept-fire", "dept-police"]), 2, True, "dept-police 不参演"),
    (broken(minutes=120), 2, True, "结束"),
    (broken(minutes=4), 2, False, "早于"),
    (broken(content=" "), 2, True, "没有内容"),
    (broken(sender=""), 2, True, "没有发送人"),
    ([line(1), line(1, minutes=9)], 1, True, "编号重复"),
    (broken(**with_truth(type_code="99Z99")), 2, True, "99Z99"),
    (broken(**with_truth(level="V")), 2, True, "真实响应级别 V"),
    (broken(**with_truth(share_with=["dept-water"])), 2, True, "dept-water"),
    (broken(**with_expected(metric="Z9")), 2, True, "Z9"),
    (broken(**with_expected(organisation="dept-police")), 2, True, "不参演"),
    (broken(**with_expected(target=5)), 2, True, "相同"),
    (broken(**with_truth(lon=None, lat=None)), 2, True, "A3 所对照"),
    (broken(expected=line()["expected"][:1] * 2), 2, True, "重复"),
]


@pytest.mark.parametrize(("script", "number", "bad", "says"), DEFECTS)
def test_each_defect_is_named_at_its_inject_and_nothing_else_is(script, number, bad, says):
    said = found(script)
    assert [(one.number, one.bad) for one in said] == [(number, bad)] and says in said[0].text


def test_who_plays_and_is_told_nothing_is_pointed_out():
    parts = PARTS | {"dept-water": "play"}
    assert [(one.number, one.bad) for one in found([line(1)], parts=parts)] == [(None, False)]


def test_who_is_not_told_what_is_expected_is_pointed_out():
    parts = PARTS | {"dept-water": "play"}
    script = [line(1, recipients=["dept-water"]), line(2)]
    assert [(one.number, one.bad) for one in found(script, parts=parts)] == [(1, False)] * 2


def test_without_any_expectation_there_is_a_warning_and_no_obstacle():
    said = found([line(1, expected=[])])
    assert [one.bad for one in said] == [False] and "没有得分" in said[0].text


@given(st.lists(st.integers(0, 200), max_size=12), st.integers(1, 200))
def test_whatever_the_minutes_are_those_after_the_end_are_named_and_no_others(minutes, end):
    script = [line(number, minutes=at) for number, at in enumerate(minutes, start=1)]
    before = copy.deepcopy(script)
    said = {one.number for one in found(script, minutes=end) if one.bad and one.number}
    assert said == {one["number"] for one in script if one["minutes"] >= end}
    assert script == before, "it reads and changes nothing"
