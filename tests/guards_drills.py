"""The guards of drills, in the shape of `GUARDS` in test_guards.py.

Owns: the list. Must not know: how a guard is taken out.
"""

PAGES, NODES = "tests/drills/test_exercises.py", "tests/link/test_exercises.py"

DRILL_GUARDS = {
    "drills: only who takes part sees it": (
        "drills/selectors.py",
        'part["organisation"] == officer.organisation_id and',
        "True and",
        f"{PAGES}::test_only_who_takes_part_sees_it_besides_the_office",
    ),
    "drills: the node that takes part has it": (
        "drills/services/exercises.py",
        "        sharing.grant(thing=thing,",
        "        (lambda **_none: None)(thing=thing,",
        f"{NODES}::test_an_exercise_goes_to_the_node_that_takes_part_and_to_no_other",
    ),
    "drills: the node that takes part no more is asked to erase it": (
        "drills/services/exercises.py",
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
        "drills/services/exercises.py",
        "if exercise.home != settings.NODE_ID:",
        "if False:",
        f"{NODES}::test_only_its_home_writes_it",
    ),
    "drills: nobody overwrites what they did not see": (
        "drills/services/exercises.py",
        "if found.rev != rev:",
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
}
