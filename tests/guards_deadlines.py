"""The guards of limits of reports, in the shape of `GUARDS` in test_guards.py.

Owns: the table. Promises: as test_guards.py.
"""

LIMITS = "emergency/deadlines/limits.py"
STANDING = "emergency/deadlines/standing.py"
SERVICES = "emergency/deadlines/services.py"
SELECTORS = "emergency/deadlines/selectors.py"
WATCH = "emergency/deadlines/watch.py"
TABLES = "emergency/deadlines/tables.py"
ARITHMETIC = "tests/emergency/test_limits.py::test_"
TESTS = "tests/emergency/test_deadlines.py::test_"
SEEN = "tests/emergency/test_deadlines_seen.py::test_"
LINKED = "tests/link/test_deadlines.py::test_"
LOOKS = "tests/emergency/test_deadline_watch.py::test_"
PAGES = "tests/emergency/test_pages_limits.py::test_"

DEADLINE_GUARDS = {
    "limits: what ends next is told first": (
        SELECTORS,
        "    ends.sort(key=lambda one: (abs(one[0] - now), one[1]))\n",
        "    ends.sort(reverse=True)\n",
        f"{SEEN}what_ends_next_and_what_has_just_ended_is_told_before_what_began_last",
    ),
    "limits: the strictest": (
        LIMITS,
        "key=lambda one: (one.is_default, one.minutes,",
        "key=lambda one: (one.is_default, -one.minutes,",
        f"{ARITHMETIC}the_strictest_of_the_rules_that_fit_holds",
    ),
    "limits: the default last": (
        LIMITS,
        "key=lambda one: (one.is_default, one.minutes,",
        "key=lambda one: (one.minutes,",
        f"{ARITHMETIC}the_default_holds_only_where_no_other_rule_fits_though_it_is_stricter",
    ),
    "limits: the twenty-first minute": (
        LIMITS,
        "-((timedelta(minutes=minutes) - passed) // MINUTE)",
        "(passed - timedelta(minutes=minutes)) // MINUTE",
        f"{ARITHMETIC}the_twenty_first_minute_is_late_by_one",
    ),
    "limits: a reminder once": (
        LIMITS,
        "if one > last and at_percent",
        "if at_percent",
        f"{ARITHMETIC}every_reminder_is_given_at_most_once_and_the_last_always",
    ),
    "limits: one that runs keeps its own": (
        "emergency/services/incidents.py",
        "        ruled_anew = ruled != [",
        "        ruled_anew = True or [",
        f"{TESTS}a_limit_that_the_office_changes_is_for_incidents_that_come_later",
    ),
    "limits: opened again": (
        STANDING,
        "        if anew:\n            since = moment(now)",
        "        if anew and not last:\n            since = moment(now)",
        f"{TESTS}what_is_opened_again_has_its_limit_from_then_on",
    ),
    "limits: of an open incident": (
        STANDING,
        "elif incident.state not in OPEN:",
        "elif False:",
        f"{TESTS}a_false_report_stops_the_deadline_and_nobody_is_reminded",
    ),
    "limits: written by the home alone": (
        SELECTORS,
        "if one.home != settings.NODE_ID or not realms.writable(realm):",
        "if not realms.writable(realm):",
        f"{SEEN}only_the_home_of_an_incident_writes_about_its_limits",
    ),
    "limits: reminded by the home alone": (
        SERVICES,
        "if incident.home != settings.NODE_ID or not stated:",
        "if not stated:",
        f"{SEEN}who_gave_an_incident_away_reminds_nobody_of_it_any_more",
    ),
    "limits: stated by the incident": (
        SERVICES,
        "if incident.home != settings.NODE_ID or not stated:",
        "if incident.home != settings.NODE_ID:",
        f"{SEEN}a_limit_that_its_incident_does_not_state_any_more_reminds_nobody",
    ),
    "limits: another in its place": (
        STANDING,
        "elif limit is not last_of(incident.limits, one.kind):",
        "elif False:",
        f"{TESTS}another_class_with_another_limit_ends_the_deadline_and_begins_one_from_receipt",
    ),
    "limits: one transaction": (
        SERVICES,
        "        with transaction.atomic():\n            act()",
        "        if True:\n            act()",
        "tests/emergency/test_rollback.py"
        "::test_what_the_log_does_not_take_has_not_happened[remind of a limit]",
    ),
    "limits: nothing in an exercise that is over": (
        SELECTORS,
        "over = [realm for realm, one in bounds.items() if not one.open]",
        "over = []",
        "tests/drills/test_deadlines.py"
        "::test_when_it_is_over_nothing_is_written_about_its_limits_any_more",
    ),
    "limits: by the clock of the exercise": (
        "drills/realms.py",
        "passed=_Pace(one),",
        "",
        "tests/drills/test_deadlines.py"
        "::test_at_ten_times_the_speed_half_of_thirty_minutes_is_reached_after_ninety_seconds",
    ),
    "limits: only what the officer may see": (
        SELECTORS,
        "seen = visible_incidents(realm, officer).filter(",
        "seen = Incident.objects.filter(",
        f"{SEEN}who_may_not_see_an_incident_is_told_nothing_of_its_limits",
    ),
    "limits: a clock set back": (
        WATCH,
        "services.shift(by=jump, but=since)",
        "pass",
        f"{LOOKS}set_back_an_hour_a_limit_that_runs_goes_on_and_one_that_begins_has_all_its_time",
    ),
    "limits: a failure is tried again": (
        WATCH,
        "self.failed |= dict.fromkeys(failed, time.monotonic() + AGAIN)",
        "pass",
        f"{LOOKS}an_incident_that_fails_does_not_hold_up_the_others_and_is_tried_again",
    ),
    "limits: the default stays": (
        TABLES,
        "if not (rule.type_prefix or rule.grade or rule.level):",
        "if False:",
        f"{PAGES}the_default_is_named_changed_and_never_removed",
    ),
    "limits: a reminder stays": (
        TABLES,
        "if len(ReminderRule.objects.select_for_update()) == 1:",
        "if False:",
        f"{PAGES}a_reminder_is_added_replaced_and_removed_but_for_the_last",
    ),
    "limits: by homes alone": (
        SELECTORS,
        "            if (row.incident_id, row.home) in told:",
        "            if True:",
        f"{SEEN}what_another_node_writes_about_a_limit_of_ours_counts_for_nothing",
    ),
    "limits: overdue and then changed": (
        STANDING,
        "late = minutes_late(ran(one, made or now, passed), one.minutes)",
        "late = minutes_late(ran(one, made, passed), one.minutes) if made else 0",
        f"{TESTS}what_was_overdue_stays_said_when_another_grade_gives_more_time",
    ),
    "limits: not reminded once reported": (
        SERVICES,
        "    if any(act.deadline.limit == deadline.limit for act in ends):",
        "    if False:",
        f"{TESTS}a_report_that_was_just_made_is_not_reminded_of",
    ),
    "limits: a reminder added later": (
        TABLES,
        "key=str(percent), actor=actor)\n        look_again()",
        "key=str(percent), actor=actor)",
        f"{TESTS}a_reminder_that_the_office_adds_is_given_for_limits_that_run",
    ),
    "limits: what cannot be reckoned with": (
        LIMITS,
        "        if _is_limit(one, kinds):",
        "        if True:",
        f"{LINKED}a_limit_of_another_node_that_cannot_be_reckoned_with_is_left_out[[7]]",
    ),
    "limits: of what is open alone": (
        STANDING,
        "for kind in Kind if incident.state in OPEN else ():",
        "for kind in Kind:",
        f"{TESTS}another_grade_of_what_is_closed_begins_no_limit_and_makes_nothing_late",
    ),
    "limits: each of its own incident": (
        SERVICES,
        "incident.deadlines.filter(limit=act.deadline.limit).delete()",
        "Deadline.objects.filter(limit=act.deadline.limit).delete()",
        f"{LINKED}an_incident_that_states_the_limit_of_another_hides_nothing_of_it",
    ),
    "limits: ended elsewhere": (
        STANDING,
        "if pk in ended or pk not in stated",
        "if pk not in stated",
        f"{LINKED}what_was_reported_while_another_node_was_in_charge_runs_no_more_when_it_is_back",
    ),
    "limits: begun since the clock was set": (
        WATCH,
        "services.shift(by=jump, but=since)",
        "services.shift(by=jump)",
        f"{LOOKS}what_begins_between_the_setting_of_the_clock_and_the_next_look_has_all_its_time",
    ),
    "limits: a grade there and back": (
        STANDING,
        "limits += going[-1:] or [",
        "limits += [",
        f"{TESTS}a_grade_that_was_wrong_for_a_moment_reminds_of_nothing_again",
    ),
    "limits: one that fails alone": (
        SERVICES,
        "failed = [pk for pk, acts in todo.items() if not _done(lambda acts=acts: _look(acts))]",
        "failed = list(todo)",
        f"{LOOKS}an_incident_whose_limits_fail_does_not_hold_up_those_beside_it",
    ),
}
