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
LOOKS = "tests/emergency/test_deadline_watch.py::test_"
PAGES = "tests/emergency/test_pages_limits.py::test_"

DEADLINE_GUARDS = {
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
        f"{TESTS}reminders_come_at_half_at_four_fifths_and_at_the_limit_each_once",
    ),
    "limits: one that runs keeps its own": (
        STANDING,
        'one.minutes != rule.minutes and one.rule["of"] != of(incident)',
        "one.minutes != rule.minutes",
        f"{TESTS}a_limit_that_the_office_changes_is_for_deadlines_that_begin_later",
    ),
    "limits: opened again": (
        STANDING,
        "return now if closed else incident.received_at",
        "return incident.received_at",
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
        "if one.home == settings.NODE_ID and realms",
        "if realms",
        f"{TESTS}only_the_home_of_an_incident_writes_about_its_deadlines",
    ),
    "limits: reminded by the home alone": (
        SERVICES,
        "if ended or incident.home != settings.NODE_ID:",
        "if ended:",
        f"{TESTS}who_gave_an_incident_away_reminds_nobody_of_it_any_more",
    ),
    "limits: one transaction": (
        SERVICES,
        "            with transaction.atomic():\n                act(pk)",
        "            if True:\n                act(pk)",
        "tests/emergency/test_rollback.py"
        "::test_what_the_log_does_not_take_has_not_happened[remind of a limit]",
    ),
    "limits: nothing in an exercise that is over": (
        SELECTORS,
        "return [pk for pk, realm in due.items() if realms.writable(bounds.get(realm))]",
        "return list(due)",
        "tests/drills/test_deadlines.py"
        "::test_when_it_is_over_nothing_is_written_about_its_limits_any_more",
    ),
    "limits: by the clock of the exercise": (
        "drills/realms.py",
        "passed=partial(_passed, one),",
        "",
        "tests/drills/test_deadlines.py"
        "::test_at_ten_times_the_speed_half_of_thirty_minutes_is_reached_after_ninety_seconds",
    ),
    "limits: only what the officer may see": (
        SELECTORS,
        "visible_incidents(realm, officer).filter(",
        "Incident.objects.filter(",
        f"{TESTS}who_may_not_see_an_incident_is_told_nothing_of_its_limits",
    ),
    "limits: a clock set back": (
        WATCH,
        "wall = max(wall, self.last + timedelta(seconds=at - self.at))",
        "pass",
        f"{LOOKS}time_goes_on_when_the_clock_of_the_machine_is_set_back_an_hour",
    ),
    "limits: a failure is tried again": (
        WATCH,
        "self.position, self.again = head, touched",
        "self.position = head",
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
        "if ReminderRule.objects.count() == 1:",
        "if False:",
        f"{PAGES}a_reminder_is_added_replaced_and_removed_but_for_the_last",
    ),
}
