"""Nobody takes what stands on a page of an exercise for real."""

from django.test import Client
from django.urls import reverse

from drills import urls
from drills.models import Exercise, Improvement, Inject
from tests import factories
from tests.drills.test_evaluation import exercise, running  # noqa: F401
from tests.drills.test_report import over  # noqa: F401

ONE = "drills/of/<uuid:pk>"
BAND = '<body class="office exercise"'
DRILLS = {"drills", "drill-new", "improvements"}


def banded(office: Client, of: Exercise) -> dict[str, bool]:
    """The pages that the office or an evaluator reads, and whether each bears the band."""
    evaluator = factories.client(factories.officer("duty_officer", "dept-police"))
    keys = {
        "inject": Inject.objects.filter(exercise=of).first(),
        "item": Improvement.objects.filter(exercise=of).first(),
    }
    given = {"pk": of.pk} | {name: one.pk for name, one in keys.items() if one}
    seen = {}
    for page in urls.urlpatterns:
        wanted, of_one = page.pattern.converters.keys(), str(page.pattern).startswith(ONE)
        if not wanted <= given.keys() or (wanted and not of_one):
            continue
        address = reverse(page.name, kwargs={name: given[name] for name in wanted})
        for client in (office, evaluator):
            answer = client.get(address)
            words = answer.content.decode() if "html" in answer.get("Content-Type", "") else ""
            if answer.status_code == 200 and "office-bar" in words:  # a page, not a file
                seen[page.name] = BAND in words
    return seen


def test_every_page_of_an_exercise_bears_the_band_and_no_other_does(office, exercise):  # noqa: F811
    seen = banded(office, exercise)
    of_one = {"drill", "drill-edit", "console", "criteria", "findings", "script", "inject-edit"}
    assert {name for name, has in seen.items() if has} >= of_one
    assert seen.keys() >= DRILLS and not any(seen[name] for name in DRILLS)


def test_every_page_of_one_that_is_over_bears_it_too(office, over):  # noqa: F811
    of_one = {"drill", "report", "replay", "score", "marks", "findings", "finding-edit", "script"}
    assert {name for name, has in banded(office, over).items() if has} >= of_one
