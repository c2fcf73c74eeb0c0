"""The child: `python -m emergency.documents.child`, confined before it looks at the template on its
stdin, which is a line of JSON (`{said, mark, author, picture}`, `picture` its length in bytes), the
picture, and the template.

Owns: how tags become words. Promises: stdout is one line of JSON (`{}` or `{code, detail}`) and
then the document; a tag reaches keys of what is said and nothing else, and calls nothing; what
would run, load or ask when the document is opened is refused, in the template and in what comes of
it; 演练 stands in the head of every page where `mark` says so. Must not know: Django, which kinds
there are, in which words a refusal is told (render.py).
"""

import io
import json
import re
import sys
import zipfile
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gis.importer.confine import lock
from gis.importer.limits import MIB, Limits, Refused

LIMITS = Limits(memory_bytes=512 * MIB, cpu_seconds=20, wall_seconds=30, result_bytes=0)
UNPACKED, PARTS = 64 * MIB, 500
ACTIVE = re.compile(r"vbaProject|activeX|/embeddings/", re.I)  # names of parts
RELATIONS = frozenset(  # the last word of the type of each relation that a document may have
    "officeDocument core-properties extended-properties custom-properties thumbnail styles "
    "stylesWithEffects settings webSettings numbering fontTable theme header footer footnotes "
    "endnotes comments people image hyperlink customXml customXmlProps glossaryDocument".split()
)
FIELDS = frozenset(  # what a field may be: nothing that loads, asks or runs
    "PAGE NUMPAGES SECTIONPAGES SECTION DATE TIME STYLEREF TOC SEQ REF PAGEREF HYPERLINK".split()
)
WIDTH = Mm(150)
FILTERS = "e escape default join length replace trim upper lower first last round int".split()
PROPERTIES = "author comments identifier language subject title".split()
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


def _refuse_active(document: bytes) -> None:
    """Refuse what is no .docx, unpacks to too much, or holds what acts on its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(document)) as archive:
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
                    _refuse_relations(archive.read(name), name)
                elif name.startswith("word/") and name.endswith(".xml"):
                    _refuse_fields(archive.read(name))
    except zipfile.BadZipFile as error:
        raise Refused("unknown") from error
    except (Refused, MemoryError):
        raise
    except Exception as error:  # whatever a broken part makes the libraries raise
        raise Refused("damaged") from error


def _refuse_relations(part: bytes, name: str) -> None:
    for one in parse_xml(part):
        kind = one.get("Type", "").rpartition("/")[2]
        outside = one.get("TargetMode") == "External" and kind != "hyperlink"
        if outside or kind not in RELATIONS:
            raise Refused("active", f"{kind} {name}")


def _refuse_fields(part: bytes) -> None:
    """Look at the code of every field, also where it is in pieces or in another."""
    codes: list[str] = []  # of the fields that are open
    for one in parse_xml(part).iter():
        if one.tag == qn("w:fldSimple"):
            _require_field(one.get(qn("w:instr"), ""))
        elif one.tag in (qn("w:instrText"), qn("w:delInstrText")):
            codes[-1:] = [codes[-1] + (one.text or "")] if codes else [one.text or ""]
        elif one.tag == qn("w:fldChar"):
            kind = one.get(qn("w:fldCharType"))
            if kind == "begin":
                codes.append("")
            elif codes and kind == "separate":
                _require_field(codes[-1])
            elif codes and kind == "end":
                _require_field(codes.pop())
    for code in codes:  # that never end
        _require_field(code)


def _require_field(code: str) -> None:
    first, *_rest = code.split() or [""]
    if first.upper() not in FIELDS:
        raise Refused("active", first[:80])


class Sketch:
    """The picture, as a tag reaches it: it stands where the tag is, and has nothing else."""

    def __init__(self, image: Any):
        self.__image = image

    def __html__(self) -> str:
        return str(self.__image)

    __str__ = __html__


class Tags(ImmutableSandboxedEnvironment):
    """Reaches keys of what is said and the place in a loop; calls nothing."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return isinstance(obj, LoopContext) and not attr.startswith("_")

    def is_safe_callable(self, _obj: Any) -> bool:
        return False


def _made(template: bytes, asked: dict[str, Any], picture: bytes) -> bytes:
    """The document. Raises Refused with the tag that cannot be."""
    said = _clean(asked["said"])
    tags = Tags(autoescape=True, undefined=StrictUndefined)
    tags.globals.clear()
    tags.filters = {name: tags.filters[name] for name in FILTERS}
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.init_docx()
        for name in PROPERTIES:  # which docxtpl takes for templates too
            setattr(document.docx.core_properties, name, "")
        image = InlineImage(document, io.BytesIO(picture), width=WIDTH) if picture else None
        said["picture"] = Sketch(image) if image else ""
        document.render(said, tags, autoescape=True)
        _finish(document.docx, asked | {"title": said["title"][:255]})
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
    _refuse_active(out.getvalue())  # tags may have put something together
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
    core.title = asked["title"]
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
