"""The guards of what comes after an exercise: marks, findings; in the shape of `GUARDS`.

Owns: the list. Must not know: how a guard is taken out.
"""

JUDGE, FOUND = "tests/drills/test_evaluation.py", "tests/drills/test_improvement.py"
ELSEWHERE = "tests/link/test_evaluation.py"

AFTER_GUARDS = {
    "drills: only who evaluates judges": (
        "drills/services/evaluation.py",
        "if not may_evaluate(actor, exercise):",
        "if False:",
        f"{JUDGE}::test_only_who_evaluates_judges_and_the_office_of_the_home",
    ),
    "drills: another measure needs its reason": (
        "drills/services/evaluation.py",
        "if value and not note and (points is OWN or value == Mark.NA):",
        "if False:",
        f"{JUDGE}::test_an_evaluator_measures_otherwise_with_a_reason_and_both_are_kept",
    ),
    "drills: a veto makes the whole poor": (
        "drills/scoring/score.py",
        '"poor" if vetoed else ',
        "",
        "tests/drills/test_judged.py::test_a_veto_caps_the_grade_and_not_the_total",
    ),
    "drills: marks of who does not evaluate count nothing": (
        "drills/scoring/judged.py",
        "if _evaluates(timeline, event):",
        "if True:",
        "tests/drills/test_judged.py::test_a_mark_of_who_does_not_evaluate_counts_nothing",
    ),
    "drills: a mark of a node that does not evaluate is not taken in": (
        "drills/apply.py",
        "if row.home not in _homes(row, known[row.exercise_id]):",
        "if False:",
        "tests/link/test_evaluation.py::test_a_player_judges_nothing_and_a_forged_mark_is_none",
    ),
    "drills: who plays reads no mark before the end": (
        "drills/services/evaluation.py",
        "        about = events.script(exercise)\n",
        "        about = events.subject(exercise)\n",
        f"{ELSEWHERE}::test_a_mark_given_elsewhere_during_a_cut_counts_at_every_node",
    ),
    "drills: what is judged is set by who saw the newest": (
        "drills/services/evaluation.py",
        "if (found.rev if found else 0) != rev:",
        "if False:",
        f"{JUDGE}::test_items_are_set_by_who_saw_the_newest_and_keep_their_marks",
    ),
    "findings: only the office records them": (
        "drills/services/improvement.py",
        "if not may_record(actor, exercise):",
        "if False:",
        f"{FOUND}::test_only_the_office_records_and_verifies_and_only_the_owner_corrects",
    ),
    "findings: only the owner corrects and only the office verifies": (
        "drills/services/improvement.py",
        "if not may_report(actor, improvement, kind):",
        "if False:",
        f"{FOUND}::test_only_the_office_records_and_verifies_and_only_the_owner_corrects",
    ),
    "findings: nothing is verified that is not done": (
        "drills/services/improvement.py",
        "if state_of(improvement, lines) not in BEFORE[Progress.Kind(kind)]:",
        "if False:",
        f"{FOUND}::test_nothing_is_verified_that_is_not_done_and_nothing_done_twice",
    ),
    "findings: a node says what its own organisation did": (
        "drills/apply.py",
        "if row.home not in _homes(row, known[row.exercise_id]):",
        "if False:",
        "tests/link/test_improvement.py::test_a_node_cannot_say_what_only_the_office_says",
    ),
    "findings: who takes no part reads none": (
        "drills/selectors.py",
        'part_of(officer, one) != ""',
        "True",
        f"{FOUND}::test_who_takes_no_part_reads_no_finding",
    ),
    "report: a replay holds what people wrote as data": (
        "drills/report/replay_file.py",
        '.replace("<", "\\\\u003c")',
        "",
        "tests/drills/test_report.py"
        "::test_the_replay_is_one_file_that_asks_nobody_and_holds_words_as_data",
    ),
    "report: a replay writes what people wrote and runs none of it": (
        "drills/report/replay_file.py",
        "self.text = text",
        "self.text, self._template = text, Template(text)",
        "tests/drills/test_report.py"
        "::test_the_replay_is_one_file_that_asks_nobody_and_holds_words_as_data",
    ),
    "score: what has another shape is left out": (
        "drills/scoring/timeline.py",
        "if fits(one.subject, one.data):",
        "if True:",
        "tests/drills/test_event_shapes.py"
        "::test_any_value_in_any_field_breaks_neither_score_nor_replay",
    ),
    "findings: progress speaks for its own exercise alone": (
        "drills/apply.py",
        "if row.exercise_id != known[row.improvement].exercise_id:",
        "if False:",
        "tests/drills/test_shapes.py::test_progress_speaks_for_findings_of_its_own_exercise_alone",
    ),
    "marks: one that waited does not replace a later one": (
        "drills/services/evaluation.py",
        "if known and given_at < known.given_at:",
        "if False:",
        f"{JUDGE}::test_a_mark_that_waited_does_not_replace_what_was_thought_of_later",
    ),
    "replay: who may read the score": (
        "drills/selectors_score.py",
        "    if not may_read_score(officer, one):",
        "    if False:",
        "tests/drills/test_replay.py"
        "::test_who_may_read_the_score_may_see_the_replay_and_nobody_else",
    ),
    "drills: the band is on every page of an exercise": (
        "templates/pages/exercise_frame.html",
        "{% block body_class %}office exercise{% endblock %}",
        "",
        "tests/drills/test_band.py::test_every_page_of_one_that_is_over_bears_it_too",
    ),
}
