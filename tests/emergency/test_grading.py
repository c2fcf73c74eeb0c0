"""The grade that figures suggest, at the bounds; a person decides, and both are kept."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.grading import selectors
from emergency.grading.thresholds import FIGURES, Rule, checked, suggest
from emergency.models import GradeRule, Incident
from emergency.services import reaching
from tests import factories
from tests.emergency.desk import Api

LEAK, FIRE, QUAKE, RIOT, FLU = "12D02", "12G04", "11C02", "14A00", "13A00"
NOTHING = dict.fromkeys(("dead", "injured", "serious", "missing", "trapped", "affected"))


@pytest.fixture
def api(duty) -> Api:
    return Api(duty, "zh-hans")


def suggested(code: str, **figures: Decimal | int) -> int | None:
    return selectors.suggestion(code, figures).grade


def report(api: Api, **fields: object) -> dict:
    answer = api.report(**fields)
    assert answer.status_code == 201
    return answer.json()


def change(api: Api, made: dict, **fields: object) -> dict:
    rev = Incident.objects.get(pk=made["id"]).rev
    answer = api.send("PATCH", f"/incidents/{made['id']}", {"rev": rev} | fields)
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "figure", "bounds"),
    [
        (LEAK, "dead", (30, 10, 3)),
        (LEAK, "serious", (100, 50, 10)),
        (LEAK, "loss_cny", (Decimal(100_000_000), Decimal(50_000_000), Decimal(10_000_000))),
        (FIRE, "dead", (30, 10, 3)),
        (QUAKE, "dead", (300, 50, 20)),
    ],
)
def test_a_bound_belongs_to_the_grade_that_it_opens(code, figure, bounds):
    step = Decimal("0.01") if figure == "loss_cny" else 1
    for grade, bound in zip((1, 2, 3), bounds, strict=True):
        assert suggested(code, **{figure: bound}) == grade
        assert suggested(code, **{figure: bound - step}) == grade + 1
    assert suggested(code, **{figure: 0}) == 4


@pytest.mark.django_db
def test_the_worst_figure_decides_and_its_rule_is_cited():
    told = selectors.suggestion(LEAK, {"dead": 3, "serious": 50, "loss_cny": None})
    assert (told.grade, told.unknown) == (2, ("loss_cny",))
    (cited,) = told.cited
    assert (cited.figure, cited.least, cited.value, cited.verified) == ("serious", 50, "50", True)
    assert "第493号" in cited.source and "第三条" in cited.source


@pytest.mark.django_db
def test_what_is_unknown_is_named_only_where_it_could_make_it_worse():
    assert selectors.suggestion(LEAK, {"dead": 30}).unknown == ()
    nothing = selectors.suggestion(LEAK, {})
    assert (nothing.grade, nothing.unknown) == (None, ("dead", "serious", "loss_cny"))


@pytest.mark.django_db
def test_social_safety_is_not_graded_and_a_class_without_a_rule_says_so():
    riot, flu = selectors.suggestion(RIOT, {"dead": 40}), selectors.suggestion(FLU, {"dead": 40})
    assert (riot.grade, riot.why) == (None, "ungraded") and "社会安全" in riot.cited[0].source
    assert (flu.grade, flu.why, flu.cited) == (None, "no_rule", ())


RULES = [
    Rule("12", "dead", (30, 10, 3, 0), "条例", True),
    Rule("12", "serious", (100, 50, 10, 0), "条例", True),
    Rule("12G", "dead", (None, 5, None, 1), "本市", False),
]
PEOPLE = st.none() | st.integers(0, 400)


@given(st.sampled_from(["12D02", "12G04"]), PEOPLE, PEOPLE, st.integers(1, 50))
def test_more_of_a_figure_never_makes_it_milder(code, dead, serious, more):
    def grade(**figures: int | None) -> int:
        return suggest(RULES, code, figures).grade or 5

    before = grade(dead=dead, serious=serious)
    assert grade(dead=(dead or 0) + more, serious=serious) <= before
    assert grade(dead=dead, serious=(serious or 0) + more) <= before


@given(st.dictionaries(st.sampled_from(FIGURES), PEOPLE))
def test_what_is_cited_reaches_its_bound_and_of_the_rules_the_closest_class_holds(figures):
    told = suggest(RULES, "12G04", figures)
    for one in told.cited:
        assert int(one.value) >= one.least and one.source == "本市"
    assert checked(told.data() | {"stage": "initial", "reason": ""})
    assert told.grade == (
        2 if (figures.get("dead") or 0) >= 5 else 4 if figures.get("dead") else None
    )


@pytest.mark.django_db
def test_a_grade_keeps_what_the_table_suggested_when_it_was_given(api):
    made = report(api, grade=4, casualties=NOTHING | {"dead": 3})
    told = made["grading"]
    assert (made["grade"], told["suggested"], told["stage"]) == (4, 3, "initial")
    assert (told["cited"][0]["figure"], told["unknown"]) == ("dead", ["serious", "loss_cny"])
    GradeRule.objects.all().delete()
    assert change(api, made, title="新")["grading"] == told


@pytest.mark.django_db
def test_a_grade_is_confirmed_as_it_is_or_another_and_the_history_says_both(api):
    made = report(api, grade=4, casualties=NOTHING | {"dead": 3})
    same = change(api, made, grade=4, grade_stage="confirmed", grade_reason="两人非事故死亡")
    assert (same["grade"], same["grading"]["stage"]) == (4, "confirmed")
    other = change(api, made, grade=3, grade_stage="confirmed")
    was, now = other["history"][-1]["changed"]["grading"]
    assert (was["reason"], now["reason"]) == ("两人非事故死亡", "")
    assert (was["suggested"], now["suggested"]) == (3, 3)
    assert other["history"][-1]["changed"]["grade"] == [4, 3]
    assert other["history"][-2]["changed"].keys() == {"grading"}


@pytest.mark.django_db
def test_what_was_decided_already_is_no_new_decision(api):
    made = report(api, grade=3, casualties=NOTHING | {"dead": 3})
    confirmed = change(api, made, grade_stage="confirmed")
    assert change(api, made, grade=3, title=confirmed["title"])["rev"] == confirmed["rev"]
    assert change(api, made, grade_stage="confirmed")["rev"] == confirmed["rev"]
    assert change(api, made, summary="新")["grading"]["stage"] == "confirmed"


@pytest.mark.django_db
def test_nobody_decides_where_nobody_gave_a_grade(api):
    made = report(api, casualties=NOTHING | {"dead": 3})
    assert (made["grade"], made["grading"]) == (None, {})
    assert change(api, made, casualties=NOTHING | {"dead": 30})["grading"] == {}


@pytest.mark.django_db
def test_who_was_shown_it_decides_nothing(api, duty):
    made = report(api, grade=4)
    reaching.open_to(
        actor=duty,
        incident=Incident.objects.get(pk=made["id"]),
        organisation=factories.organisation("dept-fire"),
    )
    fire = Api(factories.officer("duty_officer", "dept-fire"), "zh-hans")
    decision = {"rev": 2, "grade_stage": "confirmed"}
    assert fire.send("PATCH", f"/incidents/{made['id']}", decision).status_code == 403
    assert Incident.objects.get(pk=made["id"]).grading["stage"] == "initial"


@pytest.mark.django_db
def test_a_form_is_told_what_its_figures_suggest_and_nothing_is_kept(api):
    body = {"type_code": LEAK, "casualties": NOTHING | {"dead": 3}, "loss_cny": "50000000.00"}
    told = api.post("/grade-suggestions", **body).json()
    assert (told["suggested"], told["cited"][0]["figure"]) == (2, "loss_cny")
    assert told["unknown"] == ["serious"] and not Incident.objects.exists()
    assert api.post("/grade-suggestions", type_code="x" * 9).status_code == 422
    assert api.post("/grade-suggestions", type_code=LEAK, loss_cny="-1").status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [1, "x", [], {"stage": "initial"}, {"stage": "final"}, {"suggested": 5}, {"suggested": True},
     {"cited": [{}]}, {"cited": 3}, {"unknown": ["x"]}, {"unknown": [[]]}, {"why": ""},
     {"reason": "x" * 501}, {"more": 1}, {"stage": []}, {"why": []}, {"unknown": ["dead"] * 99},
     {"cited": [{"figure": [], "least": 0, "value": "", "source": "", "verified": True}]},
     {"cited": [{"figure": "dead", "least": -1, "value": "", "source": "", "verified": True}]}],
    ids=range(19),
)  # fmt: skip
def test_what_another_node_decided_in_another_form_is_left_out(wrong):
    right = {
        "stage": "initial",
        "reason": "",
        "suggested": 3,
        "cited": [],
        "unknown": [],
        "why": "ruled",
    }
    assert checked(right) == right
    told = wrong if not isinstance(wrong, dict) or wrong == {"stage": "initial"} else right | wrong
    assert checked(told) == {}
