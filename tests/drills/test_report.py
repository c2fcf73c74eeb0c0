"""The report of an exercise: page, document, map, replay file; who reads them and what they say."""

import io
import re
import zipfile

import pytest
from django.test import Client
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from drills.models import Exercise
from drills.report import content
from drills.services import conduct, evaluation, improvement
from emergency.services import entries, incidents
from tests import factories
from tests.drills.test_evaluation import exercise, keys, running  # noqa: F401
from tests.drills.test_improvement import told
from tests.emergency.pages import text

FILES = ("report", "report/document", "report/replay")
HOSTILE = "</script><img src=x onerror=alert(1)>"
TEMPLATE = "{{ 7 * 191 }} 50{% of {# it"


@pytest.fixture
def over(planner, running) -> Exercise:  # noqa: F811
    """It ended, was judged, and something was found."""
    evaluator = factories.officer("duty_officer", "dept-police")
    command, _unhurt = keys(running)
    evaluation.give_mark(actor=evaluator, exercise=running, row=command, value="4", note="果断")
    player = factories.officer("district_officer", "dept-fire")
    made, _new = incidents.report_incident(
        actor=player, title=HOSTILE, type_code="11D02", realm=running.realm, lon=108.95, lat=34.1,
    )  # fmt: skip
    entries.write_entry(actor=player, incident=made, text=TEMPLATE)
    conduct.end_exercise(actor=planner, exercise=running)
    running.refresh_from_db()
    improvement.record_finding(actor=planner, exercise=running, **told())
    return running


def get(client: Client, over: Exercise, what: str):
    return client.get(f"/drills/of/{over.pk}/{what}")


def test_the_page_says_what_the_score_says_and_what_was_found(office, over):
    answer = get(office, over, "report")
    page = text(answer)
    # T1 (2) and A3 (1) full, the item 80 with weight 3: (300 + 240) / 6
    assert "90.00 优" in page and "果断" in page and "预案未写明汽车泵站" in page
    assert "检验会商 80.00 良" in page, "the mean of an objective"
    drawing = answer.content.decode()
    assert drawing.count('class="mark-inject-delivered"') == 1
    assert drawing.count('class="mark-incident-reported"') == 2
    assert drawing.count('class="spot"') == 2 and HOSTILE not in drawing


@given(st.integers(1, 2_000 * 3_600_000))
def test_the_time_axis_begins_at_nought_ends_within_and_can_be_read(whole):
    ticks = content.ticks(whole)
    assert ticks[0] == {"x": 0, "text": "00:00"}
    assert len(ticks) <= content.MARKS + 1 and ticks[-1]["x"] <= content.WIDTH
    assert len({one["x"] for one in ticks}) == len(ticks)


def test_the_document_holds_the_same_and_says_exercise_on_every_page(office, over):
    answer = get(office, over, "report/document")
    assert "filename*=utf-8''%E6%BC%94%E7%BB%83" in answer["Content-Disposition"]
    document = Document(io.BytesIO(answer.content))
    assert document.sections[0].header.paragraphs[0].text.startswith("演练")
    words = "\n".join(one.text for one in document.paragraphs)
    cells = "\n".join(
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    )
    assert "90.00" in words and "村道被淹" in words
    assert "预案未写明汽车泵站" in cells and "接报响应用时" in cells and "果断" in cells
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    [name] = [one for one in packed.namelist() if one.startswith("word/media/")]
    picture = Image.open(packed.open(name))
    frame = {picture.getpixel((x, 4)) for x in range(0, picture.width, 28)}
    assert picture.size == (1400, 1000) and frame == {(193, 39, 45), (242, 193, 78)}


def test_the_replay_is_one_file_that_asks_nobody_and_holds_words_as_data(office, over):
    page = get(office, over, "report/replay").content.decode()
    assert HOSTILE not in page and "\\u003c/script" in page
    assert TEMPLATE in page and "1337" not in page, "written, not run"
    assert not re.search(r"""src=["']?(?:https?:)?//|<link""", page)
    assert not re.search(r"@import|url\(['\"]?(?!#)", page)
    assert "村道被淹" in page and page.count("演练") >= 2


@pytest.mark.parametrize("what", FILES)
def test_who_may_read_the_score_may_read_the_report_and_nobody_else(
    planner,
    running,  # noqa: F811
    what,
):
    def status(role: str, code: str) -> int:
        return get(factories.client(factories.officer(role, code)), running, what).status_code

    assert status("observer", "dept-police") == 200
    assert status("liaison", "dept-fire") == 404
    assert status("district_officer", "610122") == 404
    conduct.end_exercise(actor=planner, exercise=running)
    assert status("liaison", "dept-fire") == 200


@pytest.mark.parametrize("what", FILES)
def test_an_exercise_in_which_nothing_happened_has_a_report_too(planner, exercise, office, what):  # noqa: F811
    conduct.start_exercise(actor=planner, exercise=exercise)
    conduct.abort_exercise(actor=planner, exercise=exercise, reason="险情")
    assert get(office, exercise, what).status_code == 200
