"""Templates of the office: what they may hold, and that a broken one is never in force."""

import io
import zipfile

import pytest
from docx import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from emergency.documents import render, samples, selectors, shipped
from emergency.documents.services import issue_document, reset_template, set_template
from emergency.documents.sources import MAKERS
from emergency.models import DocumentTemplate
from realtime.problems import Invalid, NotAllowed, NotFound, TooLarge
from tests import factories
from tests.emergency.pages import told
from tests.emergency.test_documents import opened, today

KIND = "dutylog"


@pytest.fixture
def office(node):
    return factories.officer("emergency_office", name="郑主任")


def written(*lines: str) -> bytes:
    """A .docx of these paragraphs."""
    word = Word()
    for line in lines:
        word.add_paragraph(line)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def put(officer, content: bytes, kind: str = KIND, **fields) -> DocumentTemplate:
    said = {"note": "换了抬头"} | fields
    return set_template(actor=officer, kind=kind, file=io.BytesIO(content), **said)


def refused(officer, content: bytes) -> str:
    with pytest.raises((Invalid, TooLarge)) as problem:
        put(officer, content)
    assert not DocumentTemplate.objects.exists()
    return str(problem.value)


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    """The same package with one part more, or another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("kind", MAKERS)
def test_the_platforms_own_templates_take_their_example(kind):
    made = render.filled(shipped.template(kind), samples.said(kind), author="局")
    text = "\n".join(line.text for line in Word(io.BytesIO(made)).paragraphs)
    assert samples.said(kind)["number"] in text and "{" not in text


def test_a_template_of_the_office_is_what_documents_are_made_from(office):
    own = ["本局抬头 {{ number }}", "{%p for row in rows %}", "{{ row.summary }}", "{%p endfor %}"]
    row = put(office, written(*own))
    assert (row.version, row.in_force) == (1, True)
    one = issue_document(actor=office, kind=KIND, of=today(), recipients="存档")
    _word, text, _rows = opened(one)
    assert text.startswith(f"本局抬头 {one.shown_number}") and one.template == row.pk
    (said,) = told("template.set")
    assert row.sha256 in bytes(said.public).decode()


def test_the_platforms_template_can_be_taken_again_and_documents_keep_theirs(office):
    row = put(office, written("{{ title }}"))
    first = issue_document(actor=office, kind=KIND, of=today(), recipients="存档")
    reset_template(actor=office, kind=KIND)
    reset_template(actor=office, kind=KIND)
    assert len(told("template.set")) == 2
    second = issue_document(actor=office, kind=KIND, of=today(), recipients="存档")
    assert (first.template, second.template) == (row.pk, None)
    assert opened(first)[1] != opened(second)[1]
    assert put(office, written("{{ title }}")).version == 2
    assert DocumentTemplate.objects.filter(in_force=True).count() == 1


def test_a_tag_that_is_broken_or_unknown_is_named(office):
    assert "nomber" in refused(office, written("{{ nomber }}"))
    assert "endfor" in refused(office, written("抬头", "{% for row in rows %}", "{{ row.time }}"))
    rows = written("{%p for row in rows %}", "{{ row.tiem }}", "{%p endfor %}")
    assert "tiem" in refused(office, rows)
    refused(office, written("{{ number "))
    refused(office, written("{{ title + 1 }}"))


@pytest.mark.parametrize(
    "tag",
    [
        "{{ title.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ title.upper() }}",
        "{{ rows.append(1) }}",
        "{{ (title|attr('format')) }}",
        "{{ picture.tpl.write_xml('/tmp/written') }}",
        "{{ picture.tpl }}",
        "{{ picture._Sketch__image.tpl }}",
        "{{ picture.__init__.__globals__ }}",
        "{{ picture|attr('tpl') }}",
        "{% for one in rows %}{{ loop.__init__ }}{% endfor %}",
        "{% for one in rows %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    ],
)
def test_a_tag_reaches_nothing_but_what_is_said(office, tag):
    message = refused(office, written(tag))
    assert "模板不允许" in message or "没有这个标签" in message or "标签有误" in message, message


@pytest.mark.parametrize("tag", ["{{ title.upper() }}", "{{ title.__class__ }}"])
def test_what_is_there_and_not_to_be_reached_is_called_so(office, tag):
    assert "模板不允许" in refused(office, written(tag))


@pytest.mark.parametrize(
    "tag", ["{% include '/etc/passwd' %}", "{% import 'os' as os %}{{ os }}", "{{ title|safe }}"]
)
def test_nothing_is_loaded_and_nothing_stands_there_unescaped(office, tag):
    assert refused(office, written(tag))


def with_field(code: str, pieces: int = 1) -> bytes:
    """A document with a field, its code in so many pieces."""
    word = Word()
    line = word.add_paragraph("{{ title }}")
    size = -(-len(code) // pieces)
    parts = [code[at : at + size] for at in range(0, len(code), size)]
    runs = ['<w:fldChar w:fldCharType="begin"/>']
    runs += [f'<w:instrText xml:space="preserve">{part}</w:instrText>' for part in parts]
    runs += ['<w:fldChar w:fldCharType="end"/>']
    for run in runs:
        line._p.append(parse_xml(f"<w:r {nsdecls('w')}>{run}</w:r>"))
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


@pytest.mark.parametrize("pieces", [1, 5])
def test_a_field_that_loads_or_runs_something_is_refused_also_in_pieces(office, pieces):
    for code in ('INCLUDEPICTURE "http://a/b.png"', "DDEAUTO c cmd", "LINK Excel.Sheet"):
        message = refused(office, with_field(code, pieces))
        assert "自动运行" in message, code
    assert put(office, with_field(" PAGE ", pieces)).in_force


def test_a_field_that_words_put_together_is_refused_in_what_comes_of_them():
    open_tag = written("{% autoescape false %}{{ title }}{% endautoescape %}")
    runs = [
        '<w:fldChar w:fldCharType="begin"/>',
        "<w:instrText>DDEAUTO c cmd</w:instrText>",
        '<w:fldChar w:fldCharType="end"/>',
    ]
    words = "</w:t></w:r>" + "".join(f"<w:r>{run}</w:r>" for run in runs) + "<w:r><w:t>"
    with pytest.raises(Invalid, match="DDEAUTO"):
        render.filled(open_tag, samples.said(KIND) | {"title": words}, author="局")


def test_a_tag_that_never_ends_is_stopped(office):
    long = "{% for a in title * 99999 %}{% for b in title * 99999 %}{{ a }}"
    assert refused(office, written(long + "{% endfor %}{% endfor %}"))


def test_what_acts_on_its_own_is_refused(office):
    plain = written("{{ title }}")
    assert "vbaProject" in refused(office, with_part(plain, "word/vbaProject.bin", b"x"))
    refused(office, with_part(plain, "word/embeddings/oleObject1.bin", b"x"))
    foreign = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId9" Target="chunk.html" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"/>'
        b"</Relationships>"
    )
    refused(office, with_part(plain, "word/_rels/other.xml.rels", foreign))
    outside = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId9" TargetMode="External" Target="file:///c:/x.dotm" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
        b"</Relationships>"
    )
    refused(office, with_part(plain, "word/_rels/settings.xml.rels", outside))


def test_what_is_no_document_is_refused(office):
    refused(office, b"")
    refused(office, b"PK\x03\x04 nothing")
    refused(office, with_part(b"PK\x05\x06" + bytes(18), "hello.txt", b"x"))
    refused(office, bytes(render.LIMIT + 1))
    refused(office, with_part(written("x"), "word/document.xml", b"<broken"))
    bomb = with_part(written("x"), "word/media/a.bin", bytes(70 * 1024 * 1024))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bomb)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for one in old.namelist():
            new.writestr(one, old.read(one))
    assert len(out.getvalue()) < render.LIMIT
    refused(office, out.getvalue())


def test_who_may_not_change_tables_puts_nothing_in_force(duty):
    with pytest.raises(NotAllowed):
        put(duty, written("{{ title }}"))
    with pytest.raises(NotAllowed):
        reset_template(actor=duty, kind=KIND)
    assert not DocumentTemplate.objects.exists()


def test_there_is_no_template_for_a_kind_that_is_not(office):
    with pytest.raises(NotFound):
        put(office, written("{{ title }}"), kind="novel")
    with pytest.raises(NotFound):
        selectors.template_content("novel", None)


def test_a_template_whose_file_was_changed_is_not_used(office):
    row = put(office, written("{{ title }}"))
    path = selectors.blobs.path_of(row.sha256)
    path.write_bytes(written("{{ title }} 换了"))
    with pytest.raises(NotFound):
        issue_document(actor=office, kind=KIND, of=today(), recipients="存档")


def test_of_an_exercise_it_says_so_whatever_the_template_says():
    content = render.filled(written("{{ title }}"), samples.said(KIND), author="局", mark="演练")
    heads = [line.text for line in Word(io.BytesIO(content)).sections[0].header.paragraphs]
    assert heads[0] == "演练"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example("<w:t>&amp; & < > \"'")
@given(st.text(max_size=60))
def test_any_words_stand_there_as_they_were_written(words):
    said = samples.said(KIND) | {"title": words}
    made = render.filled(written("[{{ title }}]"), said, author="局")
    text = "\n".join(line.text for line in Word(io.BytesIO(made)).paragraphs)
    kept = "".join(one for one in words if one in "\t\n" or one >= " ")
    kept = "".join(one for one in kept if one not in "￾￿" and not "\ud800" <= one <= "\udfff")
    assert text == f"[{kept}]"
