"""WebSocket framing, as little as a generator of load needs.

Owns: the opening handshake, frames of a client, splitting a server's frames. Promises: text
frames in one piece only, which is what the servers under test send; anything else raises. Must
not know: what frames say.
"""

import base64
import os
import socket
import struct

UNMASKED = b"\x00\x00\x00\x00"  # a mask of zeros is legal and leaves the text as it is
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


def client_frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """One frame from a client."""
    size = len(payload)
    head = bytes([0x80 | opcode])
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 65536:
        head += bytes([0x80 | 126]) + struct.pack("!H", size)
    else:
        head += bytes([0x80 | 127]) + struct.pack("!Q", size)
    return head + UNMASKED + payload


def next_frame(data: bytes, start: int) -> tuple[int, int, int] | None:
    """Opcode, begin and end of the payload that starts here; None while it is incomplete."""
    left = len(data) - start
    if left < 2:
        return None
    first, size = data[start], data[start + 1]
    if not first & 0x80 or size & 0x80:
        raise ValueError("a frame in pieces, or masked by a server")
    begin = start + 2
    if size == 126:
        if left < 4:
            return None
        size, begin = int.from_bytes(data[begin : begin + 2], "big"), begin + 2
    elif size == 127:
        if left < 10:
            return None
        size, begin = int.from_bytes(data[begin : begin + 8], "big"), begin + 8
    end = begin + size
    return (first & 0x0F, begin, end) if end <= len(data) else None


def connect(
    port: int, path: str, *, token: str = "", receive_buffer: int = 0
) -> tuple[socket.socket, bytes]:
    """A socket after the handshake, and what came behind it."""
    wire = socket.socket()
    if receive_buffer:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    wire.settimeout(60)
    wire.connect(("127.0.0.1", port))
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
    ]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    wire.sendall("\r\n".join([*lines, "", ""]).encode())
    data = b""
    while b"\r\n\r\n" not in data:
        more = wire.recv(65536)
        if not more:
            raise ConnectionError(f"closed during the handshake: {data[:200]!r}")
        data += more
    head, _blank, rest = data.partition(b"\r\n\r\n")
    if b" 101 " not in head.partition(b"\r\n")[0]:
        raise ConnectionError(head[:200].decode(errors="replace"))
    return wire, rest
