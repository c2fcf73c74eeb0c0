"""The script of an exercise on its pages: who reads it, what is refused, a workbook in and out."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from drills import selectors_script
from drills.models import Exercise, Inject
from drills.script import book, sheet
from drills.services import exercises, script
from emergency.models import Organisation
from realtime.models import Envelope
from tests import factories
from tests.drills.scene import PEOPLE, inject_form, line, said
from tests.emergency import pictures
from tests.emergency.pages import HOSTILE, text, told


@pytest.fixture
def made(planner) -> Exercise:
    return exercises.schedule_exercise(actor=planner, **said())


def at(made: Exercise, rest: str = "") -> str:
    return f"/drills/of/{made.pk}/script{rest}"


def workbook(lines: list[dict[str, Any]]) -> Any:
    names = {one["organisation"]: one["organisation"] for one in PEOPLE}
    file = io.BytesIO(book.write(sheet.written(lines, names)))
    file.name = "脚本.xlsx"
    return file


def test_an_inject_is_written_on_a_page_and_stands_in_the_script(office, made):
    one = line(3)
    assert office.post(at(made, "/new"), inject_form(one)).status_code == 302
    kept = Inject.objects.get()
    assert {name: getattr(kept, name) for name in one} == one
    assert (kept.realm, kept.home, kept.rev) == (made.realm, "xian", 1)
    page = text(office.get(at(made)))
    assert "第3个：村道被淹" in page and "+15" in page and "可以实施" in page


def test_the_same_form_sent_twice_is_one_inject(office, made):
    sent = inject_form(line())
    assert [office.post(at(made, "/new"), sent).status_code for _each in range(2)] == [302, 302]
    assert office.post(at(made, "/new"), sent | {"content": "别的"}).status_code == 422
    assert Inject.objects.count() == 1 and len(told("inject.written")) == 1


def test_who_plays_reads_no_script_and_gets_none_by_any_address(planner, made):
    script.write_inject(actor=planner, exercise=made, **line(content="canary-inject"))
    one = Inject.objects.get()
    addresses = ["", "/workbook", "/new", f"/{one.pk}", f"/{one.pk}/files/{'a' * 64}"]
    for role, code, reads in (
        ("emergency_office", "610100", True),
        ("duty_officer", "610100", True),  # the city's duty desk controls here
        ("observer", "dept-police", True),  # evaluates
        ("liaison", "dept-fire", False),
        ("district_officer", "610122", False),
        ("audit_admin", "610100", False),
    ):
        client = factories.client(factories.officer(role, code))
        for address in addresses:
            answer = client.get(at(made, address))
            body = b"".join(answer) if answer.streaming else answer.content
            assert reads or answer.status_code in (403, 404), (role, address)
            assert reads or b"canary" not in body, (role, address)
        assert not reads or client.get(at(made)).status_code == 200, role
        shown = client.get(f"/drills/of/{made.pk}")
        assert ("脚本" in text(shown)) == reads, role


def test_who_plays_now_reads_no_script_any_more(planner, made):
    script.write_inject(actor=planner, exercise=made, **line())
    police = factories.client(factories.officer("observer", "dept-police"))
    assert police.get(at(made)).status_code == 200
    people = [*PEOPLE[:2], PEOPLE[2] | {"part": "play"}]
    exercises.change_exercise(
        actor=planner, exercise=made, rev=1,
        **said(participants=people, starts_at=made.starts_at),
    )  # fmt: skip
    assert police.get(at(made)).status_code == 404


def test_only_the_emergency_office_writes_a_script(planner, made):
    one = script.write_inject(actor=planner, exercise=made, **line())
    before = Envelope.objects.filter(realm=made.realm).count()
    for role in ("duty_officer", "shift_leader", "observer", "system_admin"):
        client = factories.client(factories.officer(role))
        for address, body in {
            "/new": inject_form(line(2)),
            f"/{one.pk}": inject_form(line(1, content="x"), rev="1"),
            f"/{one.pk}/cancel": {"rev": "1"},
            f"/{one.pk}/back": {"rev": "1"},
            f"/{one.pk}/attach": {"rev": "1", "file": pictures.jpeg(open=True)},
            f"/{one.pk}/files/{'a' * 64}/detach": {"rev": "1"},
            "/workbook": {"file": workbook([line(1)])},
        }.items():
            assert client.post(at(made, address), body).status_code in (403, 422), (role, address)
    assert Envelope.objects.filter(realm=made.realm).count() == before


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"number": "0"}, "number"),
    ({"number": "1e3"}, "number"),
    ({"minutes": "4321"}, "minutes"),
    ({"minutes": ""}, "必填"),
    ({"channel": "烽火"}, "烽火"),
    ({"recipients": ["dept-water"]}, "dept-water"),
    ({"content": "\u200b"}, "必填"),
    ({"content": "x" * 2001}, "2000"),
    ({"sender": ""}, "必填"),
    ({"position": "钟楼"}, "坐标"),
    ({"position": "999, 999"}, "坐标"),
    ({"dead": "-1"}, "dead"),
    ({"grade": "5"}, "grade"),
    ({"type_code": "99Z99"}, "99Z99"),
    ({"expected-0-metric": "Z9"}, "Z9"),
    ({"expected-0-target": "-1"}, "expected-0-target"),
    ({"expected-0-organisation": "610122"}, "610122"),
    ({"expected-TOTAL_FORMS": "x"}, ""),
    ({"expected-TOTAL_FORMS": "99999"}, ""),
]


@pytest.mark.parametrize(("fields", "says"), REFUSED)
def test_an_inject_that_cannot_be_is_refused_and_what_was_typed_comes_back(
    office, made, fields, says
):
    sent = inject_form(line(content="错的事件", place="错的地点")) | fields
    answer = office.post(at(made, "/new"), sent)
    body = answer.content.decode()
    assert answer.status_code == 422 and says in body and "错的地点" in body
    assert not Inject.objects.exists() and told("inject.written") == []


@pytest.mark.parametrize("name", HOSTILE)
def test_what_an_inject_says_is_text(office, made, name):
    office.post(at(made, "/new"), inject_form(line(content=name, sender=name[:60], place=name)))
    for address in ("", f"/{Inject.objects.get().pk}"):
        assert name not in office.get(at(made, address)).content.decode()


def test_a_number_is_there_once_and_nobody_overwrites_what_they_did_not_see(office, made):
    office.post(at(made, "/new"), inject_form(line(1)))
    assert office.post(at(made, "/new"), inject_form(line(1))).status_code == 422
    office.post(at(made, "/new"), inject_form(line(2)))
    first = at(made, f"/{Inject.objects.get(number=1).pk}")
    assert office.post(first, inject_form(line(2), 2, rev="1")).status_code == 422
    assert office.post(first, inject_form(line(1, content="新"), 2, rev="1")).status_code == 302
    assert office.post(first, inject_form(line(1, content="晚"), 2, rev="1")).status_code == 422
    assert office.post(first, inject_form(line(1, content="新"), 2, rev="2")).status_code == 302
    assert Inject.objects.get(number=1).rev == 2, "what is sent unchanged is no version"


def test_what_is_taken_out_is_put_back(office, made):
    office.post(at(made, "/new"), inject_form(line(1)))
    one = at(made, f"/{Inject.objects.get().pk}")
    assert office.post(f"{one}/cancel", {"rev": "1"}).status_code == 302
    page = text(office.get(at(made)))
    assert "已取出" in page and "还没有情景事件" in page
    assert office.post(one, inject_form(line(1, content="x"), 2, rev="2")).status_code == 422
    assert office.post(f"{one}/cancel", {"rev": "2"}).status_code == 422
    assert office.post(f"{one}/back", {"rev": "1"}).status_code == 422
    assert office.post(f"{one}/back", {"rev": "2"}).status_code == 302
    assert "可以实施" in text(office.get(at(made)))


def test_a_script_is_closed_with_its_exercise(office, planner, made):
    one = script.write_inject(actor=planner, exercise=made, **line())
    exercises.cancel_exercise(actor=planner, exercise=made, rev=1, reason="高考")
    assert office.post(at(made, "/new"), inject_form(line(2))).status_code == 422
    assert office.post(at(made, f"/{one.pk}/cancel"), {"rev": "1"}).status_code == 422
    assert office.post(at(made, "/workbook"), {"file": workbook([line(9)])}).status_code == 422
    assert [each.number for each in Inject.objects.all()] == [1]
    assert "增加情景事件" not in text(office.get(at(made)))


def test_a_workbook_becomes_the_script_and_says_what_it_did(office, planner, made):
    for number in (1, 2, 3):
        script.write_inject(actor=planner, exercise=made, **line(number))
    lines = [line(1), line(2, content="改了"), line(4)]
    answer = office.post(at(made, "/workbook"), {"file": workbook(lines)}, follow=True)
    assert "新增 1，修改 1，取出 1" in text(answer)
    kept = {one.number: one for one in Inject.objects.all()}
    assert [kept[number].state for number in (1, 2, 3, 4)] == [
        "planned", "planned", "cancelled", "planned",
    ]  # fmt: skip
    assert kept[2].content == "改了" and kept[1].rev == 1
    back = office.post(at(made, "/workbook"), {"file": workbook([line(3)])}, follow=True)
    assert "新增 0，修改 1，取出 3" in text(back)


def test_a_workbook_saved_on_an_english_page_is_read_on_a_chinese_one(office, planner, made):
    Organisation.objects.filter(pk="dept-fire").update(name_en="Fire and Rescue")
    script.write_inject(actor=planner, exercise=made, **line(1, recipients=["dept-fire"]))
    saved = office.get(at(made, "/workbook"), headers={"accept-language": "en"}).content
    assert "Fire and Rescue" in str([list(row) for row in book.read(saved).values()])
    rows = load_workbook(io.BytesIO(saved))
    for cell in next(iter(rows.worksheets))[2]:
        if cell.value == line(1)["content"]:
            cell.value = "改了"
    file = io.BytesIO()
    rows.save(file)
    file.seek(0)
    file.name = "script.xlsx"
    answer = office.post(at(made, "/workbook"), {"file": file}, follow=True)
    assert answer.status_code == 200
    [one] = made.injects.all()
    assert (one.content, one.recipients) == ("改了", ["dept-fire"])


def test_a_name_that_two_organisations_have_is_nobodys(office, planner, made):
    Organisation.objects.filter(pk__in=["dept-fire", "610100"]).update(name_en="Office")
    found = selectors_script.codes(made)
    assert "Office" not in found and Organisation.objects.get(pk="dept-fire").name in found


def test_a_workbook_with_a_wrong_cell_changes_nothing_and_names_it(office, planner, made):
    script.write_inject(actor=planner, exercise=made, **line(1))
    rows = load_workbook(workbook([line(1, content="改"), line(2)]))
    rows.worksheets[0]["B3"].value = "明天"
    file = io.BytesIO()
    rows.save(file)
    file.seek(0)
    file.name = "x.xlsx"
    before = Envelope.objects.count()
    answer = office.post(at(made, "/workbook"), {"file": file})
    assert answer.status_code == 422 and "第 3 行 时刻" in text(answer)
    assert Inject.objects.get().content == line(1)["content"]
    assert Envelope.objects.count() == before


def test_the_workbook_that_is_saved_is_the_script(office, planner, made):
    script.write_inject(actor=planner, exercise=made, **line(1))
    answer = office.get(at(made, "/workbook"))
    assert "attachment" in answer.headers["Content-Disposition"]
    names = {one["organisation_name"]: one["organisation"] for one in made.participants}
    assert sheet.read(book.read(answer.content), names) == [line(1)]


def test_files_go_with_an_inject_and_are_saved_by_those_who_read_it(office, planner, made):
    one = script.write_inject(actor=planner, exercise=made, **line(1))
    to = at(made, f"/{one.pk}")
    sent = {"rev": "1", "file": pictures.jpeg(open=True)}
    assert office.post(f"{to}/attach", sent | {"file": io.BytesIO(b"x")}).status_code == 422
    assert office.post(f"{to}/attach", sent).status_code == 302
    one.refresh_from_db()
    (kept,) = one.attachments
    file = f"{to}/files/{kept['sha256']}"
    assert b"".join(office.get(file).streaming_content)[:3] == b"\xff\xd8\xff"
    assert office.get(f"{to}/files/{'0' * 64}").status_code == 404
    fire = factories.client(factories.officer("liaison", "dept-fire"))
    assert fire.get(file).status_code == 404
    assert office.post(f"{file}/detach", {"rev": "1"}).status_code == 422
    assert office.post(f"{file}/detach", {"rev": "2"}).status_code == 302
    assert office.get(file).status_code == 404


def test_what_is_wrong_with_a_script_stands_at_its_inject(office, planner, made):
    script.write_inject(actor=planner, exercise=made, **line(1, minutes=500, recipients=[]))
    page = text(office.get(at(made)))
    assert "暂不能实施 2 处须改正" in page and "没有接收单位" in page
    found = selectors_script.injects(planner, made)
    assert {one.number for one in selectors_script.findings(made, found) if one.bad} == {1}
