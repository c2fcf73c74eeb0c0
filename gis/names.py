"""Names as people search for them: folded text, pinyin and initials.

Owns: folding (width, case, spaces) and romanisation of a list of names, and how well a word fits
a name. Promises: pure; smaller ranks are better; no rank means no match. Must not know: layers,
positions, requests.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property

from pypinyin import Style, lazy_pinyin

EXACT, PREFIX, PART, INSIDE, SOUND = range(5)
SHORTEST = 2  # characters of a name that may be found inside a longer text

_SPACES = re.compile(r"\s+")
_BREAKS = re.compile(r"[\s,，。、；;:：/|()（）\[\]【】\"'“”!！?？]+")
_LATIN = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """Plain width and case, single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def words(text: str) -> list[str]:
    """The folded text's parts, in order, each once."""
    return list(dict.fromkeys(word for word in _BREAKS.split(fold(text)) if word))


class Names:
    """The names of one layer version; romanised when a Latin word is first searched for."""

    def __init__(self, names: Sequence[str], names_en: Sequence[str]):
        self.folded = [fold(name) for name in names]
        self.english = [fold(name) for name in names_en]

    @cached_property
    def sounds(self) -> list[tuple[str, str]]:
        """Full pinyin and initials of each name; the text itself where there is no Chinese."""
        return [_sound(name) for name in self.folded]

    def search(self, word: str) -> dict[int, tuple[int, int]]:
        """Index of each name that fits the folded word, with rank and what breaks ties in it."""
        found = {}
        for i, name in enumerate(self.folded):
            if (rank := _rank(name, word)) is not None:
                found[i] = (rank, -len(name) if rank == INSIDE else len(name))
        if _LATIN.fullmatch(word) and len(word) >= SHORTEST:
            self._search_latin(word, found)
        return found

    def _search_latin(self, word: str, found: dict[int, tuple[int, int]]) -> None:
        for i, (english, sound) in enumerate(zip(self.english, self.sounds, strict=True)):
            if i in found:
                continue
            if english and word in english:
                rank = EXACT if word == english else PREFIX if english.startswith(word) else PART
            elif (rank := _sound_rank(sound, word)) is None:
                continue
            found[i] = (rank, len(self.folded[i]))


def _rank(name: str, word: str) -> int | None:
    if word in name:
        return EXACT if word == name else PREFIX if name.startswith(word) else PART
    if len(name) >= SHORTEST and name in word:
        return INSIDE
    return None


def _sound_rank(sound: tuple[str, str], word: str) -> int | None:
    full, initials = sound
    if word in (full, initials):
        return PREFIX
    if full.startswith(word) or initials.startswith(word):
        return PART
    return SOUND if len(word) > SHORTEST and (word in full or word in initials) else None


def _sound(name: str) -> tuple[str, str]:
    full = lazy_pinyin(name)
    initials = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(full).replace(" ", ""), "".join(initials).replace(" ", "")
