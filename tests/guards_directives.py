"""The guards of directives, in the shape of `GUARDS` in test_guards.py.

Owns: the table. Promises: as test_guards.py.
"""

SERVICES = "emergency/directives/services.py"
TASKS = "emergency/plans/services/tasks.py"
TESTS = "tests/emergency/test_directives.py::test_"
STEPS = "tests/emergency/test_directive_steps.py::test_"
LINK = "tests/link/test_directives.py::test_"
DECIDES = f"{TESTS}a_unit_does_not_say_for_itself_that_it_is_done_and_nothing_is_decided_without_it"

DIRECTIVE_GUARDS = {
    "directives: by who steers": (
        SERVICES,
        '    require(actor, "directive.record", incident)\n',
        "",
        f"{TESTS}who_does_not_steer_the_incident_records_none[observer-610100]",
    ),
    "directives: what was spoken was read back": (
        SERVICES,
        "        if channel in SPOKEN and not read_back:\n",
        "        if False:\n",
        f"{TESTS}what_was_spoken_is_recorded_when_it_was_read_back[oral]",
    ),
    "directives: feedback in time to come": (
        SERVICES,
        "        if not now < due_at <= now + LONGEST:\n",
        "        if False:\n",
        f"{TESTS}what_cannot_be_followed_up_is_refused_and_no_task_is_issued[1]",
    ),
    "directives: once by its id": (
        SERVICES,
        "        if known := already(Directive, id, incident_id=incident.pk, **said):\n",
        "        if known := None:\n",
        f"{TESTS}the_same_id_twice_is_one_and_with_other_words_it_is_refused",
    ),
    "directives: who is given a task is told of the incident": (
        SERVICES,
        "        if show_to(incident, units, actor):\n",
        "        if show_to(incident, units, actor) and False:\n",
        f"{TESTS}it_is_kept_as_it_was_said_and_every_unit_is_given_its_task",
    ),
    "directives: units that hold the incident": (
        SERVICES,
        "        elif unit.node != incident.home and not shared.has(thing, unit.node):\n",
        "        elif False:\n",
        f"{TESTS}of_an_incident_of_another_node_only_those_who_hold_it_are_units",
    ),
    "directives: who recorded it decides": (
        TASKS,
        "        if not issuer:\n",
        "        if False:\n",
        DECIDES,
    ),
    "directives: decided on a new feedback": (
        TASKS,
        "        if state != Kind.FEEDBACK:\n",
        "        if False:\n",
        DECIDES,
    ),
    "directives: followed up is the end": (
        TASKS,
        "    if state == Kind.DONE:\n",
        "    if False:\n",
        f"{TESTS}it_goes_from_passed_on_to_followed_up",
    ),
    "directives: a plan's task is not returned": (
        TASKS,
        "        if kind == Kind.RETURNED:\n",
        "        if False:\n",
        f"{TESTS}a_task_of_a_plan_is_not_returned",
    ),
    "directives: told as they are": (
        "emergency/directives/apply.py",
        "            if not is_right(fact.public[name]):\n",
        "            if False:\n",
        f"{LINK}what_is_no_directive_is_not_applied[3]",
    ),
    "directives: reminded once": (
        "emergency/directives/reminders.py",
        "reminder_due(now - begun, minutes, list(percents), list(given))",
        "reminder_due(now - begun, minutes, list(percents), [])",
        f"{TESTS}who_has_not_answered_is_reminded_once_at_each_mark",
    ),
    "directives: reminded while an answer is waited for": (
        "emergency/directives/reminders.py",
        "    if not followup.waits(task, now):\n",
        "    if False:\n",
        f"{TESTS}who_has_answered_is_not_reminded_until_it_is_returned",
    ),
    "directives: reminded by who recorded it": (
        "emergency/directives/reminders.py",
        'Task.objects.filter(plan="", home=settings.NODE_ID, realm=REAL)',
        'Task.objects.filter(plan="", realm=REAL)',
        f"{TESTS}only_who_recorded_it_reminds_and_not_of_what_is_closed",
    ),
    "directives: steps of who may": (
        "emergency/directives/followup.py",
        '    if row.home != task.node or row.kind == Kind.RETURNED:\n        return ""\n',
        "",
        f"{STEPS}what_a_third_node_says_of_it_counts_for_nothing[done]",
    ),
    "directives: what a unit calls done": (
        "emergency/directives/followup.py",
        "return Kind.FEEDBACK if row.kind == Kind.DONE else row.kind",
        "return row.kind",
        f"{STEPS}what_its_unit_calls_done_is_a_feedback_and_it_returns_nothing",
    ),
    "directives: after all that counts": (
        TASKS,
        "    at = max([now, *(one.at + MOMENT for one in steps)])\n",
        "    at = now\n",
        f"{STEPS}clocks_that_differ_turn_nothing_around[10]",
    ),
    "directives: clocks far ahead": (
        "emergency/directives/followup.py",
        "TaskStep.objects.filter(task__in=by_id, recorded_at__lte=now + BELIEVED)",
        "TaskStep.objects.filter(task__in=by_id)",
        f"{STEPS}a_clock_far_ahead_is_not_believed",
    ),
    "directives: tasks of its own": (
        "emergency/directives/followup.py",
        "        if own and task.organisation in units:\n",
        "        if task.organisation in units:\n",
        f"{STEPS}a_task_that_is_not_the_directives_hides_none_of_it",
    ),
    "directives: what is open comes first": (
        "emergency/directives/selectors.py",
        '    rows.sort(key=lambda row: not row["open"])\n',
        "",
        f"{STEPS}what_is_open_comes_before_what_is_not",
    ),
    "directives: on open incidents": (
        SERVICES,
        "        if incident.state not in OPEN:\n",
        "        if False:\n",
        f"{TESTS}none_is_recorded_on_an_incident_that_is_closed",
    ),
    "directives: to units that a way leads to": (
        SERVICES,
        "        if unit.node not in nodes:\n",
        "        if False:\n",
        f"{TESTS}a_unit_that_no_way_leads_to_is_given_nothing",
    ),
}
