"""`python check_archive.py FILE [--key ID]`: is an archive package of an incident as it was sealed?

Owns: the check, with the standard library and `cryptography` alone; it needs no node and imports
nothing of the platform. Promises: every file is in the list and is what the list says, the list is
sealed, every row of the log has the signature of the key that its header names and parts that match
their digests, documents and attachments are those that the log names; the exit code is 1 when
anything differs. Whose the sealing key is, is for who checks to say: compare its number with the
one that the node shows, or give it with --key. Must not know: Django, the database.
"""

import argparse
import base64
import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SEAL = b"belltower archive\n"
LIST, SIGNED = "SHA256SUMS", "SHA256SUMS.sig"
UNPACKED = 8 * 1024**3


class Bad(Exception):
    """What differs."""


def signed(public: str, signature: str, message: bytes) -> bool:
    """Does the signature belong to these bytes?"""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def name_of(public: str) -> str:
    """The number of a key, made of the key itself."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:32]


def check_seal(package: zipfile.ZipFile, wanted: str) -> dict[str, Any]:
    """The seal. Raises Bad."""
    outer = json.loads(package.read(SIGNED))
    seal = json.loads(outer["seal"])
    if name_of(seal["public"]) != seal["key"]:
        raise Bad("the key of the seal is not the one it names")
    if not signed(seal["public"], outer["signature"], SEAL + outer["seal"].encode()):
        raise Bad("the seal is not signed by its key")
    if hashlib.sha256(package.read(LIST)).hexdigest() != seal["list"]:
        raise Bad(f"{LIST} is not the one that was sealed")
    if wanted and seal["key"] != wanted:
        raise Bad(f"sealed with the key {seal['key']}, not {wanted}")
    return seal


def check_files(package: zipfile.ZipFile) -> dict[str, str]:
    """Name of every file to its hash. Raises Bad."""
    names = package.namelist()
    if len(names) != len(set(names)):
        raise Bad("a file is in it twice")
    if sum(one.file_size for one in package.infolist()) > UNPACKED:
        raise Bad("it unpacks to too much")
    listed = {}
    for line in package.read(LIST).decode().splitlines():
        digest, _blanks, name = line.partition("  ")
        listed[name] = digest
    if other := set(names) - {LIST, SIGNED} ^ listed.keys():
        raise Bad(f"in the package or the list alone: {', '.join(sorted(other))}")
    for name, digest in listed.items():
        with package.open(name) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise Bad(f"{name} was changed")
    return listed


def rows(package: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    """Rows of the log, as they stand in the package."""
    with package.open("log.jsonl") as file:
        for line in file:
            yield json.loads(line)


def check_log(package: zipfile.ZipFile) -> tuple[int, dict[str, str], list[dict[str, Any]]]:
    """How many rows, name of each file that they name to its hash, the revisions of the incident.
    Raises Bad."""
    keys = {one["id"]: one for one in json.loads(package.read("keys.json"))}
    for one in keys.values():
        if name_of(one["public"]) != one["id"]:
            raise Bad(f"the key {one['id']} is not the one it names")
    last, count, named, revisions = 0, 0, {}, []
    for row in rows(package):
        where = f"row {row['position']} of the log"
        if row["position"] <= last:
            raise Bad(f"{where} is out of its place")
        header_bytes, key = base64.b64decode(row["header"]), keys.get(row["key"])
        if key is None or not signed(key["public"], row["signature"], header_bytes):
            raise Bad(f"{where}: the signature does not belong to it")
        header = json.loads(header_bytes)
        if header["source"] != key["node"]:
            raise Bad(f"{where} was signed with the key of another node")
        bodies = {}
        for name, part in row["parts"].items():
            body = base64.b64decode(part["body"])
            digest = hashlib.sha256(bytes.fromhex(part["salt"]) + body).hexdigest()
            if header["parts"].get(name) != digest:
                raise Bad(f"{where}: its {name} part was changed")
            bodies[name] = json.loads(body)
        for blob in header["blobs"]:
            named[f"attachments/{blob['sha256']}"] = blob["sha256"]
        if header["type"] == "document.issued":
            said = bodies["public"]
            number = said["shown_number"].replace("/", "-")
            named[f"documents/{number} {said['sha256'][:12]}.docx"] = said["sha256"]
        if header["subject"].startswith("incident/"):
            revisions.append(bodies.get("public", {}))
        last, count = row["position"], count + 1
    return count, named, revisions


def check_named(package: zipfile.ZipFile, listed: dict[str, str], named: dict[str, str]) -> int:
    """How many files the log names and the package lacks, openly. Raises Bad."""
    said = package.read("missing.txt").decode()
    lacking = 0
    for name, digest in named.items():
        if listed.get(name) == digest:
            continue
        if name in listed or digest not in said:
            raise Bad(f"{name} is not the file that the log names")
        lacking += 1
    kept = {name for name in listed if name.startswith(("attachments/", "documents/"))}
    if other := kept - named.keys():
        raise Bad(f"the log does not name {', '.join(sorted(other))}")
    return lacking


def check_incident(package: zipfile.ZipFile, revisions: list[dict[str, Any]]) -> None:
    """Raise Bad where the incident says what no row of the log says."""
    told = json.loads(package.read("incident.json"))
    same = ("id", "rev", "home", "number", "title", "state", "summary", "grade")
    if not any(all(one.get(name) == told[name] for name in same) for one in revisions):
        raise Bad("incident.json says what no row of the log says")


def check(path: str, wanted: str = "") -> str:
    """What was found, in one line. Raises Bad."""
    try:
        with zipfile.ZipFile(path) as package:
            listed = check_files(package)
            seal = check_seal(package, wanted)
            count, named, revisions = check_log(package)
            lacking = check_named(package, listed, named)
            check_incident(package, revisions)
    except Bad:
        raise
    except Exception as error:  # whatever a package that was changed makes the libraries raise
        raise Bad(f"it cannot be read: {type(error).__name__} {error}") from error
    return (
        f"{seal['incident']} of {seal['node']}, sealed {seal['made_at']} with the key "
        f"{seal['key']}: {len(listed)} files and {count} rows of the log are as they were; "
        f"{lacking} files were not on the node"
    )


def main() -> int:
    """Check one package and say so."""
    parser = argparse.ArgumentParser(description="Is an archive package as it was sealed?")
    parser.add_argument("file")
    parser.add_argument("--key", default="", help="the number of the key that must have sealed it")
    given = parser.parse_args()
    try:
        print(f"ok  {check(given.file, given.key)}")
    except Bad as bad:
        print(f"BAD {bad}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
