"""The guards of the proof of equality, as tests/test_guards.py takes them out one by one.

Owns: the list. Must not know: how they are taken out.
"""

EQUALITY = "tests/link/test_equality.py"

EQUALITY_GUARDS = {
    "link: what is on its way is not missing": (
        "realtime/link/comparing.py",
        "not self._is_settled(moment)",
        "False",
        f"{EQUALITY}::test_who_has_something_on_its_way_does_not_answer_for_that_moment",
    ),
    "link: a line that never rests is compared": (
        "realtime/link/comparing.py",
        "if self._settled is None or not unknown or since_opened < wait:",
        "if True:",
        f"{EQUALITY}::test_a_line_that_never_rests_is_proven_equal_all_the_same",
    ),
    "link: only what was compared is claimed": (
        "realtime/link/comparing.py",
        "self._equal(moment or self._clock())",
        "self._equal(self._clock())",
        f"{EQUALITY}::test_a_line_that_never_rests_is_proven_equal_all_the_same",
    ),
    "link: what came later is not counted": (
        "realtime/link/digests.py",
        '{"time__gt": until, "position__lte": self._position}',
        '{"pk": None}',
        f"{EQUALITY}::test_what_came_after_the_moment_is_not_missing",
    ),
    "link: what came later is not listed": (
        "realtime/link/digests.py",
        '**({"time__lte": until} if until else {})',
        "",
        f"{EQUALITY}::test_what_came_after_the_moment_is_not_missing",
    ),
    "link: a line at rest is left alone": (
        "realtime/link/comparing.py",
        '        if level != "equal":\n            self._compared = None',
        "        if True:\n            self._compared = None",
        f"{EQUALITY}::test_a_line_at_rest_is_not_compared_again_before_it_is_long_ago",
    ),
    "link: what came after a moment is still to be compared": (
        "realtime/link/comparing.py",
        "if until is None:  # else",
        "if True:  # else",
        f"{EQUALITY}::test_what_came_last_is_compared_once_it_rests",
    ),
    "link: what is relayed late holds the moment back": (
        "realtime/link/comparing.py",
        "return settled if oldest is None else min(",
        "return settled if True else min(",
        f"{EQUALITY}::test_what_is_relayed_late_is_not_missing_though_it_bears_an_older_time",
    ),
    "link: equality answers a question": (
        "realtime/link/comparing.py",
        'if level == "equal" and awaited != (set, moment):',
        "if False:",
        f"{EQUALITY}::test_equality_that_nobody_asked_about_is_not_believed",
    ),
    "link: equality never goes back": (
        "realtime/link/comparing.py",
        "Q(equal_at=None) | Q(equal_at__lt=moment), ",
        "",
        f"{EQUALITY}::test_equality_never_goes_back",
    ),
    "link: a cursor alone is no change": (
        "realtime/link/session.py",
        "if self._unheard is not None:",
        "if True:",
        f"{EQUALITY}::test_what_stays_on_this_node_does_not_keep_a_line_from_resting",
    ),
}
