"""The archive package: whole, sealed, checked without a node; whatever is changed is noticed."""

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emergency.archive.services import pack_incident
from emergency.documents.services import issue_document
from emergency.errors import NotHomeNode, WrongState
from emergency.models import Document, Incident
from emergency.services.attachments import add_attachment
from emergency.services.entries import strike_entry, write_entry
from emergency.services.incidents import advance_incident
from realtime import blobs, keys
from realtime.problems import NotAllowed, NotFound
from scripts.check_archive import Bad, check
from tests import factories
from tests.emergency.pages import text, told
from tests.emergency.pictures import jpeg
from tests.emergency.test_directives import directive
from tests.emergency.test_documents import leader, made, of_weiyang, report  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
SEAL = dict.fromkeys("incident node made_at key".split(), "")


@pytest.fixture
def closed(duty, leader, made, report) -> Incident:  # noqa: F811
    """An incident that is over, with something of each kind."""
    write_entry(actor=duty, incident=made, text="=1+1 搜救队进山")
    struck = write_entry(actor=duty, incident=made, text="划去的")
    strike_entry(actor=duty, entry=struck, reason="写错")
    add_attachment(actor=duty, incident=made, name="现场.jpg", file=io.BytesIO(jpeg()))
    directive(duty, made)
    issue_document(actor=leader, kind="report", of=report, recipients="市政府")
    Incident.objects.filter(pk=made.pk).update(state="archived")
    made.refresh_from_db()
    return made


@pytest.fixture
def package(leader, closed, tmp_path) -> Path:  # noqa: F811
    return really_closed(leader, closed, tmp_path)


def really_closed(officer, incident: Incident, folder: Path) -> Path:
    """Closed by its own step, so that the log says so too."""
    Incident.objects.filter(pk=incident.pk).update(state="reported")
    incident.refresh_from_db()
    incident = advance_incident(actor=officer, incident=incident, rev=incident.rev, step="conclude")
    path = folder / "package.zip"
    path.write_bytes(pack_incident(actor=officer, incident=incident).read())
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def again(path: Path, files: dict[str, bytes]) -> Path:
    """A package of these files, as somebody might make one."""
    with zipfile.ZipFile(path, "w") as file:
        for name, content in files.items():
            file.writestr(name, content)
    return path


def with_sums(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same with a list of hashes that fits."""
    rest = {name: content for name, content in files.items() if not name.startswith("SHA256")}
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in rest.items()]
    return rest | {"SHA256SUMS": "".join(sums).encode(), "SHA256SUMS.sig": files["SHA256SUMS.sig"]}


def test_a_package_holds_everything_and_is_found_to_be_whole(package, closed, report):  # noqa: F811
    files = members(package)
    told_here = json.loads(files["incident.json"])
    assert (told_here["number"], told_here["state"]) == (closed.number, "concluded")
    assert len(told_here["reports"]) == 1 and len(told_here["directives"]) == 1
    assert sum(name.startswith("attachments/") for name in files) == 1
    assert sum(name.startswith("documents/") for name in files) == 1
    assert files["map.png"][:4] == b"\x89PNG" and files["missing.txt"] == b""
    table = list(csv.reader(io.StringIO(files["timeline.csv"].decode("utf-8-sig"))))
    assert ["时间", "记录人", "类型", "内容"] == table[0]
    assert any(row[2:] == ["记录", "'=1+1 搜救队进山"] for row in table)
    assert any(row[2:] == ["记录", "（已划去：写错）划去的"] for row in table)
    assert "2 小时内报处置情况" in files["tasks.csv"].decode()
    said = check(str(package), keys.signer().id)
    assert f"{closed.number} of xian" in said and " 0 files were not on the node" in said
    (row,) = told("incident.packed")
    public = json.loads(bytes(row.public))
    assert public["sha256"] == hashlib.sha256(package.read_bytes()).hexdigest()
    assert public["size"] == package.stat().st_size
    assert (row.audience.split(), row.relay) == (["xian"], "none")


def test_it_is_checked_by_a_program_that_knows_nothing_of_the_platform(package, tmp_path):
    alone = tmp_path / "check_archive.py"
    alone.write_bytes((ROOT / "scripts/check_archive.py").read_bytes())
    command = [sys.executable, "-I", str(alone), str(package)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout[:3]) == (0, "ok "), done.stdout + done.stderr
    done = subprocess.run(
        [*command, "--key", "0" * 32], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 1 and "not 000" in done.stdout
    files = members(package)
    folder = tmp_path / "out"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], capture_output=True, cwd=folder)
    assert done.returncode == 0, done.stderr


def test_a_file_that_was_changed_added_or_taken_out_is_named(package, tmp_path):
    files, other = members(package), tmp_path / "other.zip"
    for name in files:
        changed = files | {name: files[name].replace(b"a", b"b", 1) + b"\n0"}
        with pytest.raises(Bad):
            check(str(again(other, changed)))
        with pytest.raises(Bad):
            check(str(again(other, {one: files[one] for one in files if one != name})))
    with pytest.raises(Bad, match="alone: more"):
        check(str(again(other, files | {"more": b"x"})))


def test_a_new_list_of_hashes_breaks_the_seal(package, tmp_path):
    files = members(package)
    with pytest.raises(Bad, match="not the one that was sealed"):
        check(str(again(tmp_path / "o.zip", with_sums(files | {"missing.txt": b"x"}))))


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("log.jsonl", lambda data: b"\n".join(data.split(b"\n")[1::-1]) + b"\n", "place|names"),
        ("log.jsonl", lambda data: data.replace(b'ature": "', b'ature": "00'), "signature"),
        ("incident.json", lambda data: data.replace("沣峪口山洪".encode(), b"nothing"), "no row"),
    ],
)
def test_who_seals_anew_what_was_changed_is_found_out_by_the_rows(
    package, tmp_path, monkeypatch, name, change, says
):
    """The seal alone is not believed: rows have their own signatures."""
    files = members(package)
    monkeypatch.setattr("scripts.check_archive.check_seal", lambda *_: SEAL)
    with pytest.raises(Bad, match=says):
        check(str(again(tmp_path / "o.zip", with_sums(files | {name: change(files[name])}))))


def test_a_document_or_attachment_that_the_log_does_not_name_is_found(
    package, tmp_path, monkeypatch
):
    files = members(package)
    monkeypatch.setattr("scripts.check_archive.check_seal", lambda *_: SEAL)
    for name in [one for one in files if one.startswith(("documents/", "attachments/"))]:
        with pytest.raises(Bad, match="not the file that the log names"):
            check(str(again(tmp_path / "o.zip", with_sums(files | {name: b"other"}))))
    with pytest.raises(Bad, match="does not name"):
        check(str(again(tmp_path / "o.zip", with_sums(files | {"documents/x.docx": b"x"}))))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_a_flipped_byte_anywhere_is_noticed_or_changes_nothing(package, tmp_path, data):
    content = bytearray(package.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    other = tmp_path / "flipped.zip"
    other.write_bytes(content)
    try:
        check(str(other))
    except Bad:
        return
    assert members(other) == members(package)  # a byte of the container that says nothing


def test_what_the_node_does_not_hold_is_named_in_it(leader, closed, tmp_path):  # noqa: F811
    blobs.path_of(closed.attachments.get().sha256).unlink()
    package = really_closed(leader, closed, tmp_path)
    assert closed.attachments.get().sha256 in members(package)["missing.txt"].decode()
    assert " 1 files were not on the node" in check(str(package))


def test_only_a_closed_incident_of_this_node_is_packed_by_who_may_archive(duty, leader, closed):  # noqa: F811
    with pytest.raises(NotAllowed):
        pack_incident(actor=duty, incident=closed)
    with pytest.raises(NotFound):
        pack_incident(actor=of_weiyang(), incident=closed)
    Incident.objects.filter(pk=closed.pk).update(state="handling")
    closed.refresh_from_db()
    with pytest.raises(WrongState):
        pack_incident(actor=leader, incident=closed)
    Incident.objects.filter(pk=closed.pk).update(state="archived", home="xian-yanta")
    closed.refresh_from_db()
    with pytest.raises(NotHomeNode):
        pack_incident(actor=leader, incident=closed)
    assert not told("incident.packed")


def test_the_page_says_what_is_in_it_and_hands_it_out(leader, duty, closed, tmp_path):  # noqa: F811
    address = f"/incidents/{closed.pk}/package"
    client = factories.client(leader)
    page = text(client.get(address))
    assert "印发公文：1" in page and "姓名和电话" in page and keys.signer().id in page
    answer = client.post(address)
    assert (
        answer["Content-Type"] == "application/zip"
        and closed.number in answer["Content-Disposition"]
    )
    content = b"".join(answer.streaming_content)
    assert zipfile.is_zipfile(io.BytesIO(content))
    Incident.objects.filter(pk=closed.pk).update(state="handling")
    assert "办结后才能生成材料包" in text(client.get(address))
    assert client.post(address).status_code == 409
    assert factories.client(duty).get(address).status_code == 403


def test_a_document_of_another_organisation_is_named_and_not_in_it(leader, closed, tmp_path):  # noqa: F811
    Document.objects.update(organisation="610112")
    package = really_closed(leader, closed, tmp_path)
    files, one = members(package), Document.objects.get()
    assert not [name for name in files if name.startswith("documents/")]
    assert one.sha256 in files["missing.txt"].decode()
    assert " 1 files were not on the node" in check(str(package))
