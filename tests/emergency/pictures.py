"""Pictures and PDFs for tests, good and bad, made on the spot."""

import functools
import io
import zlib

from PIL import Image


@functools.cache
def _encoded(kind: str, size: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.effect_mandelbrot(size, (-3, -2.5, 2, 2.5), 20).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


def jpeg(size: tuple[int, int] = (32, 24), *, open: bool = False):
    """A small JPEG, as bytes or as an open file."""
    content = _encoded("JPEG", size)
    return io.BytesIO(content) if open else content


def png(size: tuple[int, int] = (32, 24)) -> bytes:
    """A small PNG."""
    return _encoded("PNG", size)


def pdf(extra: bytes = b"") -> bytes:
    """A PDF of one empty page, with whatever else is asked for."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R" + extra + b">>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


def packed(inside: bytes) -> bytes:
    """A PDF whose objects lie in a compressed stream."""
    stream = zlib.compress(b"4 0 " + inside)
    return pdf().replace(
        b"trailer",
        b"5 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%b\nendstream "
        b"endobj\ntrailer" % (len(stream), stream),
    )
