"""The guards of plans, tasks and first reports, in the shape of `GUARDS` in test_guards.py.

Owns: the list. Must not know: how a guard is taken out.
"""

RESPONSES = "emergency/plans/services/responses.py"
TASKS = "emergency/plans/services/tasks.py"
REPORTS = "emergency/reporting/services.py"
EDITING = "emergency/plans/services/editing.py"
PLANS, PAGES = "tests/emergency/test_plans.py", "tests/emergency/test_pages_plans.py"

PLAN_GUARDS = {
    "plans: only the home activates": (
        RESPONSES,
        "require_home(incident)\n    found",
        "found",
        "tests/emergency/test_rights.py"
        "::test_every_door_answers_as_the_table_says[duty_officer-610100]",
    ),
    "plans: only the home ends": (
        RESPONSES,
        "require_home(incident)\n    with",
        "with",
        "tests/emergency/test_rights.py"
        "::test_every_door_answers_as_the_table_says[duty_officer-610100]",
    ),
    "plans: only on what is open": (
        RESPONSES,
        "if incident.state not in OPEN:",
        "if False:",
        f"{PLANS}::test_an_incident_that_is_closed_is_not_activated_on",
    ),
    "plans: an end ends": (
        RESPONSES,
        "        current = [one.pk for one in selectors.in_force(incident)]",
        "        current = [one.pk for one in incident.activations.all()]",
        f"{PLANS}::test_after_an_end_the_plan_issues_everything_anew",
    ),
    "plans: only what is in force ends": (
        RESPONSES,
        "        if not ended:\n            raise",
        "        if False:\n            raise",
        f"{PLANS}::test_only_what_is_in_force_ends_and_the_same_end_twice_is_one",
    ),
    "plans: nobody overwrites a version that they did not see": (
        EDITING,
        "if old.version != version:",
        "if False:",
        f"{PAGES}::test_two_who_edit_at_once_do_not_overwrite_each_other",
    ),
    "plans: a plan with a fault is not taken": (
        EDITING,
        "    if wrong:\n",
        "    if False:\n",
        f"{PAGES}::test_a_plan_with_a_fault_is_not_taken_and_what_was_typed_comes_back",
    ),
    "plans: what is issued stays": (
        RESPONSES,
        ' and one["no"] not in issued',
        "",
        f"{PLANS}::test_a_higher_level_adds_what_is_missing_and_keeps_what_is_done",
    ),
    "plans: who has a task sees the incident": (
        RESPONSES,
        "{one.pk: one for one in (*owners.values(), *reporters)}.values()",
        "reporters",
        f"{PLANS}::test_who_has_a_task_sees_the_incident_from_then_on",
    ),
    "plans: the incident goes to the node that has a task": (
        RESPONSES,
        "            if not sharing.Sharing.of([thing]).has(thing, owner.node):\n"
        "                grant_with_way(",
        "            if False:\n                grant_with_way(",
        "tests/link/test_tasks.py"
        "::test_a_task_for_a_district_goes_there_with_its_incident_and_comes_back_done",
    ),
    "tasks: whose it is": (
        TASKS,
        "if actor.organisation_id != task.organisation and not desk:",
        "if False:",
        f"{PLANS}::test_a_task_is_answered_by_its_organisation_or_the_desk_and_nobody_else",
    ),
    "tasks: the desk of another node": (
        TASKS,
        "desk = issuer or (settings.NODE_ID == task.node and rights_of(actor).everywhere)",
        "desk = rights_of(actor).everywhere",
        "tests/link/test_tasks.py::test_the_desk_of_another_node_cannot_answer_for_it",
    ),
    "first reports: once": (
        REPORTS,
        "if selectors.chain(incident).filter(kind=kind).exists():",
        "if False:",
        f"{PLANS}::test_a_first_report_is_made_once_and_not_ahead_of_the_clock",
    ),
    "plans: nodes that are known through another": (
        "emergency/selectors_sharing.py",
        "return set(known.values_list",
        "return set(Peer.objects.values_list",
        "tests/link/test_tasks.py"
        "::test_a_task_of_one_district_for_another_goes_there_through_the_city",
    ),
    "reports: not before receipt": (
        "emergency/reporting/services.py",
        "    if at < min(received, now):",
        "    if False:",
        "tests/emergency/test_plans.py::test_a_first_report_is_made_once_and_not_ahead_of_the_clock",
    ),
}
