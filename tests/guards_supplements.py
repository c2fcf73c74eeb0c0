"""The guards of supplements, in the shape of `GUARDS` in test_guards.py.

Owns: the table. Promises: as test_guards.py.
"""

WINDOW = "emergency/supplements/window.py"
SELECTORS = "emergency/supplements/selectors.py"
SERVICES = "emergency/supplements/services.py"
APPLY = "emergency/supplements/apply.py"
ARITHMETIC = "tests/emergency/test_supplement_days.py::test_"
TESTS = "tests/emergency/test_supplements.py::test_"
LINKED = "tests/link/test_supplements.py::test_"

SUPPLEMENT_GUARDS = {
    "supplements: the last day is whole": (
        WINDOW,
        "timedelta(days=days + 1)",
        "timedelta(days=days)",
        f"{ARITHMETIC}the_day_of_the_accident_is_not_counted_and_the_last_day_is_whole",
    ),
    "supplements: the closest class": (
        WINDOW,
        "key=lambda one: len(one.type_prefix)",
        "key=lambda one: -len(one.type_prefix)",
        f"{ARITHMETIC}the_days_of_the_closest_class_hold",
    ),
    "supplements: once a day": (
        WINDOW,
        "return all(abs(now - one) >= DAY for one in given)",
        "return True",
        f"{TESTS}the_watch_says_it_once_however_often_it_looks_or_begins_anew",
    ),
    "supplements: not after the last day": (
        SELECTORS,
        "return [one for one in every if one.until > now]",
        "return every",
        f"{TESTS}on_the_last_day_it_is_said_and_on_the_day_after_nothing_is",
    ),
    "supplements: not in an exercise": (
        SELECTORS,
        "one.realm == REAL and ",
        "",
        f"{TESTS}other_classes_exercises_and_other_nodes_are_not_asked",
    ),
    "supplements: what a home reported": (
        "emergency/reporting/selectors.py",
        "for row in issued if (row.incident_id, row.home) in told}",
        "for row in issued}",
        f"{LINKED}a_report_that_a_peer_makes_up_is_not_the_first_of_the_home",
    ),
    "supplements: what a home said": (
        SELECTORS,
        "        if (row.incident_id, row.home) in told:\n",
        "        if True:\n",
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
        "standing(here(now, visible_incidents(realm, officer)), now)",
        "standing(here(now), now)",
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
    "supplements: by the report": (
        SELECTORS,
        "said[last[one.pk].pk]))",
        "[row for rows in said.values() for row in rows]))",
        f"{TESTS}what_was_reported_corrected_and_is_so_again_is_said_again",
    ),
    "supplements: the last of the log": (
        "emergency/reporting/selectors.py",
        "key=lambda one: (rows[one].home == settings.NODE_ID, at.get(one, 0))",
        "key=lambda one: rows[one].recorded_at",
        f"{TESTS}the_last_report_is_the_last_of_the_log_whatever_the_clock_said",
    ),
    "supplements: one that cannot be judged": (
        SELECTORS,
        "except (ArithmeticError, TypeError, ValueError, AttributeError):",
        "except ZeroDivisionError:",
        f"{TESTS}what_came_from_another_node_and_cannot_be_judged_holds_up_no_other",
    ),
    "supplements: before it is archived": (
        "emergency/services/incidents.py",
        'if step == "archive" and days_of(',
        'if step == "" and days_of(',
        f"{TESTS}what_is_archived_was_reported_and_changes_no_more",
    ),
    "supplements: at its home": (
        SELECTORS,
        " if incident.home == settings.NODE_ID else ()",
        "",
        f"{TESTS}other_classes_exercises_and_other_nodes_are_not_asked",
    ),
    "supplements: while it can be reported": (
        SELECTORS,
        " and one.state in REPORTED_IN:",
        ":",
        f"{TESTS}other_classes_exercises_and_other_nodes_are_not_asked",
    ),
}
