"""Templates compile, obey the content policy, and no page asks another host for anything.

Owns the patterns that the strict Content-Security-Policy would block in a browser, and those of
files from elsewhere: the network that nodes run in is closed. Promises one line per finding and
exit code 1 then. Links that a person follows by hand (`<a href>`) are allowed.
"""

import re
import sys
from pathlib import Path

import django
from django.conf import settings
from django.template import TemplateSyntaxError, engines

from scripts.check_files import ROOT, project_files

TEMPLATE_RULES = {
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*application/json)", re.I),
    "inline event handler": re.compile(r"<[^>]*?\son[a-z]+\s*=", re.I),
    "style attribute": re.compile(r"<[^>]*?\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
}
FOREIGN = re.compile(r"""(?:https?:)?//[\w-]+\.[\w.-]+""")
NAMESPACE = re.compile(r"http://www\.w3\.org/")  # a name, never fetched
FOLLOWED_BY_HAND = re.compile(r"<a\b[^>]*>", re.I)
COMMENTS = {
    ".html": re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.S),
    ".js": re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.S),
    ".css": re.compile(r"/\*.*?\*/", re.S),
}


def findings(name: str, source: str) -> list[str]:
    """What breaks a rule in one template, script or style sheet."""
    kind = Path(name).suffix
    bare = _blanked(COMMENTS[kind], source) if kind in COMMENTS else source
    rules = TEMPLATE_RULES if kind == ".html" else {}
    found = [
        (match.start(), rule) for rule, pattern in rules.items() for match in pattern.finditer(bare)
    ]
    fetched = _blanked(NAMESPACE, _blanked(FOLLOWED_BY_HAND, bare))
    found += [(match.start(), f"another host: {match[0]}") for match in FOREIGN.finditer(fetched)]
    return [f"{name}:{source.count(chr(10), 0, at) + 1}: {rule}" for at, rule in sorted(found)]


def _blanked(pattern: re.Pattern[str], source: str) -> str:
    """The source with matches blanked out, so that positions stay."""
    return pattern.sub(lambda match: re.sub(r"\S", " ", match[0]), source)


def syntax_errors() -> list[str]:
    """Templates that Django's engine refuses."""
    engine = engines["django"]
    found = []
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for path in sorted(Path(folder).rglob("*.html")):
            try:
                engine.get_template(path.relative_to(folder).as_posix())
            except TemplateSyntaxError as error:
                found.append(f"{path.relative_to(ROOT)}: {error}")
    return found


def main() -> int:
    """Check all templates and static files; 0 when nothing is found."""
    django.setup()
    found = syntax_errors()
    for name in project_files("templates/*", "static/*"):
        if Path(name).suffix in (".html", ".js", ".css", ".svg"):
            found += findings(name, (ROOT / name).read_text(encoding="utf-8"))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
