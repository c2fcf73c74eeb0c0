"""What a score says in words: reasons, grades, quantities.

Owns: the words. Promises: every reason that metrics.py gives has one. Must not know: pages.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .metrics import Measured

REASONS = {
    "no_incident": gettext_lazy("nothing was written down"),
    "not_verified": gettext_lazy("it was not verified"),
    "no_report": gettext_lazy("there was no such first report"),
    "not_activated": gettext_lazy("no plan was activated"),
    "no_task": gettext_lazy("no task was issued to it"),
    "unsaid": gettext_lazy("the script does not say what is true"),
    "no_truth": gettext_lazy("nobody is to be informed"),
    "not_said": gettext_lazy("it was not stated"),
    "logged": gettext_lazy("from the inject to the incident"),
    "logged_late": gettext_lazy("from its late arrival at the node to the incident"),
    "activated_ungraded_late": gettext_lazy(
        "from its late arrival at the node to the activation, never graded"
    ),
    "verified_late": gettext_lazy("from its late arrival at the node to its verification"),
    "reported_late": gettext_lazy("from its late arrival at the node to the report"),
    "verified": gettext_lazy("from the inject to its verification"),
    "reported": gettext_lazy("from the inject to the report"),
    "activated": gettext_lazy("from the grade to the activation"),
    "activated_ungraded": gettext_lazy("from the inject to the activation, never graded"),
    "acknowledged": gettext_lazy("median of its tasks"),
    "some_acknowledged": gettext_lazy(
        "median of its tasks; one that was not acknowledged counts as the limit"
    ),
    "none_acknowledged": gettext_lazy("none was acknowledged, which counts as the limit"),
    "done_in_time": gettext_lazy("of its tasks, by the exercise clock"),
    "opened": gettext_lazy("of those to be informed, within five minutes"),
    "elements": gettext_lazy("of the elements of the first report"),
    "compared": gettext_lazy("against the truth, as it was reported"),
    "compared_unreported": gettext_lazy("against the truth, as it stood last; never reported"),
    "level_compared": gettext_lazy("against the truth, as the plan was first activated"),
}
GRADES = {
    "excellent": gettext_lazy("excellent"),
    "good": gettext_lazy("good"),
    "fair": gettext_lazy("fair"),
    "poor": gettext_lazy("poor"),
    "": gettext_lazy("no score"),
}
UNITS = {
    "minutes": gettext_lazy("%s min"),
    "percent": gettext_lazy("%s %%"),
    "metres": gettext_lazy("%s m"),
}


def quantity(measured: Measured, unit: str) -> str:
    """What was measured, with its unit: 12.5 min, 75 %, 275 m."""
    if measured.value is None:
        return _("not measured")
    value = f"{measured.value / measured.unit:.2f}".rstrip("0").rstrip(".")
    return str(UNITS[unit]) % value


def marks(thousandths: int) -> str:
    """Marks of a hundred: 61.32, rounded down as the marks themselves are."""
    return f"{thousandths // 1000}.{thousandths % 1000 // 10:02d}"
