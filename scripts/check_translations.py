"""Every text a user can see has its Chinese, and the Chinese has the same placeholders.

Owns how texts are found: Python by Babel's extractor, templates turned into calls by Django's
`templatize`, JavaScript by Babel's extractor. Promises one line per text that is missing, empty,
fuzzy, unused or has other placeholders, and exit code 1 then. `--update` adds what is missing to
the catalogue with an empty translation and removes nothing. Must not know what a text means.
"""

import io
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from scripts.check_files import ROOT, project_files

CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
OUTSIDE = {"tests", "bench", "scripts", "docs"}  # no user reads these
SINGLE, PLURAL, CONTEXT, CONTEXT_PLURAL = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": SINGLE,
    "gettext": SINGLE,
    "gettext_lazy": SINGLE,
    "gettext_noop": SINGLE,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT,
    "pgettext_lazy": CONTEXT,
    "npgettext": CONTEXT_PLURAL,
    "npgettext_lazy": CONTEXT_PLURAL,
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def texts_in(name: str, source: str) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """Line, message id and context of each text in one file."""
    method = "python" if name.endswith(".py") else "javascript"
    if name.endswith((".html", ".txt")):
        source = templatize(source, origin=name)
    found = extract(method, io.BytesIO(source.encode()), keywords=KEYWORDS)
    for line, text, _comments, context in found:
        if text:
            yield line, text, context


def used_texts(root: Path, files: Iterable[str]) -> Catalog:
    """All texts of these files, each with the places that use it."""
    used = Catalog(locale="zh_Hans")
    for name in files:
        if Path(name).parts[0] not in OUTSIDE:
            source = (root / name).read_text(encoding="utf-8")
            for line, text, context in texts_in(name, source):
                used.add(text, locations=[(name, line)], context=context)
    return used


def complaints(used: Catalog, catalogue: Catalog) -> list[str]:
    """What is wrong between the texts in use and their translations."""
    found = []
    for message in _messages(used):
        where = ":".join(str(part) for part in message.locations[0])
        known = catalogue.get(message.id, message.context)
        if known is None or known.id != message.id:
            found.append(f"{where}: not in the catalogue: {message.id!r}")
        elif known.fuzzy:
            found.append(f"{where}: fuzzy: {message.id!r}")
        elif not all(_words(known.string)):
            found.append(f"{where}: not translated: {message.id!r}")
        elif any(_placeholders(word) != _wanted(known) for word in _words(known.string)):
            found.append(f"{where}: other placeholders: {message.id!r} -> {known.string!r}")
    for known in _messages(catalogue):
        if used.get(known.id, known.context) is None:
            found.append(f"unused in the catalogue: {known.id!r}")
    return found


def read_catalogue() -> Catalog:
    """The Chinese catalogue, empty before the first text."""
    if not CATALOGUE.exists():
        header = "# Chinese of the interface; msgids are the English."
        return Catalog(locale="zh_Hans", header_comment=header, fuzzy=False)
    with open(CATALOGUE, "rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def update(used: Catalog, catalogue: Catalog) -> int:
    """Add the missing texts, untranslated; how many there were."""
    missing = [each for each in _messages(used) if catalogue.get(each.id, each.context) is None]
    for message in missing:
        empty = "" if isinstance(message.id, str) else ("",)  # Chinese has no plural forms
        catalogue.add(message.id, empty, context=message.context)
    return len(missing)


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _words(text: str | Iterable[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def _placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text.replace("%%", "")))


def _wanted(message: Message) -> Counter[str]:
    """Chinese has one form, so it is measured by the plural."""
    return _placeholders(_words(message.id)[-1])


def main(arguments: list[str]) -> int:
    """Check the tree, or bring the catalogue up to date; 0 when nothing is left to do."""
    patterns = ("*.py", "templates/*.html", "templates/*.txt", "static/*.js")
    used = used_texts(ROOT, project_files(*patterns))
    catalogue = read_catalogue()
    if "--update" in arguments:
        print(f"{update(used, catalogue)} texts added to {CATALOGUE.relative_to(ROOT)}")
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        with open(CATALOGUE, "wb") as file:
            write_po(file, catalogue, width=100, no_location=True, sort_output=True)
    found = complaints(used, catalogue)
    if catalogue.fuzzy:
        found.append("the catalogue's header is fuzzy: it would not be compiled")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
