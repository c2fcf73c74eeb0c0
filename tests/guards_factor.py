"""The guards of the second factor and of the explainer, as tests/test_guards.py takes them out.

Owns: the list. Must not know: how they are taken out.
"""

FACTOR = "tests/security/test_factor.py::test_"
CODES = "tests/security/test_factor_codes.py::test_"
UNIFIED = "tests/security/test_unified.py::test_"
WHY = "tests/emergency/test_explaining.py::test_"

FACTOR_GUARDS = {
    "factor: the password alone begins no session": (
        "emergency/views/sessions.py",
        "        if is_asked(officer):",
        "        if False:",
        f"{FACTOR}the_password_alone_opens_nothing",
    ),
    "factor: open sockets ask for it": (
        "emergency/rights.py",
        "            if lacks_factor(values, officer.role, asked):",
        "            if False:",
        f"{FACTOR}open_sessions_without_it_end_when_a_role_is_asked",
    ),
    "factor: open pages ask for it": (
        "emergency/sessions.py",
        "return not values.get(FACTOR) and lacks_factor(",
        "return False and lacks_factor(",
        f"{FACTOR}open_sessions_without_it_end_when_a_role_is_asked",
    ),
    "factor: a code is used once": (
        "emergency/factor/services.py",
        "given, datetime.now(UTC), factor.step)",
        "given, datetime.now(UTC), 0)",
        f"{FACTOR}the_code_of_the_moment_lets_in_once_and_to_where_one_wanted",
    ),
    "factor: a recovery code is used once": (
        "emergency/factor/services.py",
        "left = [one for one in factor.codes if one != digest]",
        "left = factor.codes",
        f"{FACTOR}a_recovery_code_is_good_once",
    ),
    "factor: wrong codes count": (
        "emergency/views/factor.py",
        "            user_login_failed.send(sender=__name__, credentials=who, request=request)\n",
        "",
        f"{FACTOR}wrong_codes_lock_the_account_and_the_right_one_does_not_help_then",
    ),
    "factor: who is locked out is not asked": (
        "emergency/views/factor.py",
        "            return sessions.locked_out(request, who)\n        factor =",
        "            pass\n        factor =",
        f"{FACTOR}wrong_codes_lock_the_account_and_the_right_one_does_not_help_then",
    ),
    "factor: a sign-in does not wait for ever": (
        "emergency/views/sessions.py",
        "> HOLD:",
        "> HOLD * 999:",
        f"{FACTOR}a_sign_in_that_waits_too_long_begins_again",
    ),
    "factor: a password changed meanwhile ends what waits": (
        "emergency/views/sessions.py",
        'if not constant_time_compare(values["hash"], officer.get_session_auth_hash()):',
        "if False:",
        f"{FACTOR}a_password_changed_meanwhile_ends_the_sign_in_that_waits",
    ),
    "factor: whose role needs one does not remove it": (
        "emergency/factor/services.py",
        "        if officer.role in roles_asked():",
        "        if False:",
        f"{FACTOR}a_node_that_asks_everybody_has_no_exception",
    ),
    "factor: one is set up with a code of it": (
        "emergency/factor/services.py",
        "    if step is None:\n        raise Invalid",
        "    if False:\n        raise Invalid",
        f"{FACTOR}a_role_that_is_asked_sets_it_up_before_anything_opens",
    ),
    "factor: setting one up ends who only knew the password": (
        "emergency/factor/services.py",
        "count=end_sessions(officer, keep=keep)",
        "count=1",
        f"{FACTOR}it_is_set_up_renewed_and_removed_on_the_account_page_with_the_password",
    ),
    "factor: the secret is sealed": (
        "emergency/factor/codes.py",
        "return _seal().encrypt(secret).decode()",
        "return secret.hex()",
        f"{CODES}neither_secret_nor_codes_stand_in_database_or_log",
    ),
    "unified: the answer is to this browser": (
        "emergency/unified/provider.py",
        'if not constant_time_compare(given.get("state", ""), kept["state"]):',
        "if False:",
        f"{UNIFIED}the_answer_to_another_browser_or_an_old_one_lets_nobody_in",
    ),
    "unified: the token is of this sign-in": (
        "emergency/unified/provider.py",
        'said = {"nonce": kept["nonce"], "client_id"',
        'said = {"nonce": "", "client_id"',
        f"{UNIFIED}a_token_that_proves_something_else_lets_nobody_in",
    ),
    "unified: the token is of this issuer": (
        "emergency/unified/provider.py",
        '"iss": {"essential": True, "value": settings.OIDC_ISSUER}',
        '"iss": {}',
        f"{UNIFIED}a_token_that_proves_something_else_lets_nobody_in",
    ),
    "unified: the token is for this client": (
        "emergency/unified/provider.py",
        '"aud": {"essential": True, "value": settings.OIDC_CLIENT}',
        '"aud": {}',
        f"{UNIFIED}a_token_that_proves_something_else_lets_nobody_in",
    ),
    "unified: nothing in the clear": (
        "emergency/unified/provider.py",
        'if parts.scheme != "https" and not (parts.scheme == "http" and own):',
        "if False:",
        f"{UNIFIED}nothing_is_sent_in_the_clear",
    ),
    "unified: an identity that is nobody's opens nothing": (
        "emergency/views/unified.py",
        "    if officer is None:",
        "    officer = officer or Officer.objects.get(username=who.name)\n    if officer is None:",
        f"{UNIFIED}nobody_is_made_an_officer_by_it_and_no_name_opens_an_account",
    ),
    "unified: who has just proven who they are": (
        "emergency/unified/provider.py",
        "    if is_old:",
        "    if False:",
        f"{UNIFIED}a_token_that_proves_something_else_lets_nobody_in",
    ),
    "unified: a provider that is away is left alone for a while": (
        "emergency/unified/provider.py",
        "if time.monotonic() < _away_until:",
        "if False:",
        f"{UNIFIED}a_provider_that_is_slow_holds_up_nobody_else",
    ),
    "unified: the second factor is asked here where it was not there": (
        "emergency/views/unified.py",
        "if is_asked(officer) and not who.factor:",
        "if False:",
        f"{UNIFIED}the_second_factor_counts_where_the_provider_asked_for_one_and_is_asked_here_else",
    ),
    "unified: it leads to no foreign address": (
        "emergency/views/unified.py",
        '"target": target if own else ""',
        '"target": target',
        f"{UNIFIED}it_leads_to_no_foreign_address",
    ),
    "explainer: others ask about what they see alone": (
        "emergency/views/why.py",
        "        if all_of_them or view_of(asker, one) >= View.PUBLIC:",
        "        if True:",
        f"{WHY}others_ask_about_what_they_see_alone",
    ),
    "explainer: administrators are told that they see nothing": (
        "emergency/explaining.py",
        "    if officer.role in ADMINS:",
        "    if False:",
        f"{WHY}a_ground_gives_sight_exactly_where_the_door_does",
    ),
    "factor: a present one is asked before another is set up": (
        "emergency/forms_factor.py",
        'elif "present" in given and not use(',
        'elif "present" in given and False and not use(',
        f"{FACTOR}it_is_set_up_renewed_and_removed_on_the_account_page_with_the_password",
    ),
    "factor: a secret is offered to who was shown it": (
        "emergency/views/factor.py",
        "if of == officer.pk else None",
        "if True else None",
        f"{FACTOR}a_secret_that_somebody_else_was_shown_in_this_browser_is_not_offered_again",
    ),
    "factor: a secret is sealed anew": (
        "emergency/factor/services.py",
        '"secret": codes.sealed(secret)}  # by',
        '"secret": factor.secret}  # by',
        f"{CODES}a_secret_is_sealed_anew_when_it_is_used",
    ),
    "explainer: others ask of their own organisations": (
        "emergency/views/why.py",
        '    if may(asker, "rights.audit"):\n        return found',
        "    if True:\n        return found",
        f"{WHY}who_is_no_administrator_asks_of_the_own_organisations_alone",
    ),
}
