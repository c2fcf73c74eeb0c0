"""The guards of documents, templates and archive packages, in the shape of `GUARDS`.

Owns: the table. Promises: as test_guards.py.
"""

SERVICES, SELECTORS = "emergency/documents/services.py", "emergency/documents/selectors.py"
SOURCES, CHILD = "emergency/documents/sources.py", "emergency/documents/child.py"
PACK, CHECK = "emergency/archive/services.py", "scripts/check_archive.py"
TESTS = "tests/emergency/test_documents.py::test_"
MADE_OF = "tests/emergency/test_document_sources.py::test_"
FORMS = "tests/emergency/test_document_templates.py::test_"
PAGES = "tests/emergency/test_pages_documents.py::test_"
ARCHIVE = "tests/emergency/test_archive.py::test_"

DOCUMENT_GUARDS = {
    "documents: a number is not taken twice": (
        SERVICES,
        "if series.last + 1 != row.number or Document.objects.filter(pk=row.pk).exists():",
        "if False:",
        f"{TESTS}who_is_faster_takes_the_number_and_the_other_the_next",
    ),
    "documents: the number goes back with what failed": (
        SERVICES,
        "    with transaction.atomic():\n        series = lock_series(",
        "    lock_series(realm=row.realm, kind=_series(row), at=row.recorded_at)\n"
        "    NumberSeries.objects.filter(kind=_series(row)).update(last=row.number)\n"
        "    with transaction.atomic():\n        series = lock_series(",
        f"{TESTS}a_number_is_given_with_the_document_or_not_at_all",
    ),
    "documents: only what this node's own people wrote": (
        SOURCES,
        " or not ours(getattr(found, by), officer):",
        ":",
        f"{TESTS}what_a_colleague_of_another_organisation_signed_is_not_issued_as_ones_own",
    ),
    "documents: nothing of others but the number": (
        SOURCES,
        '        "incident_title": incident.title if own_one else "",',
        '        "incident_title": incident.title,',
        f"{MADE_OF}of_incidents_of_other_nodes_a_document_keeps_the_number_alone",
    ),
    "documents: by who may": (
        SOURCES,
        '    require(officer, "document.issue")\n    require(officer, verb)\n',
        "",
        f"{TESTS}who_has_no_right_issues_and_reads_nothing",
    ),
    "documents: read by the own organisation": (
        SELECTORS,
        "Document.objects.filter(organisation=officer.organisation_id, kind__in=kinds)",
        "Document.objects.filter(kind__in=kinds)",
        f"{TESTS}it_is_read_by_its_own_organisation_while_its_incident_may_be_seen",
    ),
    "documents: read while the incident may be seen": (
        SELECTORS,
        "    return mine.filter(allowed)",
        "    return mine",
        f"{TESTS}it_is_read_by_its_own_organisation_while_its_incident_may_be_seen",
    ),
    "documents: a changed file is noticed": (
        SELECTORS,
        "    elif hashlib.sha256(content).hexdigest() != one.sha256:\n        found.append",
        "    elif False:\n        found.append",
        f"{TESTS}its_hash_stands_in_the_log_and_tells_a_file_that_was_changed",
    ),
    "documents: a changed row is noticed": (
        SELECTORS,
        "    elif orjson.loads(bytes(told.public)) != events.document_data(one):",
        "    elif False:",
        f"{TESTS}a_row_that_was_changed_by_hand_differs_from_the_log",
    ),
    "documents: a changed file is not handed out": (
        "emergency/views/documents.py",
        '    if {"gone", "file"} & set(selectors.faults(one)):\n        raise NotFound\n',
        "",
        f"{PAGES}a_file_that_was_changed_is_said_to_be_and_not_handed_out",
    ),
    "documents: a number form holds its places alone": (
        "emergency/forms_documents.py",
        'if said.count("{n}") != 1 or set(PLACE.findall(said)) - {"{n}", "{year}"}:',
        "if False:",
        f"{PAGES}how_a_number_is_written_is_the_offices",
    ),
    "templates: a tag reaches what is said alone": (
        CHILD,
        '        return isinstance(obj, LoopContext) and not attr.startswith("_")\n',
        "        return True\n",
        f"{FORMS}a_tag_reaches_nothing_but_what_is_said",
    ),
    "templates: a tag calls nothing": (
        CHILD,
        '        return isinstance(obj, LoopContext) and not attr.startswith("_")\n\n'
        "    def is_safe_callable(self, _obj: Any) -> bool:\n        return False\n",
        '        return not attr.startswith("_")\n\n'
        "    def is_safe_callable(self, _obj: Any) -> bool:\n        return True\n",
        f"{FORMS}a_tag_reaches_nothing_but_what_is_said",
    ),
    "templates: the picture has nothing that a tag reaches": (
        CHILD,
        'said["picture"] = Sketch(image) if image else ""',
        'said["picture"] = image or ""; Tags.is_safe_attribute = lambda *_: True',
        f"{FORMS}a_tag_reaches_nothing_but_what_is_said",
    ),
    "templates: what acts on its own is refused": (
        CHILD,
        "        if outside or kind not in RELATIONS:\n",
        "        if False:\n",
        f"{FORMS}what_acts_on_its_own_is_refused",
    ),
    "templates: a field that loads something is refused": (
        CHILD,
        "    if first.upper() not in FIELDS:\n",
        "    if False:\n",
        f"{FORMS}a_field_that_loads_or_runs_something_is_refused_also_in_pieces",
    ),
    "templates: what comes of it is looked at too": (
        CHILD,
        "    _refuse_active(out.getvalue())  # tags may have put something together\n",
        "",
        f"{FORMS}a_field_that_words_put_together_is_refused_in_what_comes_of_them",
    ),
    "templates: an unknown tag is no blank": (
        CHILD,
        "    tags = Tags(autoescape=True, undefined=StrictUndefined)\n",
        "    tags = Tags(autoescape=True, undefined=__import__('jinja2').ChainableUndefined)\n",
        f"{FORMS}a_tag_that_is_broken_or_unknown_is_named",
    ),
    "templates: words are words": (
        CHILD,
        "document.render(said, tags, autoescape=True)",
        "tags.autoescape = False; document.render(said, tags)",
        f"{FORMS}any_words_stand_there_as_they_were_written",
    ),
    "templates: an exercise says so": (
        CHILD,
        '    if not asked["mark"]:\n        return\n',
        "    return\n",
        f"{FORMS}of_an_exercise_it_says_so_whatever_the_template_says",
    ),
    "templates: by who may change tables": (
        SERVICES,
        '    require(actor, "table.edit")\n    if kind not in MAKERS:\n        raise NotFound\n'
        "    content = file",
        "    if kind not in MAKERS:\n        raise NotFound\n    content = file",
        f"{FORMS}who_may_not_change_tables_puts_nothing_in_force",
    ),
    "templates: a changed file is not used": (
        SELECTORS,
        "    if content is None or hashlib.sha256(content).hexdigest() != one.sha256:",
        "    if content is None:",
        f"{FORMS}a_template_whose_file_was_changed_is_not_used",
    ),
    "documents: a special bulletin of one's own incident": (
        "emergency/documents/of_reports.py",
        "found.incident, found.incident.home == settings.NODE_ID\n",
        "found.incident, True\n",
        f"{MADE_OF}a_special_bulletin_keeps_nothing_that_another_node_has_written_since",
    ),
    "documents: the hash of what it says": (
        "emergency/documents/events.py",
        '        "said": said_hash(one),\n',
        '        "said": "",\n',
        f"{TESTS}a_row_that_was_changed_by_hand_differs_from_the_log",
    ),
    "archive: what is of others is named": (
        "emergency/archive/contents.py",
        '    missing = [f"{_name(one)} {one.sha256}" for one in told.withheld]\n',
        "    missing = []\n",
        f"{ARCHIVE}a_document_of_another_organisation_is_named_and_not_in_it",
    ),
    "archive: of a closed incident": (
        PACK,
        "    if incident.state in OPEN:\n        raise WrongState\n",
        "",
        f"{ARCHIVE}only_a_closed_incident_of_this_node_is_packed_by_who_may_archive",
    ),
    "archive: of this node's own": (
        PACK,
        "    require_home(incident)\n",
        "",
        f"{ARCHIVE}only_a_closed_incident_of_this_node_is_packed_by_who_may_archive",
    ),
    "archive: by who may archive": (
        PACK,
        '    require(actor, "incident.archive", incident)\n',
        "",
        f"{ARCHIVE}only_a_closed_incident_of_this_node_is_packed_by_who_may_archive",
    ),
    "archive: the list is sealed": (
        CHECK,
        '    if hashlib.sha256(package.read(LIST)).hexdigest() != seal["list"]:',
        "    if False:",
        f"{ARCHIVE}a_new_list_of_hashes_breaks_the_seal",
    ),
    "archive: rows have their own signatures": (
        CHECK,
        "    if key is None or not signed(",
        "    if False and not signed(",
        f"{ARCHIVE}who_seals_anew_what_was_changed_is_found_out_by_the_rows",
    ),
    "archive: files are those that the log names": (
        CHECK,
        "            lacking = check_named(package, listed, named)\n",
        "            lacking = 0\n",
        f"{ARCHIVE}a_document_or_attachment_that_the_log_does_not_name_is_found",
    ),
    "archive: what is not here is named": (
        "emergency/archive/contents.py",
        '            missing.append(f"{name} {sha256}")\n',
        "            pass\n",
        f"{ARCHIVE}what_the_node_does_not_hold_is_named_in_it",
    ),
}
