"""The guards of drills, in the shape of `GUARDS` in test_guards.py.

Owns: the list. Must not know: how a guard is taken out.
"""

PAGES, NODES = "tests/drills/test_exercises.py", "tests/link/test_exercises.py"
CONDUCT, RUNS = "tests/drills/test_conduct.py", "tests/link/test_conduct.py"
REALM, SCORE = "tests/drills/test_realm.py", "tests/drills/test_score_page.py"
FALSE, SHEET = "tests/link/test_false_drills.py", "tests/drills/test_scoring.py"
SCRIPT, SCRIPTS = "tests/drills/test_script.py", "tests/link/test_script.py"

DRILL_GUARDS = {
    "late injects: as the node of the player says": (
        "drills/scoring/timeline.py",
        "        own = [one for one in said if one.source == node]\n",
        "        own = said\n",
        "tests/drills/test_scoring.py::test_it_counts_from_when_it_was_sent_where",
    ),
    "late injects: not after what was done about them": (
        "drills/scoring/timeline.py",
        'if inject["at"] < one.data["at"] <= until',
        'if inject["at"] < one.data["at"]',
        "tests/drills/test_scoring.py::test_it_counts_from_when_it_was_sent_where",
    ),
    "late injects: said once": (
        "drills/services/arrivals.py",
        '        if Envelope.objects.filter(subject=f"arrival/{id}").exists():\n'
        "            return False\n",
        "",
        "tests/link/test_late_injects.py"
        "::test_what_a_cut_line_held_back_is_said_to_have_come_late_once_and_at_every_node",
    ),
    "late injects: when one came is kept": (
        "drills/apply.py",
        "        row.came_at = came.get(row.pk) or now\n",
        "        row.came_at = now\n",
        "tests/link/test_late_injects.py::test_when_an_inject_came_is_kept_when_it_comes_again",
    ),
    "evidence is where it was said": (
        "drills/scoring/timeline.py",
        "                if one.data.get(name) != stood.data[name]:\n                    break\n",
        "                break\n",
        "tests/drills/test_scoring.py"
        "::test_the_evidence_of_what_was_said_is_where_it_was_said_and_not_the_step_after_it",
    ),
    "drills: no final score before all is here": (
        "drills/selectors_conduct.py",
        'if node["state"] == "live" if runs else equal and equal >= clock.since:',
        "if True:",
        f"{RUNS}::test_the_score_is_provisional_until_who_plays_has_proven_that_all_is_here",
    ),
    "drills: what has not arrived": (
        "drills/selectors_conduct.py",
        '            - {settings.NODE_ID, *there.get(f"delivery/{each.pk}", ())})',
        "            - where.keys() - set(where.values()))",
        f"{RUNS}::test_an_inject_that_a_node_has_not_confirmed_is_shown_as_not_there_yet",
    ),
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
        "drills/services/common.py",
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
    "drills: nothing of an exercise goes by rule to a node that takes no part": (
        "emergency/selectors_sharing.py",
        "if realms.may_go(incident.realm, node)}",
        "}",
        f"{RUNS}::test_what_is_played_goes_to_nodes_that_take_part_by_rule_and_to_no_other",
    ),
    "drills: nothing of an exercise is shared with a node that takes no part": (
        "emergency/services/sharing.py",
        "if not all(realms.may_go(",
        "if False and not all(realms.may_go(",
        f"{RUNS}::test_what_is_played_goes_to_nodes_that_take_part_by_rule_and_to_no_other",
    ),
    "drills: a delivery goes to its recipients": (
        "drills/services/conduct.py",
        'if one["part"] != Part.PLAY or one["organisation"] in inject.recipients',
        "",
        f"{RUNS}::test_a_node_gets_what_is_addressed_to_its_players_and_nothing_else",
    ),
    "drills: who does not act in a realm writes nothing there": (
        "emergency/permissions.py",
        "if bounds.stand(officer.organisation_id) < realms.Stand.ACT:",
        "if False:",
        f"{REALM}::test_who_takes_part_sees_and_writes_by_part_and_nobody_else_does",
    ),
    "drills: nothing is written before it begins and after it ends": (
        "emergency/permissions.py",
        "return None if bounds.open else Hindrance.CLOSED",
        "return None",
        f"{REALM}::test_before_it_begins_and_after_it_ends_nothing_is_written",
    ),
    "drills: who takes no part sees nothing of it": (
        "emergency/rights.py",
        "return full if stand else View.NONE",
        "return full",
        f"{REALM}::test_who_takes_part_sees_and_writes_by_part_and_nobody_else_does",
    ),
    "drills: the desk of one realm does not touch another": (
        "emergency/selectors.py",
        "    if desk and desk != realm:",
        "    if False:",
        f"{REALM}::test_from_the_desk_of_an_exercise_nothing_real_is_touched_and_the_try_is_recorded",
    ),
    "drills: numbers of an exercise are its own": (
        "emergency/services/incidents.py",
        'lock_series(realm=realm, kind="incident", at=now)',
        'lock_series(realm=REAL, kind="incident", at=now)',
        f"{REALM}::test_who_plays_reports_in_the_exercise_with_numbers_of_its_own",
    ),
    "drills: who plays reads what is delivered to them": (
        "drills/selectors_conduct.py",
        "if part and own in delivery.recipients]",
        "if part]",
        f"{REALM}::test_players_are_told_what_is_delivered_to_them_and_nothing_else",
    ),
    "drills: an inject goes out once": (
        "drills/services/conduct.py",
        "if found.state not in (Inject.State.PLANNED, Inject.State.WAITING):",
        "if False:",
        f"{CONDUCT}::test_the_controller_decides_by_hand_and_each_inject_goes_out_once",
    ),
    "drills: what is due goes out before the clock is set": (
        "drills/services/conduct.py",
        "        _settle(exercise, clock, now)\n        clock.exercise = exercise",
        "        clock.exercise = exercise",
        f"{CONDUCT}::test_what_is_due_goes_out_before_the_clock_is_stopped",
    ),
    "drills: the clock never goes back": (
        "drills/services/conduct.py",
        "if not clock.reading.now(now) < minute * MINUTE < exercise.minutes * MINUTE:",
        "if False:",
        f"{CONDUCT}::test_the_clock_jumps_neither_back_nor_beyond_the_end",
    ),
    "drills: what cannot run does not begin": (
        "drills/services/conduct.py",
        "if any(one.bad for one in selectors_script.findings(exercise, injects)):",
        "if False:",
        f"{CONDUCT}::test_what_cannot_run_does_not_begin",
    ),
    "drills: the clock is turned by who controls": (
        "drills/services/conduct.py",
        "if not may_control(actor, exercise):",
        "if False:",
        f"{CONDUCT}::test_the_clock_is_turned_by_the_office_and_by_who_controls_and_by_nobody_else",
    ),
    "drills: who plays reads no score before the end": (
        "drills/selectors_score.py",
        'return over and part_of(officer, one) != ""',
        'return part_of(officer, one) != ""',
        f"{SCORE}::test_who_staffs_it_reads_the_score_at_once_and_who_plays_when_it_has_ended",
    ),
    "drills: an answer is of who got the inject": (
        "drills/services/answers.py",
        "or own not in delivery.recipients",
        "",
        f"{SCORE}::test_an_answer_is_of_who_got_the_inject_and_wrote_the_incident",
    ),
    "drills: at the end what was played goes to who took part alone": (
        "drills/services/answers.py",
        "for node in sorted(nodes - {settings.NODE_ID}):",
        'for node in sorted({*nodes, "xian-changan"} - {settings.NODE_ID}):',
        f"{RUNS}::test_every_node_that_took_part_works_out_the_same_score_after_the_link_was_cut",
    ),
    "drills: at the end every node that took part holds what was played": (
        "drills/services/answers.py",
        "    ended = Clock.objects.filter(state=Clock.State.ENDED, opened=False)",
        "    ended = Clock.objects.none()",
        f"{RUNS}::test_every_node_that_took_part_works_out_the_same_score_after_the_link_was_cut",
    ),
    "drills: what another node writes into an exercise is not believed": (
        "drills/apply.py",
        "if row.home not in _homes(row, known[row.exercise_id]):",
        "if False:",
        f"{FALSE}::test_what_another_node_writes_into_an_exercise_is_not_believed",
    ),
    "drills: who takes part has the shape that everything relies on": (
        "drills/apply.py",
        "if one.keys() != PARTICIPANT or not",
        "if not",
        f"{FALSE}::test_who_takes_part_in_another_shape_is_parked_and_stops_no_feed",
    ),
    "drills: what came back after a restore is not sent again": (
        "drills/services/conduct.py",
        "if known := Delivery.objects.filter(pk=inject.pk).first():",
        "if known := None:",
        f"{FALSE}::test_a_home_put_back_to_before_a_delivery_goes_on",
    ),
    "drills: administrators see nothing of an exercise": (
        "emergency/selectors.py",
        "if not stand or (bounds and rights.role in ADMINS):",
        "if not stand:",
        f"{REALM}::test_who_takes_part_sees_and_writes_by_part_and_nobody_else_does",
    ),
    "drills: the office is the node's own": (
        "drills/selectors.py",
        'return may(officer, "drill.schedule") and officer.organisation.node == settings.NODE_ID',
        'return may(officer, "drill.schedule")',
        f"{REALM}::test_an_office_that_is_a_guest_at_the_node_is_no_office_of_it",
    ),
    "drills: one exercise that fails keeps no other waiting": (
        "drills/services/conduct.py",
        "            failed.append(error)",
        "            raise",
        f"{CONDUCT}::test_one_exercise_that_cannot_be_served_does_not_keep_the_others_waiting",
    ),
    "drills: what is done after the end does not count": (
        "drills/scoring/timeline.py",
        "if one.time <= ends or _kind(one) in FRAME",
        "if True",
        f"{SHEET}::test_what_is_done_after_the_end_does_not_count",
    ),
    "drills: an answer is not older than its inject": (
        "drills/scoring/metrics.py",
        "if own_node and timeline.at(first.time + SKEW) >= sent[inject]:",
        "if own_node:",
        f"{SHEET}::test_an_answer_counts_from_the_own_node_and_for_no_later_inject",
    ),
}
