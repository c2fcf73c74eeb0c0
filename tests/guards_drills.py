"""The guards of drills, in the shape of `GUARDS` in test_guards.py.

Owns: the list. Must not know: how a guard is taken out.
"""

PAGES, NODES = "tests/drills/test_exercises.py", "tests/link/test_exercises.py"
SCRIPT, SCRIPTS = "tests/drills/test_script.py", "tests/link/test_script.py"

DRILL_GUARDS = {
    "drills: only who takes part sees it": (
        "drills/selectors.py",
        'part_of(officer, one) != ""',
        "True",
        f"{PAGES}::test_only_who_takes_part_sees_it_besides_the_office",
    ),
    "drills: the node that takes part has it": (
        "drills/services/common.py",
        "        sharing.grant(thing=thing,",
        "        (lambda **_none: None)(thing=thing,",
        f"{NODES}::test_an_exercise_goes_to_the_node_that_takes_part_and_to_no_other",
    ),
    "drills: the node that takes part no more is asked to erase it": (
        "drills/services/common.py",
        "for node in sorted(held.keys() - wanted):",
        "for node in ():",
        f"{NODES}::test_a_node_that_takes_part_no_more_has_it_no_more",
    ),
    "drills: erased where a node takes part no more": (
        "drills/apply.py",
        '    Exercise.objects.filter(pk=uuid.UUID(thing.partition("/")[2])).delete()\n',
        "",
        f"{NODES}::test_a_node_that_takes_part_no_more_has_it_no_more",
    ),
    "drills: only the home writes": (
        "drills/services/common.py",
        "if exercise.home != settings.NODE_ID:",
        "if False:",
        f"{NODES}::test_only_its_home_writes_it",
    ),
    "drills: nobody overwrites what they did not see": (
        "drills/services/common.py",
        "if rev is not None and found.rev != rev:",
        "if False:",
        f"{PAGES}::test_it_is_changed_by_who_saw_the_newest_and_cancelled_with_a_reason",
    ),
    "drills: an exercise is its own realm": (
        "drills/apply.py",
        'if fact.realm != f"ex:{id}":',
        "if False:",
        f"{NODES}::test_data_of_another_thing_or_realm_are_not_applied",
    ),
    "drills: who only looks on has not exercised": (
        "drills/selectors.py",
        'if part["part"] not in TAKE_PART:',
        "if False:",
        "tests/drills/test_rules.py"
        "::test_an_exercise_that_was_held_moves_what_is_due_of_those_who_took_part",
    ),
    "drills: who plays reads no script": (
        "drills/selectors_script.py",
        'return may(officer, "drill.see") and part_of(officer, one) in STAFF',
        "return True",
        f"{SCRIPT}::test_who_plays_reads_no_script_and_gets_none_by_any_address",
    ),
    "drills: a script is about itself, not about its exercise": (
        "drills/services/script.py",
        "about=events.script(inject.exercise),",
        "about=events.subject(inject.exercise),",
        f"{SCRIPTS}::test_a_script_goes_to_who_evaluates_and_not_to_who_plays",
    ),
    "drills: the script goes to who staffs the exercise alone": (
        "drills/services/common.py",
        'if one["part"] in STAFF}',
        "}",
        f"{SCRIPTS}::test_a_script_goes_to_who_evaluates_and_not_to_who_plays",
    ),
    "drills: a script is erased where nobody staffs the exercise any more": (
        "drills/apply.py",
        "    injects.delete()\n",
        "",
        f"{SCRIPTS}::test_a_node_that_staffs_the_exercise_no_more_has_its_script_no_more",
    ),
    "drills: a number of an inject is there once": (
        "drills/services/script.py",
        "if same.exclude(pk=inject.pk).exists():",
        "if False:",
        f"{SCRIPT}::test_a_number_is_there_once_and_nobody_overwrites_what_they_did_not_see",
    ),
    "drills: an inject is changed by who saw the newest": (
        "drills/services/script.py",
        "if found.rev != rev:",
        "if False:",
        f"{SCRIPT}::test_a_number_is_there_once_and_nobody_overwrites_what_they_did_not_see",
    ),
    "drills: a workbook is taken whole or not at all": (
        "drills/script/sheet.py",
        "    if faults:\n        raise Unreadable(faults)\n",
        "",
        f"{SCRIPT}::test_a_workbook_with_a_wrong_cell_changes_nothing_and_names_it",
    ),
    "drills: a formula is not taken": (
        "drills/script/child.py",
        'if cell.data_type == "f":',
        "if False:",
        "tests/drills/test_sheet.py::test_a_file_that_is_no_script_is_refused_in_words",
    ),
    "drills: a workbook is read behind walls": (
        "drills/script/child.py",
        '        lock(LIMITS, in_namespace=sys.argv[1:] == ["in-namespace"])\n',
        "",
        "tests/drills/test_sheet.py::test_a_workbook_is_read_behind_walls_or_not_at_all",
    ),
}
