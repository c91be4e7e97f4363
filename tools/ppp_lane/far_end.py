"""A far end of a modem line with as much PPP as it takes to stall, or to refuse with a code of MS-CHAP.

pppd plays the far ends that behave. This one answers LCP and then does what its `manner` says:

stall-login    asks for CHAP, and never says more
stall-address  takes any password, and never answers IPCP
terminate      ends the link as soon as LCP is up
E=648          refuses the login with this code of MS-CHAPv2 (any code)
"""

from __future__ import annotations

from collections.abc import Callable

LCP, CHAP, IPCP = 0xC021, 0xC223, 0x8021
REQUEST, ACK, NAK, REJECT, TERMINATE, TERMINATED = 1, 2, 3, 4, 5, 6
ECHO, ECHO_REPLY = 9, 10
CHALLENGE, RESPONSE, SUCCESS, FAILURE = 1, 2, 3, 4
AUTHENTICATION, MAGIC = 3, 5
FLAG, ESCAPE = 0x7E, 0x7D


def checksum(data: bytes) -> int:
    """The 16-bit FCS of RFC 1662."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x8408 if value & 1 else 0)
    return value ^ 0xFFFF


def framed(protocol: int, packet: bytes) -> bytes:
    frame = b"\xff\x03" + protocol.to_bytes(2, "big") + packet
    frame += checksum(frame).to_bytes(2, "little")
    escaped = bytearray([FLAG])
    for byte in frame:
        escaped += bytes([ESCAPE, byte ^ 0x20]) if byte < 0x20 or byte in (FLAG, ESCAPE) else bytes([byte])
    escaped.append(FLAG)
    return bytes(escaped)


def unescaped(data: bytes) -> bytes:
    parts = data.split(bytes([ESCAPE]))
    return parts[0] + b"".join(bytes([part[0] ^ 0x20]) + part[1:] for part in parts[1:] if part)


def packet(code: int, identifier: int, data: bytes) -> bytes:
    return bytes([code, identifier]) + (len(data) + 4).to_bytes(2, "big") + data


class FarEnd:
    """One call. `send` writes to the line; `received` is fed with what comes from it."""

    def __init__(self, manner: str, send: Callable[[bytes], None]) -> None:
        self.manner = manner
        self.send = send
        self.waiting = b""
        self.up = {"here": False, "there": False}
        md5, ms_chap_v2 = b"\x05", b"\x81"
        method = ms_chap_v2 if manner.startswith("E=") else md5
        options = bytes([MAGIC, 6]) + b"\x12\x34\x56\x78"
        if manner != "terminate":
            options = bytes([AUTHENTICATION, 5]) + CHAP.to_bytes(2, "big") + method + options
        self.request = packet(REQUEST, 1, options)

    def received(self, data: bytes) -> None:
        self.waiting += data
        *frames, self.waiting = self.waiting.split(bytes([FLAG]))
        for frame in map(unescaped, frames):
            if len(frame) > 8:
                body = frame[2:-2] if frame.startswith(b"\xff\x03") else frame[:-2]
                self.packet(int.from_bytes(body[:2], "big"), body[2], body[3], body[6:])

    def packet(self, protocol: int, code: int, identifier: int, data: bytes) -> None:
        if protocol == LCP:
            self.lcp(code, identifier, data)
        elif protocol == CHAP and code == RESPONSE and self.manner.startswith("E="):
            self.send(framed(CHAP, packet(FAILURE, identifier, self.failure())))
        elif protocol == CHAP and code == RESPONSE and self.manner == "stall-address":
            self.send(framed(CHAP, packet(SUCCESS, identifier, b"welcome")))

    def failure(self) -> bytes:
        return f"{self.manner} R=0 C={'00' * 16} V=3 M=far end".encode()

    def lcp(self, code: int, identifier: int, data: bytes) -> None:
        if code == REQUEST:
            self.send(framed(LCP, packet(ACK, identifier, data)))
            if not self.up["there"]:
                self.send(framed(LCP, self.request))
            self.up["there"] = True
        elif code == ACK:
            self.up["here"] = True
        elif code == ECHO:
            self.send(framed(LCP, packet(ECHO_REPLY, identifier, b"\x12\x34\x56\x78")))
        elif code == TERMINATE:
            self.send(framed(LCP, packet(TERMINATED, identifier, b"")))
        if all(self.up.values()) and code in (REQUEST, ACK):
            self.opened()

    def opened(self) -> None:
        if self.manner == "terminate":
            self.send(framed(LCP, packet(TERMINATE, 2, b"not today")))
        else:
            self.send(framed(CHAP, packet(CHALLENGE, 1, b"\x10" + bytes(range(16)) + b"far end")))
