"""What a report is proposed to say: only what changed, figures that fell, what is filled."""

from hypothesis import given
from hypothesis import strategies as st

from emergency.reporting import drafting
from emergency.reporting.elements import FIGURES, LABELS

FIELDS = "dead injured serious missing trapped affected".split()
figures = st.fixed_dictionaries({name: st.none() | st.integers(0, 99) for name in FIELDS})
texts = st.text("山洪火灾甲乙", max_size=4)
said = st.fixed_dictionaries(
    {
        "summary": texts,
        "cause": texts,
        "casualties": figures,
        "grade": st.none() | st.integers(1, 4),
    }
)


def figures_or(value) -> bool:
    """Is there anything in it?"""
    return (
        any(one is not None for one in value.values()) if isinstance(value, dict) else bool(value)
    )


@given(said, said)
def test_a_follow_up_names_what_changed_and_nothing_else(before, now):
    found = drafting.changed(before, now)
    text = drafting.words("followup", before, now, [])
    for name in now:
        said_then, said_now = (figures_or(one[name]) for one in (before, now))
        moved = before[name] != now[name] and (said_then or said_now)
        assert (name in found) == bool(moved)
        if name != "casualties":
            assert (f"· {LABELS[name]}" in text) == bool(moved)
    assert drafting.changed(now, now) == {}


@given(figures, figures)
def test_only_a_figure_that_fell_contradicts(before, now):
    found = drafting.contradictions({"casualties": before}, {"casualties": now})
    fell = {
        name
        for name in FIGURES
        if before[name] is not None and now[name] is not None and now[name] < before[name]
    }
    assert {one["name"] for one in found} == fell


@given(st.lists(st.sampled_from(["summary", "cause", "grade"]), unique=True), said)
def test_filled_and_lacking_are_all_that_is_needed_and_never_both(unknown, now):
    needed = {"summary": 2, "cause": 1, "grade": 1}
    told = drafting.completeness(now, unknown, needed)
    assert sorted([*told["filled"], *told["lacking"]]) == sorted(needed)
    assert set(told["unknown"]) <= set(told["filled"])
    assert 0 <= told["complete"] <= 100
    assert (told["complete"] == 100) == (not told["lacking"])
