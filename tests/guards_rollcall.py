"""The guards of roll calls, in the shape of `GUARDS` in test_guards.py.

Owns: the table. Promises: as test_guards.py.
"""

SERVICES = "emergency/rollcall/services.py"
SELECTORS = "emergency/rollcall/selectors.py"
APPLY = "emergency/rollcall/apply.py"
TESTS = "tests/emergency/test_rollcall.py::test_"
LINK = "tests/link/test_rollcall.py::test_"
NOBODY = f"{TESTS}nobody_but_the_desk_of_the_node_calls_answers_or_reads[observer-610100]"

ROLL_GUARDS = {
    "roll call: by the desk": (
        SERVICES,
        """    require(actor, "duty.write")
    if not 1 <= minutes <= MOST_MINUTES:
""",
        """    if not 1 <= minutes <= MOST_MINUTES:
""",
        NOBODY,
    ),
    "roll call: answered by the desk": (
        SERVICES,
        """    require(actor, "duty.write")
    with transaction.atomic():
""",
        """    with transaction.atomic():
""",
        NOBODY,
    ),
    "roll call: of nodes below that are linked": (
        SERVICES,
        "        if not nodes or not set(nodes) <= names.keys():\n",
        "        names |= {node: node for node in nodes}\n        if not nodes:\n",
        f"{TESTS}nodes_below_that_are_linked_are_called_and_no_others",
    ),
    "roll call: once by its id": (
        SERVICES,
        "        if known := already(RollCall, id, **said):\n",
        "        if known := None:\n",
        f"{TESTS}the_same_id_twice_is_one_call",
    ),
    "roll call: answered by who was called": (
        SERVICES,
        '        if settings.NODE_ID not in {one["node"] for one in call.nodes}:\n',
        "        if False:\n",
        f"{LINK}nobody_answers_a_call_of_others",
    ),
    "roll call: answered once": (
        SERVICES,
        "        if known := call.answers.filter(home=settings.NODE_ID).first():\n",
        "        if known := None:\n",
        f"{LINK}two_officers_who_press_at_once_are_one_answer",
    ),
    "roll call: closed is closed": (
        SERVICES,
        "        if call.closed_at:\n",
        "        if False:\n",
        f"{LINK}a_call_that_is_closed_when_it_comes_asks_nobody",
    ),
    "roll call: not before its minutes are over": (
        SELECTORS,
        "    over = now >= call.here_since + timedelta(minutes=call.minutes) + ON_ITS_WAY\n",
        "    over = True\n",
        f"{LINK}who_has_not_answered_by_the_end_is_missing_and_an_answer_after_it_is_late",
    ),
    "roll call: no seconds for what came late": (
        SELECTORS,
        "if one.home in asked and one.here_since <= ends",
        "if one.home in asked",
        f"{TESTS}whoever_answers_when_each_node_is_answered_late_or_missing",
    ),
    "roll call: since when it is here stays": (
        APPLY,
        'update_fields=[name for name in columns if name not in ("here_since", "epoch")],',
        "update_fields=columns,",
        f"{LINK}an_answer_waits_for_its_call_and_what_comes_again_came_the_first_time",
    ),
    "roll call: no time made up for what was lost": (
        APPLY,
        "here_since=at if fact.source == settings.NODE_ID else datetime.now(UTC),",
        "here_since=datetime.now(UTC),",
        f"{LINK}a_call_lost_by_the_city_comes_back_with_no_seconds_made_up",
    ),
    "roll call: of its home": (
        APPLY,
        """    if (said["id"], said["home"]) != (fact.subject.partition("/")[2], fact.source):
""",
        """    if False:
""",
        f"{LINK}what_is_no_roll_call_is_not_applied[0]",
    ),
    "roll call: an answer of who was called": (
        APPLY,
        '    _require(fact.source in {one["node"] for one in call.nodes})\n',
        "",
        f"{LINK}what_is_no_answer_of_who_was_called_is_not_applied[0]",
    ),
    "roll call: an answer about its call": (
        APPLY,
        '    if told != (fact.subject.partition("/")[2], fact.source, f"rollcall/{call.pk}"):\n',
        "    if False:\n",
        f"{LINK}what_is_no_answer_of_who_was_called_is_not_applied[6]",
    ),
    "roll call: told by its own types": (
        APPLY,
        "    _require(fact.type in (ROLL_CALLED.name, ROLL_CLOSED.name))\n",
        "",
        f"{LINK}what_is_no_roll_call_is_not_applied[16]",
    ),
    "roll call: nodes that can be": (
        APPLY,
        '        _require(NODE.fullmatch(one["node"]) is not None)\n',
        "",
        f"{LINK}what_is_no_roll_call_is_not_applied[18]",
    ),
    "roll call: of before a loss": (
        SELECTORS,
        "    return own.filter(epoch=log.head().epoch)\n",
        "    return own\n",
        f"{TESTS}what_was_called_before_a_loss_is_not_measured_anew",
    ),
}
