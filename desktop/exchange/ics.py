"""An iCalendar file (RFC 5545) of all-day events, for Outlook, WPS and phones. Pure: values in, bytes out.

An entry keeps its UID whenever it is written again, so that a calendar which takes the file in a second time moves
what has moved instead of showing it twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

FOLD_AT = 75  # octets, RFC 5545 §3.1
PRODUCT = "-//TownSafe//TownSafe//ZH"


@dataclass(frozen=True, slots=True)
class Event:
    """One all-day entry. `uid` must be the same each time this thing is written."""

    uid: str
    on: date
    summary: str
    description: str = ""
    categories: tuple[str, ...] = ()


def to_ics(events: Iterable[Event], name: str, stamped_at: datetime) -> bytes:
    """The calendar called `name`. `stamped_at` is the office's local time, as DTSTAMP wants it in UTC."""
    stamp = stamped_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{escaped(name)}")
    for event in sorted(events, key=lambda event: (event.on, event.uid)):
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def _event(event: Event, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.categories:
        yield f"CATEGORIES:{','.join(map(escaped, event.categories))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """Text as a property value (§3.3.11); control characters have no place there."""
    marked = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    lines = "\\n".join(marked.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "".join(each for each in lines if each >= " " or each == "\t")


def folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never cut inside a character; each further piece begins with a blank."""
    pieces, piece, size = [], "", 0
    for each in line:
        octets = len(each.encode("utf-8", "replace"))
        if size + octets > FOLD_AT:
            pieces.append(piece)
            piece, size = " ", 1
        piece += each
        size += octets
    return "\r\n".join([*pieces, piece])
