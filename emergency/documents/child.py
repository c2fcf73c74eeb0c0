"""The child: `python -m emergency.documents.child`, confined before it looks at the template on its
stdin, which is a line of JSON (`{said, mark, author, picture}`, `picture` its length in bytes), the
picture, and the template.

Owns: how tags become words. Promises: stdout is one line of JSON (`{}` or `{code, detail}`) and
then the document; a tag reaches what is said and nothing else; what would run, load or call out
when the document is opened is refused; 演练 stands in the head of every page where `mark` says so.
Must not know: Django, which kinds there are, in which words a refusal is told (render.py).
"""

import io
import json
import re
import sys
import zipfile
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.shared import Mm, Pt, RGBColor
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gis.importer.confine import lock
from gis.importer.limits import MIB, Limits, Refused

LIMITS = Limits(memory_bytes=512 * MIB, cpu_seconds=20, wall_seconds=30)
UNPACKED, PARTS = 64 * MIB, 500
ACTIVE = re.compile(r"vbaProject|activeX|/embeddings/|oleObject|altChunk|attachedTemplate", re.I)
LINK = "/hyperlink"  # the one relation that may lead outside
WIDTH = Mm(150)
CONTROL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # not XML


def main() -> None:
    line, _newline, rest = sys.stdin.buffer.read().partition(b"\n")
    asked = json.loads(line)
    picture, template = rest[: asked["picture"]], rest[asked["picture"] :]
    made = b""
    try:
        lock(LIMITS, in_namespace=sys.argv[1:] == ["in-namespace"])
        _refuse_active(template)
        made, about = _made(template, asked, picture), {}
    except Refused as refusal:
        about = {"code": refusal.code, "detail": refusal.detail}
    except MemoryError:
        about = {"code": "too_large", "detail": ""}
    sys.stdout.buffer.write(json.dumps(about).encode() + b"\n" + made)


def _refuse_active(template: bytes) -> None:
    """Refuse what is no .docx, unpacks to too much, or holds what acts on its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            parts = archive.infolist()
            if sum(one.file_size for one in parts) > UNPACKED or len(parts) > PARTS:
                raise Refused("too_large")
            names = [one.filename for one in parts]
            if "word/document.xml" not in names:
                raise Refused("unknown")
            if found := next((name for name in names if ACTIVE.search(name)), ""):
                raise Refused("active", found)
            for name in names:
                if name.endswith(".rels"):
                    _refuse_outside(archive.read(name), name)
    except zipfile.BadZipFile as error:
        raise Refused("unknown") from error
    except (Refused, MemoryError):
        raise
    except Exception as error:  # whatever a broken part makes the libraries raise
        raise Refused("damaged") from error


def _refuse_outside(relations: bytes, name: str) -> None:
    for one in parse_xml(relations):
        kind = one.get("Type", "")
        outside = one.get("TargetMode") == "External" and not kind.endswith(LINK)
        if outside or ACTIVE.search(kind):
            raise Refused("active", name)


def _made(template: bytes, asked: dict[str, Any], picture: bytes) -> bytes:
    """The document. Raises Refused with the tag that cannot be."""
    said = _clean(asked["said"])
    tags = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    tags.globals.clear()
    try:
        document = DocxTemplate(io.BytesIO(template))
        said["picture"] = InlineImage(document, io.BytesIO(picture), width=WIDTH) if picture else ""
        document.render(said, tags, autoescape=True)
        _finish(document.docx, asked)
        out = io.BytesIO()
        document.save(out)
    except UndefinedError as error:
        raise Refused("tag", str(error.message)) from error
    except SecurityError as error:
        raise Refused("forbidden", str(error)) from error
    except TemplateSyntaxError as error:
        raise Refused("syntax", _where(error)) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise Refused("fails", str(error)[:300]) from error
    except (Refused, MemoryError):
        raise
    except Exception as error:  # whatever a broken part makes the libraries raise
        raise Refused("damaged") from error
    return out.getvalue()


def _where(error: TemplateSyntaxError) -> str:
    """What is wrong, and the words of the document around it."""
    around = " ".join(getattr(error, "docx_context", ())).split()
    return f"{error.message} … {' '.join(around)[:200]}"


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return CONTROL.sub("", value) if isinstance(value, str) else value


def _finish(document: Any, asked: dict[str, Any]) -> None:
    """Whose it is; and that it is of an exercise, whatever the template says."""
    core = document.core_properties
    core.author = core.last_modified_by = asked["author"]
    core.comments = ""
    if not asked["mark"]:
        return
    for section in document.sections:
        heads = [section.header]
        if section.different_first_page_header_footer:
            heads.append(section.first_page_header)
        if document.settings.odd_and_even_pages_header_footer:
            heads.append(section.even_page_header)
        for head in heads:
            head.is_linked_to_previous = False
            first = head.paragraphs[0] if head.paragraphs else head.add_paragraph()
            line = first.insert_paragraph_before()
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = line.add_run(asked["mark"])
            run.bold, run.font.size, run.font.color.rgb = True, Pt(16), RGBColor(0xC1, 0x27, 0x2D)


if __name__ == "__main__":
    main()
