"""Plans on their pages: read, made, revised; every version stays as it was."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.models import Plan
from emergency.plans import lint, selectors
from tests import factories
from tests.emergency.desk import Api
from tests.emergency.pages import HOSTILE, text, told

TASK = {
    "no": 1, "level": "III", "organisation": "dept-fire", "text": "排查", "minutes": 30,
    "acknowledge": True,
}  # fmt: skip
LEVEL = {"code": "III", "name": "Ⅲ级响应", "when": "橙色预警", "every": 0}


@pytest.fixture
def office(node):
    factories.plan()
    return factories.client(factories.officer("emergency_office"))


def lines(prefix: str, rows: list[dict], known: list[dict]) -> dict[str, str]:
    """A set of lines as a browser sends it: the rest of the known ones ticked away, three empty
    ones at the foot."""
    rows = rows + [one | {"DELETE": True} for one in known[len(rows) :]]
    sent = {f"{prefix}-TOTAL_FORMS": len(rows) + 3}
    sent[f"{prefix}-INITIAL_FORMS"] = len(known)
    for place, row in enumerate([*rows, {}, {}, {}]):
        row = {"acknowledge": True} if not row and prefix == "tasks" else row
        for name, value in row.items():
            if value is not False:
                sent[f"{prefix}-{place}-{name}"] = "on" if value is True else str(value)
    return sent


def form(**fields: Any) -> dict[str, str]:
    """The flood plan of the factories, as the page sends it."""
    plan = selectors.said(Plan.objects.filter(code="flood").first())
    plan |= {"source": "市防办", "version": 1} | fields
    levels, tasks = plan.pop("levels"), plan.pop("tasks")
    known = Plan.objects.get(code="flood", in_force=True)
    plan["type_codes"] = " ".join(plan["type_codes"])
    sent = {name: value for name, value in plan.items() if value not in (False, None)}
    return {
        **sent,
        **lines("levels", levels, known.levels),
        **lines("tasks", tasks, known.tasks),
    }


def test_a_new_version_is_in_force_at_once_and_the_old_one_stays_to_read(office):
    tasks = [*Plan.objects.get().tasks, TASK | {"no": 3, "text": "开放避难场所", "minutes": 45}]
    answer = office.post("/plans/of/flood/edit", form(tasks=tasks, phone_minutes=15))
    assert answer.status_code == 302
    old, new = Plan.objects.get(version=1), Plan.objects.get(version=2)
    assert (old.in_force, new.in_force) == (False, True)
    assert (len(old.tasks), len(new.tasks), new.phone_minutes) == (2, 3, 15)
    assert "开放避难场所" in text(office.get("/plans/of/flood"))
    shown = text(office.get("/plans/of/flood/1"))
    assert "开放避难场所" not in shown and "不再有效" in shown
    (plan,) = Api(factories.officer()).get("/plans").json()
    assert (plan["version"], len(plan["tasks"])) == (2, 3)


def test_what_a_version_changed_is_read_in_the_audit_and_nothing_else(office):
    changed = [one | {"minutes": 50} if one["no"] == 1 else one for one in Plan.objects.get().tasks]
    office.post("/plans/of/flood/edit", form(tasks=changed[:1]))
    auditor = factories.client(factories.officer("audit_admin"))
    shown = text(auditor.get("/audit", {"type": "table.changed"}))
    assert "任务 1" in shown and "50 min" in shown and "任务 2" in shown
    assert "级别 III" not in shown


def test_a_line_that_is_ticked_away_is_gone(office):
    tasks = [one | {"DELETE": True} if one["no"] == 2 else one for one in Plan.objects.get().tasks]
    office.post("/plans/of/flood/edit", form(tasks=tasks))
    assert [one["no"] for one in Plan.objects.get(version=2).tasks] == [1]


def test_what_is_sent_unchanged_makes_no_version(office):
    Plan.objects.update(source="市防办")
    assert office.post("/plans/of/flood/edit", form()).status_code == 302
    assert Plan.objects.count() == 1 and told("table.changed") == []


def test_a_new_plan_is_made_and_activated(office, duty):
    sent = form(code="heat", name="高温预案", levels=[LEVEL], tasks=[TASK])
    sent |= {"levels-INITIAL_FORMS": 0, "tasks-INITIAL_FORMS": 0}
    assert office.post("/plans/new", sent).status_code == 302
    made = factories.incident(duty)
    answer = Api(duty).post(
        f"/incidents/{made.pk}/activations",
        plan="heat", level="III", matter="高温", measures="洒水", hours=4,
    )  # fmt: skip
    assert [one["text"] for one in answer.json()["tasks"]] == ["排查"]
    assert office.post("/plans/new", sent).status_code == 422, "the code is taken"


def test_two_who_edit_at_once_do_not_overwrite_each_other(office):
    assert office.post("/plans/of/flood/edit", form(name="甲的")).status_code == 302
    answer = office.post("/plans/of/flood/edit", form(name="乙的"))
    assert answer.status_code == 422 and "乙的" in answer.content.decode()
    assert Plan.objects.get(in_force=True).name == "甲的"


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"levels": []}, "至少"),
    ({"levels": [LEVEL, LEVEL]}, "III"),
    ({"tasks": [TASK, TASK]}, "1"),
    ({"tasks": [TASK | {"level": "V"}]}, "V"),
    ({"tasks": [TASK | {"organisation": "dept-gone"}]}, "dept-gone"),
    ({"tasks": [TASK | {"minutes": 0}]}, "1"),
    ({"tasks": [TASK | {"minutes": 43_201}]}, "43"),
    ({"tasks": [TASK | {"minutes": "1e3"}]}, "数"),
    ({"tasks": [TASK | {"text": "\u200b"}]}, "必填"),
    ({"type_codes": ["99"]}, "99"),
    ({"phone_minutes": 60}, "书面"),
    ({"source": ""}, "必填"),
    ({"name": "x" * 121}, "120"),
]


@pytest.mark.parametrize(("fields", "says"), FAULTS)
def test_a_plan_with_a_fault_is_not_taken_and_what_was_typed_comes_back(office, fields, says):
    answer = office.post("/plans/of/flood/edit", form(**{"name": "改了的"} | fields))
    assert answer.status_code == 422
    assert says in text(answer)
    assert Plan.objects.count() == 1 and told("table.changed") == []


@pytest.mark.parametrize("sent", [{}, {"levels-TOTAL_FORMS": "x"}, {"tasks-TOTAL_FORMS": "99999"}])
def test_a_form_that_is_none_is_refused(office, sent):
    answer = office.post("/plans/of/flood/edit", (form() if sent else {"name": "a"}) | sent)
    assert answer.status_code == 422 and Plan.objects.count() == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_plan_says_is_text(office, name):
    tasks = [TASK | {"text": name}]
    office.post("/plans/of/flood/edit", form(name=name, tasks=tasks))
    for address in ("/plans", "/plans/of/flood", "/plans/of/flood/edit"):
        assert name not in office.get(address).content.decode()


@pytest.mark.parametrize("address", ["/plans/of/none", "/plans/of/none/edit", "/plans/of/flood/9"])
def test_a_plan_that_is_not_there_is_not_found(office, address):
    assert office.get(address).status_code == 404


CODES = st.sampled_from(["I", "II", "III"])
TASKS = st.fixed_dictionaries(
    {
        "no": st.integers(-1, 4),
        "level": CODES,
        "organisation": st.sampled_from(["a", "b", "c"]),
        "text": st.sampled_from(["", " ", "查"]),
        "minutes": st.integers(-1, 50_000),
    }
)


@given(
    st.lists(CODES, max_size=3),
    st.lists(TASKS, max_size=4),
    st.none() | st.integers(1, 90),
    st.none() | st.integers(1, 90),
    st.integers(-1, 2000),
    st.lists(st.sampled_from(["a", "b", "c"]), max_size=2),
)
def test_a_plan_without_a_fault_can_be_worked_by(codes, tasks, phone, written, every, reporters):
    wrong = lint.faults(
        levels=[{"code": code, "name": code, "when": "", "every": every} for code in codes],
        tasks=tasks,
        type_codes=["11A"],
        reporters=reporters,
        phone_minutes=phone,
        written_minutes=written,
        organisations={"a", "b"},
        classes={"11A01"},
    )
    numbers = [one["no"] for one in tasks]
    sound = (
        0 < len(codes) == len(set(codes))
        and len(numbers) == len(set(numbers))
        and all(
            one["level"] in codes and one["organisation"] in {"a", "b"}
            and one["text"].strip() and 1 <= one["minutes"] <= 43_200 and one["no"] >= 1
            for one in tasks
        )
        and not (phone and written and written < phone)
        and (every == 0 or 10 <= every <= 1440 and reporters)
        and set(reporters) <= {"a", "b"}
    )  # fmt: skip
    assert (not wrong) == bool(sound)
