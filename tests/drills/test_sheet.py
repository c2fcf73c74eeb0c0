"""A script goes into a workbook and comes back the same; what cannot be read is named."""

import io
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from drills.script import book, sheet
from drills.script.columns import OF_EXPECTED, OF_INJECT
from emergency.schemas import clean, one_line
from realtime.problems import Invalid, TooLarge
from tests.drills.scene import line
from tests.emergency.pages import FORMULAS

pytestmark = pytest.mark.usefixtures("chinese")

NAMES = {"dept-fire": "西安市消防救援支队", "dept-police": "西安市公安局"}
CODES = {name: code for code, name in NAMES.items()}


def back(script: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sheet.read(book.read(book.write(sheet.written(script, NAMES))), CODES)


def test_what_was_saved_as_a_workbook_comes_back_the_same():
    script = [line(1), line(2, minutes=0, optional=True, late="ask", expected=[]), line(7)]
    assert back(script) == script
    with translation.override("en"):
        english = book.read(book.write(sheet.written(script, NAMES)))
    assert "Injects" in english and sheet.read(english, CODES) == script


@pytest.mark.parametrize("said", FORMULAS)
def test_what_looks_like_a_formula_is_text_on_both_ways(said):
    content = book.write(sheet.written([line(1, content=said, sender="x")], NAMES))
    cell = load_workbook(io.BytesIO(content)).worksheets[0]["G2"]
    assert cell.data_type == "s"
    assert sheet.read(book.read(content), CODES)[0]["content"] == clean(said)


LINES = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30
)
FIGURES = st.none() | st.integers(0, 10_000_000)
TRUTHS = st.fixed_dictionaries(
    {
        "type_code": st.sampled_from(["", "11B03"]),
        "grade": st.sampled_from([None, 1, 2, 3, 4]),
        "level": st.sampled_from(["", "II"]),
        "dead": FIGURES, "injured": FIGURES, "missing": FIGURES, "trapped": FIGURES,
        "share_with": st.lists(st.sampled_from(sorted(NAMES)), unique=True),
    }
)  # fmt: skip
EXPECTED = st.lists(
    st.fixed_dictionaries(
        {
            "metric": st.sampled_from(["T1", "A3"]), "organisation": st.sampled_from(sorted(NAMES)),
            "target": st.integers(0, 100_000), "limit": st.integers(0, 100_000),
            "weight": st.integers(0, 1_000), "note": LINES.map(one_line),
        }
    ),
    max_size=3,
)  # fmt: skip
SCRIPTS = st.lists(
    st.builds(
        lambda truth, lon, lat, **said: said | {"truth": truth | {"lon": lon, "lat": lat}},
        TRUTHS,
        st.floats(107, 110).map(lambda one: round(one, 7)),
        st.floats(33, 35).map(lambda one: round(one, 7)),
        number=st.integers(1, 9_999), minutes=st.integers(0, 4_320), phase=LINES.map(one_line),
        channel=st.sampled_from(["phone", "sms", "opinion"]), sender=LINES.map(one_line),
        recipients=st.lists(st.sampled_from(sorted(NAMES)), unique=True, min_size=1),
        content=LINES.map(clean), place=LINES.map(one_line),
        late=st.sampled_from(["send", "skip", "ask"]), optional=st.booleans(), expected=EXPECTED,
    ),
    min_size=1, max_size=4, unique_by=lambda one: one["number"],
)  # fmt: skip


@given(SCRIPTS)
def test_any_script_comes_back_from_its_rows_the_same(script):
    script = sorted(script, key=lambda one: one["number"])
    rows = sheet.written(script, NAMES)
    assert sheet.read(rows, CODES) == script


def made(change: Any = None) -> bytes:
    """A workbook of one inject, changed by hand."""
    known = load_workbook(io.BytesIO(book.write(sheet.written([line(1)], NAMES))))
    if change:
        change(known)
    file = io.BytesIO()
    known.save(file)
    return file.getvalue()


def cell(name: str, value: Any, which: int = 0) -> Any:
    def change(known: Workbook) -> None:
        columns = list(OF_INJECT if which == 0 else OF_EXPECTED)
        known.worksheets[which].cell(2, columns.index(name) + 1).value = value

    return change


CELLS: list[tuple[Any, str]] = [
    (cell("number", "x"), "情景事件 第 2 行 编号：应为 1 至 9999 的整数"),
    (cell("number", None), "编号"),
    (cell("minutes", -1), "时刻"),
    (cell("minutes", 4321), "时刻"),
    (cell("minutes", 1.5), "时刻"),
    (cell("minutes", "٣"), "时刻"),
    (cell("minutes", "1" + "0" * 400), "时刻"),
    (cell("channel", "烽火"), "应为其中之一：电话"),
    (cell("recipients", "市水务局"), "市水务局 不参加本次演练"),
    (cell("sender", "x" * 61), "最多 60 个字"),
    (cell("content", "x" * 2001), "最多 2000 个字"),
    (cell("grade", "Ⅴ"), "真实等级"),
    (cell("position", "钟楼"), "不是一对坐标"),
    (cell("dead", "约三人"), "真实死亡"),
    (cell("organisation", "西安市公安局、西安市消防救援支队", 1), "应为一个单位"),
    (cell("weight", 1001, 1), "权重"),
    (cell("metric", "x" * 300, 1), "最多 4 个字"),
    (cell("number", 9, 1), "情景事件 9 不存在"),
    (lambda known: known.remove(known.worksheets[1]), "缺少工作表“预期行动”"),
    (lambda known: known.worksheets[0].delete_cols(4), "缺少列“渠道”"),
    (lambda known: known.worksheets[0].cell(1, 20, "备注"), "不认识列“备注”"),
    (lambda known: known.worksheets[0].cell(1, 20, "编号"), "列“编号”重复"),
    (lambda known: known.worksheets[0].delete_rows(2), "情景事件 1 不存在"),
]


@pytest.mark.parametrize(("change", "says"), CELLS)
def test_a_cell_that_cannot_be_read_is_named_and_nothing_is_taken(change, says):
    with pytest.raises(sheet.Unreadable, match=says):
        sheet.read(book.read(made(change)), CODES)


def many(known: Workbook) -> None:
    row = [each.value for each in known.worksheets[0][2]]
    for number in range(2, 10_001):
        known.worksheets[0].append([number, *row[1:]])


FILES: list[tuple[Any, str]] = [
    (lambda: made(cell("minutes", "=1+1")), "B2 是公式"),
    (many, "行数过多"),
    (lambda: made(lambda known: known.worksheets[0].cell(2, 41, "x")), "列数过多"),
    (lambda: made(lambda known: [known.create_sheet(str(one)) for one in range(3)]), "多于 4 张"),
    (lambda: b"PK\x03\x04 no archive", "不是工作簿"),
    (lambda: b"", "不是工作簿"),
    (lambda: made()[:2000], "不是工作簿"),
    (lambda: made().replace(b"xl/workbook.xml", b"xl/workbook.xxx"), "工作簿"),
]


@pytest.mark.parametrize(("make", "says"), FILES)
def test_a_file_that_is_no_script_is_refused_in_words(make, says):
    content = made(make) if make is many else make()
    with pytest.raises(Invalid) as refused:
        book.read(content)
    assert says in str(refused.value.fields["file"])


def test_a_workbook_of_many_megabytes_is_not_even_opened():
    with pytest.raises(TooLarge):
        book.read(b"x" * (book.LIMIT + 1))


def test_more_injects_than_a_script_has_are_refused():
    rows = sheet.written([line(number) for number in range(1, 502)], NAMES)
    with pytest.raises(sheet.Unreadable, match="500"):
        sheet.read(rows, CODES)


@pytest.mark.parametrize(("typed", "minutes"), [("1:20", 80), ("0:05", 5), ("72:0", 4320)])
def test_a_time_of_the_clock_is_minutes(typed, minutes):
    assert sheet.read(book.read(made(cell("minutes", typed))), CODES)[0]["minutes"] == minutes


def test_a_position_in_another_system_is_kept_as_wgs84():
    told = sheet.position("108.947046, 34.259485 GCJ-02")
    assert abs(told[0] - 108.9424) < 0.0005 and abs(told[1] - 34.2610) < 0.0005


def test_a_workbook_is_read_behind_walls_or_not_at_all():
    text = (
        "import gis.importer.confine as c; c._filter_calls = lambda: False\n"
        "import runpy; runpy.run_module('drills.script.child', run_name='__main__')"
    )
    command = [sys.executable, "-c", text]
    done = subprocess.run(
        command, input=made(), capture_output=True, cwd=settings.BASE_DIR, check=True
    )
    assert done.stdout.splitlines()[0] == b'{"code": "not_confined", "detail": ""}'
