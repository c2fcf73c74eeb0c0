"""The guards of plans, tasks and first reports, in the shape of `GUARDS` in test_guards.py.

Owns: the list. Must not know: how a guard is taken out.
"""

SERVICES, PLANS = "emergency/plans/services.py", "tests/emergency/test_plans.py"

PLAN_GUARDS = {
    "plans: only the home activates": (
        SERVICES,
        '"plan.activate", incident)\n    require_home(incident)\n',
        '"plan.activate", incident)\n',
        "tests/emergency/test_rights.py"
        "::test_every_door_answers_as_the_table_says[duty_officer-610100]",
    ),
    "plans: only on what is open": (
        SERVICES,
        "if incident.state not in OPEN:",
        "if False:",
        f"{PLANS}::test_an_incident_that_is_closed_is_not_activated_on",
    ),
    "plans: what is issued stays": (
        SERVICES,
        ' and one["no"] not in issued',
        "",
        f"{PLANS}::test_a_higher_level_adds_what_is_missing_and_keeps_what_is_done",
    ),
    "plans: who has a task sees the incident": (
        SERVICES,
        "        _show(incident, owners.values(), actor)\n",
        "",
        f"{PLANS}::test_who_has_a_task_sees_the_incident_from_then_on",
    ),
    "plans: the incident goes to the node that has a task": (
        SERVICES,
        "            if not sharing.Sharing.of([thing]).has(thing, owner.node):\n"
        "                sharing.grant(",
        "            if False:\n                sharing.grant(",
        "tests/link/test_tasks.py"
        "::test_a_task_for_a_district_goes_there_with_its_incident_and_comes_back_done",
    ),
    "tasks: whose it is": (
        SERVICES,
        "if actor.organisation_id != task.organisation and not desk:",
        "if False:",
        f"{PLANS}::test_a_task_is_answered_by_its_organisation_or_the_desk_and_nobody_else",
    ),
    "tasks: the desk of another node": (
        SERVICES,
        "desk = settings.NODE_ID in (task.home, task.node) and",
        "desk =",
        "tests/link/test_tasks.py::test_the_desk_of_another_node_cannot_answer_for_it",
    ),
    "first reports: once": (
        SERVICES,
        "if incident.firstreports.filter(kind=kind).exists():",
        "if False:",
        f"{PLANS}::test_a_first_report_is_made_once_and_not_ahead_of_the_clock",
    ),
}
