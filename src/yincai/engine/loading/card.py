"""Reads card.yaml and messages.yaml: what is issued, and what people are told."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from yincai.engine.expressions import parse
from yincai.engine.kinds import Kind, Type
from yincai.engine.loading.marked import Node
from yincai.engine.loading.problems import Problems
from yincai.engine.loading.reader import Reader, is_map, scope_with
from yincai.engine.loading.scopes import CARD_FACTS
from yincai.engine.parts import Scope, nearest
from yincai.engine.patterns import MESSAGE_PIECES, NUMBER_PIECES, PIECE, SERIAL, Pattern, Template
from yincai.engine.spec import Card, CardField, Mask, Message, Seal

SEAL_CODE: Final = re.compile(r"\d{13}")
SHOWABLE: Final = frozenset({Type.TEXT, Type.NUMBER, Type.DATE, Type.MONTH, Type.DOCUMENT})
INBOX_ONLY: Final = frozenset({"reason"})
LONGEST_SMS: Final = 300
PLATFORM_EVENTS: Final = (
    "card.issued",
    "card.replaced",
    "card.reissued",
    "card.cancelled",
    "card.withdrawn",
    "card.expiring",
    "card.expired",
    "case.due_soon",
    "case.overdue",
)
"""Events that the platform announces by itself, beside those of the workflow's transitions."""


def read_card(node: Node, scope: Scope, layouts: Collection[str], problems: Problems) -> Card:
    """Return the card; what is wrong is noted."""
    reader = Reader(node, "card", problems)
    layout = reader.text("layout")
    if layout and layout not in layouts:
        reader.wrong("layout", f"there is no file {layout}", nearest(layout, layouts))
    card_scope = scope_with(scope, CARD_FACTS, {})
    card = Card(
        kind=reader.name("kind"),
        title=reader.text("title", longest=40),
        number=read_pattern(reader, "number", needs=("serial:05",)),
        fields=tuple(_card_field(item, card_scope, problems) for item in reader.maps("fields")),
        validity_years=_validity(reader),
        layout=layout,
        seal=_seal(reader),
    )
    names = [item.name for item in card.fields]
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        reader.wrong("fields", f"{name} is written twice", "give each its own name")
    reader.done()
    return card


def _card_field(node: Node, scope: Scope, problems: Problems) -> CardField:
    name = node.entries["name"].text if "name" in node.entries else "without a name"
    reader = Reader(node, f"card field {name}", problems)
    reader.require("value")
    value = reader.expression("value", scope)
    if value is not None and value.type not in SHOWABLE:
        reader.wrong("value", f"value is a {value.type}", "name a field that can be printed on one line")
    field = CardField(
        name=reader.name(),
        label=reader.text("label", longest=20),
        value=value or parse("today", names={"today": Kind.DATE}),
        mask=reader.member("mask", Mask) if reader.has("mask") else None,
    )
    reader.done()
    return field


def _validity(reader: Reader) -> int | None:
    if reader.text("validity_years") in ("none", ""):
        return None
    return reader.whole("validity_years", least=1, most=100)


def _seal(reader: Reader) -> Seal:
    inner = reader.map("seal")
    if inner is None:
        return Seal("", "", "")
    code = inner.text("code")
    if code and not SEAL_CODE.fullmatch(code):
        inner.wrong("code", f"code is {code}", "write the 13 digits of the seal's record")
    seal = Seal(inner.text("authority", longest=40), code, inner.text("line", longest=20))
    inner.done()
    return seal


def read_pattern(reader: Reader, key: str, *, needs: tuple[str, ...]) -> Pattern:
    """Return a number pattern; ``needs`` lists pieces of which one at least makes the number unique."""
    text = reader.text(key, longest=100)
    pattern = Pattern(text)
    if not text:
        return pattern
    known = (*NUMBER_PIECES, "serial:05")
    for piece in pattern.pieces:
        if piece not in NUMBER_PIECES and not SERIAL.fullmatch(piece):
            reader.wrong(key, f"{key} has the unknown piece {{{piece}}}", nearest(piece, known))
    _refuse_stray_braces(reader, key, text)
    unique = pattern.has_serial or any(piece in needs for piece in pattern.pieces)
    if not unique:
        wanted = " or ".join(f"{{{piece}}}" for piece in needs)
        reader.wrong(key, f"{key} would repeat itself", f"add {wanted}")
    return pattern


def read_messages(
    node: Node, events: Collection[str], open_fields: Collection[str], problems: Problems
) -> tuple[Message, ...]:
    """Return the messages. ``open_fields`` are the fields that hold no personal data."""
    messages: list[Message] = []
    known_events = (*events, *PLATFORM_EVENTS)
    for event, entry in node.entries.items():
        if event not in known_events:
            problems.add(entry, f"nothing announces the event {event}", nearest(event, known_events))
        if is_map(entry, f"message {event}", problems):
            messages.append(_message(Reader(entry, f"message {event}", problems), event, open_fields))
    return tuple(messages)


def _message(reader: Reader, event: str, open_fields: Collection[str]) -> Message:
    inbox = reader.map("inbox", required=False)
    title = body = sms = subject = letter = None
    known = [piece for piece in MESSAGE_PIECES if piece not in INBOX_ONLY]
    if inbox is not None:
        title = _template(inbox, "title", (*MESSAGE_PIECES, *open_fields), longest=60)
        body = _template(inbox, "body", (*MESSAGE_PIECES, *open_fields), longest=1000)
        inbox.done()
    if reader.has("sms"):
        sms = _template(reader, "sms", (*known, *open_fields), longest=LONGEST_SMS)
    if (email := reader.map("email", required=False)) is not None:
        subject = _template(email, "subject", (*known, *open_fields), longest=60)
        letter = _template(email, "body", (*known, *open_fields), longest=2000)
        email.done()
    if inbox is None and sms is None and email is None:
        reader.problems.add(reader.node, f"{reader.what} says nothing", "write inbox, sms or email")
    reader.done()
    return Message(event, title, body, sms, subject, letter)


def read_words(
    reader: Reader, key: str, known: tuple[str, ...], *, longest: int, default: Template
) -> Template:
    """Return the sentence under a key, its `{placeholders}` among the known ones."""
    return _template(reader, key, known, longest=longest) if reader.has(key) else default


def _template(reader: Reader, key: str, known: tuple[str, ...], *, longest: int) -> Template:
    template = Template(reader.text(key, longest=longest))
    for name in sorted(template.names - set(known)):
        reader.wrong(key, f"{key} has the unknown placeholder {{{name}}}", nearest(name, known))
    _refuse_stray_braces(reader, key, template.text)
    return template


def _refuse_stray_braces(reader: Reader, key: str, text: str) -> None:
    rest = PIECE.sub("", text)
    if "{" in rest or "}" in rest:
        reader.wrong(key, f"{key} has a brace without its partner", "write placeholders as {name}")


def open_fields_of(fields: Mapping[str, tuple[Kind, bool]]) -> tuple[str, ...]:
    """Return the names of fields without personal data that fit into one line of text."""
    unfit = {Kind.ROWS, Kind.PHOTO, Kind.RICH_TEXT, Kind.IDENTITY_DOCUMENT}
    return tuple(name for name, (kind, personal) in fields.items() if not personal and kind not in unfit)
