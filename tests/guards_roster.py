"""The guards of the roster, in the shape of `GUARDS` in test_guards.py.

Owns: the table. Promises: as test_guards.py.
"""

SERVICES = "emergency/roster/services.py"
SWAPS = "emergency/roster/swaps.py"
APPLY = "emergency/roster/apply.py"
TESTS = "tests/emergency/test_roster.py::test_"
SWAP = "tests/emergency/test_swaps.py::test_"
LINK = "tests/link/test_roster.py::test_"

ROSTER_GUARDS = {
    "roster: planned by who may": (
        SERVICES,
        """    require(actor, "duty.roster")
    with transaction.atomic():
        log.lock()
        row = _mine(shift, rev)
""",
        """    with transaction.atomic():
        log.lock()
        row = _mine(shift, rev)
""",
        f"{TESTS}who_does_not_plan_the_roster_of_this_node_changes_nothing_of_it"
        "[duty_officer-610100]",
    ),
    "roster: no two shifts at once": (
        SERVICES,
        "    if other := selectors.overlapping(row):\n",
        "    if other := None:\n",
        f"{TESTS}shifts_do_not_overlap_and_may_touch",
    ),
    "roster: a repetition leaves out what is taken": (
        SERVICES,
        "if selectors.overlapping(row) or row.ends_at <= datetime.now(UTC):",
        "if row.ends_at <= datetime.now(UTC):",
        f"{TESTS}shifts_are_repeated_after_their_days_and_what_is_taken_is_left_out",
    ),
    "roster: who wrote in between is told": (
        SERVICES,
        "    if row.rev != rev:\n",
        "    if False:\n",
        f"{TESTS}who_did_not_see_the_newest_state_is_told",
    ),
    "roster: what is over stays": (
        SERVICES,
        "    if row.cancelled or row.ends_at <= datetime.now(UTC):\n",
        "    if False:\n",
        f"{TESTS}what_is_over_or_cancelled_stays_as_it_was",
    ),
    "roster: who has no desk here": (
        SERVICES,
        '        if one["username"] and officer is None:\n',
        "        if False:\n",
        f"{TESTS}people_are_named_once_on_posts_that_there_are_and_have_a_desk_here",
    ),
    "roster: nobody stands twice": (
        SERVICES,
        "    if len(set(who)) < len(who):\n",
        "    if False:\n",
        f"{TESTS}people_are_named_once_on_posts_that_there_are_and_have_a_desk_here",
    ),
    "roster: to nodes that are confirmed": (
        SERVICES,
        "revoked_at=None).exclude(confirmed_at=None).exists():",
        "revoked_at=None).exists():",
        f"{TESTS}a_node_that_is_not_linked_is_told_nothing",
    ),
    "roster: sent twice": (
        SERVICES,
        "if shift is None and (known := already(Shift, id, people=row.people, **said)):",
        "if shift is None and (known := None):",
        f"{TESTS}the_same_id_twice_is_one_shift",
    ),
    "swap: by who is asked": (
        SWAPS,
        "        if actor.username != swap.taker:\n",
        "        if False:\n",
        f"{SWAP}nobody_answers_decides_or_withdraws_for_another",
    ),
    "swap: withdrawn by who asked": (
        SWAPS,
        "        if actor.username != swap.giver:\n",
        "        if False:\n",
        f"{SWAP}nobody_answers_decides_or_withdraws_for_another",
    ),
    "swap: nobody decides their own": (
        SWAPS,
        "        if actor.username in (swap.giver, swap.taker):\n",
        "        if False:\n",
        f"{SWAP}who_plans_the_roster_does_not_approve_a_swap_of_their_own",
    ),
    "swap: decided once": (
        SWAPS,
        "    if found.state not in states:\n",
        "    if False:\n",
        f"{SWAP}what_was_decided_stays[refused]",
    ),
    "swap: of a shift as it was": (
        SERVICES,
        '    if not any((one["post"], one["username"]) == (post, giver) for one in row.people):\n',
        "    if False:\n",
        f"{SWAP}a_swap_of_a_shift_that_was_changed_meanwhile_is_not_approved",
    ),
    "roster: of the node that tells it": (
        APPLY,
        '    if own != (fact.subject.partition("/")[2], fact.source, roster(fact.source)):\n',
        "    if False:\n",
        f"{LINK}what_is_no_shift_of_its_node_is_not_applied[of another node]",
    ),
    "roster: people of their shape": (
        APPLY,
        "    if not isinstance(told, dict) or told.keys() != PERSON.keys():\n",
        "    if False:\n",
        f"{LINK}what_is_no_shift_of_its_node_is_not_applied[half a person]",
    ),
    "roster: taken back": (
        APPLY,
        '    Shift.objects.filter(home=thing.partition("/")[2]).delete()\n',
        "",
        f"{LINK}a_district_tells_its_roster_to_the_city_and_takes_it_back",
    ),
    "roster: told by its own type": (
        APPLY,
        "    if fact.type != SHIFT_KEPT.name:\n",
        "    if False:\n",
        f"{LINK}what_is_no_shift_of_its_node_is_not_applied[of another type]",
    ),
    "swap: of a shift to come": (
        SWAPS,
        "        if takes:\n            _require_to_come(swap.shift)\n",
        "",
        f"{SWAP}a_swap_of_a_shift_that_is_over_is_not_taken_on_and_not_listed",
    ),
}
