"""The guards of grading, in the shape of `GUARDS` in test_guards.py.

Owns: the table. Promises: as test_guards.py.
"""

THRESHOLDS = "emergency/grading/thresholds.py"
INCIDENTS = "emergency/services/incidents.py"
TABLES = "emergency/grading/tables.py"
TESTS = "tests/emergency/test_grading.py::test_"
PAGES = "tests/emergency/test_pages_grades.py::test_"

GRADING_GUARDS = {
    "grades: a bound is included": (
        THRESHOLDS,
        "value >= least",
        "value > least",
        f"{TESTS}a_bound_belongs_to_the_grade_that_it_opens[12D02-dead-bounds0]",
    ),
    "grades: the worst figure": (
        THRESHOLDS,
        "worst = min((grade",
        "worst = max((grade",
        f"{TESTS}the_worst_figure_decides_and_its_rule_is_cited",
    ),
    "grades: the closest class": (
        THRESHOLDS,
        "binding = [one for one in fitting if len(one.type_prefix) == closest]",
        "binding = fitting",
        f"{TESTS}what_is_cited_reaches_its_bound_and_of_the_rules_the_closest_class_holds",
    ),
    "grades: unknown is not nobody": (
        THRESHOLDS,
        "if figures.get(one.figure) is None and _could_be_worse(one, worst)",
        "if False",
        f"{TESTS}what_is_unknown_is_named_only_where_it_could_make_it_worse",
    ),
    "grades: what another node made up": (
        "emergency/apply.py",
        'grading=grading_of(data.get("grading")),',
        'grading=data.get("grading"),',
        "tests/link/test_grading.py::test_what_cannot_be_shown_is_left_out_and_the_incident_is_not",
    ),
    "grades: what was suggested is kept": (
        INCIDENTS,
        "incident.grading = grading.of(incident).data() | said",
        "incident.grading = said",
        f"{TESTS}a_grade_is_confirmed_as_it_is_or_another_and_the_history_says_both",
    ),
    "grades: bounds fall": (
        TABLES,
        "if figure and not are_bounds(least):",
        "if False:",
        f"{PAGES}bounds_that_are_none_are_refused_and_nothing_is_written[0]",
    ),
    "grades: half a character": (
        THRESHOLDS,
        ' and "\\0" not in told',
        "",
        "tests/link/test_older.py"
        "::test_a_decision_with_half_a_character_is_left_out_on_every_database",
    ),
}
