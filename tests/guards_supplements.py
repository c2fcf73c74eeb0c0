"""The guards of supplements, in the shape of `GUARDS` in test_guards.py.

Owns: the table. Promises: as test_guards.py.
"""

WINDOW = "emergency/supplements/window.py"
SELECTORS = "emergency/supplements/selectors.py"
SERVICES = "emergency/supplements/services.py"
APPLY = "emergency/supplements/apply.py"
TESTS = "tests/emergency/test_supplements.py::test_"
LINKED = "tests/link/test_supplements.py::test_"

SUPPLEMENT_GUARDS = {
    "supplements: the last day is whole": (
        WINDOW,
        "timedelta(days=days + 1)",
        "timedelta(days=days)",
        f"{TESTS}the_day_of_the_accident_is_not_counted_and_the_last_day_is_whole",
    ),
    "supplements: the closest class": (
        WINDOW,
        "key=lambda one: len(one.type_prefix)",
        "key=lambda one: -len(one.type_prefix)",
        f"{TESTS}the_days_of_the_closest_class_hold",
    ),
    "supplements: once a day": (
        WINDOW,
        "return not given or abs(now - max(given)) >= DAY",
        "return True",
        f"{TESTS}the_watch_says_it_once_however_often_it_looks_or_begins_anew",
    ),
    "supplements: not after the last day": (
        SELECTORS,
        "(until := window.until(began, rule.days)) > now",
        "(until := window.until(began, rule.days))",
        f"{TESTS}on_the_last_day_it_is_said_and_on_the_day_after_nothing_is",
    ),
    "supplements: not in an exercise": (
        SELECTORS,
        "if rule and one.realm == REAL and",
        "if rule and",
        f"{TESTS}other_classes_exercises_and_other_nodes_are_not_asked",
    ),
    "supplements: what a home reported": (
        SELECTORS,
        "for row in issued if (row.incident_id, row.home) in told}",
        "for row in issued}",
        f"{LINKED}what_a_peer_makes_up_silences_nothing",
    ),
    "supplements: what a home said": (
        SELECTORS,
        "if later and (pk, row.home) in told and row.moved == moved[pk]:",
        "if later and row.moved == moved[pk]:",
        f"{LINKED}what_a_peer_makes_up_silences_nothing",
    ),
    "reports: what a home reported": (
        "emergency/reporting/selectors.py",
        "incident.reports.filter(home__in=[home for _pk, home in homes([incident])])",
        "incident.reports.all()",
        f"{LINKED}what_a_peer_makes_up_silences_nothing",
    ),
    "supplements: for who sees the incident": (
        SELECTORS,
        "[one for one in here(now) if one.pk in seen]",
        "here(now)",
        f"{TESTS}the_desk_is_told_what_is_not_reported_and_who_may_not_see_it_is_not",
    ),
    "supplements: only what can be reckoned with": (
        APPLY,
        "            if not is_right(fact.public[name]):\n",
        "            if False:\n",
        f"{LINKED}what_cannot_be_reckoned_with_is_kept_aside_and_shown_nowhere",
    ),
    "supplements: after the final report": (
        "emergency/reporting/services.py",
        "        if incident.state != State.CONCLUDED:\n",
        "        if False:\n",
        f"{TESTS}while_it_is_open_a_follow_up_reports_the_change",
    ),
}
