"""Cases for the demo, in every state of a programme, each brought there by the actions that people use."""

from __future__ import annotations

import contextlib
import io
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle, islice
from random import Random
from typing import Any
from uuid import UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFilter
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from yincai.cards import queries as cards
from yincai.cards.reissuing import cancel_for_case
from yincai.cards.vocabulary import CardState
from yincai.casework import actions, queries
from yincai.casework.vocabulary import CARD_GONE, CARD_SEALED, AskedItem, CaseView, FourEyes, Verb
from yincai.engine import forms
from yincai.engine.expressions import Truth
from yincai.engine.reasons import Pin
from yincai.engine.samples import Somebody, sample_answers, somebody
from yincai.engine.spec import Programme
from yincai.engine.workflow import APPLICANT, SYSTEM, Effect, Need, State, Transition, Workflow
from yincai.foundation import clock
from yincai.ledger.vocabulary import SYSTEM as HOUSE
from yincai.ledger.vocabulary import Actor
from yincai.ops.demo import PASSWORD
from yincai.people import actions as people
from yincai.people import queries as accounts
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import PublishedVersion

KEYS = UUID("6f1c3a52-5d0c-4f0b-9a43-1f2a0f3c7d10")
"""From which the keys of the demo's forms are made, so that a case that was begun is gone on with."""
CASES_A_PERSON = 3
MOST_TRIES = 200
BUILD, LAST = "ops.build_demo_case", -50
CANCELLED = "卡面照片有误，重新制作。"
SAID: Mapping[Need, str] = {
    Need.REASON: "所附材料与填写内容不一致，请核对后重新申请。",
    Need.OPINION: "材料齐全，符合条件。",
    Need.CONFIRMATION: "on",
}
Settle = Callable[[CaseView, list[UUID], Actor], None]


class NotReady(Exception):  # noqa: N818 - how it stands
    """The reader has not looked at the case's documents yet, or the signer has not sealed its card; later it
    goes on from here."""


def demo_cases(number: int) -> Iterator[tuple[str, str, int]]:
    """Place, programme and number of so many cases: of every programme one in each state, then again."""
    turn = [one for one in programmes.catalogue() for _ in _courses(one.programme.workflow)]
    made: Counter[UUID] = Counter()
    for published in islice(cycle(turn), number):
        yield published.place, published.name, made[published.id]
        made[published.id] += 1


def ask_for_cases(number: int) -> None:
    """Have the worker build so many cases when it has nothing else to do; those that are there stay."""
    for place, programme, each in demo_cases(number):
        asked = app.configure_task(
            BUILD, queue="default", priority=LAST, queueing_lock=f"demo:{place}/{programme}/{each}"
        )
        with contextlib.suppress(AlreadyEnqueued):  # asked for by an earlier start
            asked.defer(place=place, programme=programme, number=each)


def build_case(place: str, programme: str, number: int, *, settle: Settle | None = None) -> CaseView:
    """One case of the demo, brought as far as its number says; called again, it goes on where it stood.

    Raises `NotReady` while the reader has not seen its documents.
    """
    published = programmes.current(place, programme)
    course = _courses(published.programme.workflow)[number % len(_courses(published.programme.workflow))]
    variant, who = _fitting(published, course, number)
    applicant = accounts.applicant_of(accounts.account_named(_account(who, number)))  # type: ignore[arg-type]  # made above
    case = _open(published, number, variant, applicant)
    if case.is_draft:
        _fill(case, who, applicant, whole=bool(course))
    for way in course[case.changes :]:
        if way.by == APPLICANT:
            _hand_in(case, applicant, settle or _settled)
        case = _take(case, way, applicant)
    return case


def _courses(workflow: Workflow) -> list[list[Transition]]:
    """The shortest way to every state: by people, by a day of the month, by what becomes of the card.

    In the order of the table; the draft's is empty.
    """
    ways: dict[str, list[Transition]] = {workflow.initial: []}
    waiting = deque([workflow.initial])
    while waiting:
        state = waiting.popleft()
        for way in workflow.transitions:
            if state in way.sources and _is_walked(workflow.state(state), way) and way.target not in ways:
                ways[way.target] = [*ways[state], way]
                waiting.append(way.target)
    return list(ways.values())


def _is_walked(source: State, way: Transition) -> bool:
    """Whether the demo brings a case over this way: a limit that ends is waited for by nobody."""
    if way.by != SYSTEM:
        return way.needs <= {*SAID, Need.ITEMS}
    if way.name == CARD_GONE:
        return source.holder != SYSTEM  # a card that is in somebody's hands, not one that is being made
    return way.name == CARD_SEALED or bool(way.day_of_month)


def _account(who: Somebody, number: int) -> str:
    """The user name of the resident whose case it is, registered when first wanted."""
    username = f"yanshi_{number // CASES_A_PERSON + 1:03}"
    if accounts.account_named(username) is None:
        people.register_account(
            username=username,
            password=PASSWORD,
            phone=f"+86{who.phone}",
            email=f"{username}@example.org",
            actor=HOUSE,
            check_password=False,
        )
    return username


def _fitting(published: PublishedVersion, course: list[Transition], number: int) -> tuple[str, Somebody]:
    """The first variant and made-up person whose answers no guard on the way refuses."""
    spec = published.programme
    variants = [one.code for one in spec.variants if one.offered] or [""]
    first = number + 1000 * (sum(map(ord, published.place + published.name)) % 30)
    guards = [way.guard for way in course if way.guard is not None]
    for turn in range(MOST_TRIES):
        variant, who = variants[(number + turn) % len(variants)], somebody(first + turn * 61)
        if not guards:
            return variant, who
        facts = _facts(spec, variant, who)
        if all(guard.truth(facts) is Truth.TRUE for guard in guards):
            return variant, who
    raise ValueError(f"no made-up person of {published.name} can come to {course[-1].target}")


def _facts(spec: Programme, variant: str, who: Somebody) -> dict[str, Any]:
    """What the guards of a case would know of these answers once it is handed in."""
    today = clock.today()
    values: dict[str, Any] = {"variant": variant}
    for section, posted in sample_answers(spec, variant, who, today=today).items():
        values |= forms.clean_section(spec, section, posted, known=values, today=today).values
    known = forms.effective_values(spec, values, today=today, variant=variant)
    return {**forms.with_context(known, today=today, variant=variant), "complete": True, "round": 1}


def _open(published: PublishedVersion, number: int, variant: str, applicant: Actor) -> CaseView:
    return actions.open_draft(
        actor=applicant,
        place=published.place,
        programme=published.name,
        variant=variant,
        key=uuid5(KEYS, f"{published.place}/{published.name}/{number}"),
    )


def _fill(case: CaseView, who: Somebody, applicant: Actor, *, whole: bool) -> None:
    """Save what is not saved yet; a draft that stays one is left half filled."""
    answers = list(sample_answers(case.spec, case.variant, who, today=clock.today()).items())
    stored = queries.contents(applicant, case.id)
    for section, posted in answers if whole else answers[: len(answers) // 2]:
        if section not in stored:
            actions.save_section(case.id, actor=applicant, section=section, posted=posted, seen_revision=0)


def _hand_in(case: CaseView, applicant: Actor, settle: Settle) -> None:
    """Upload what is needed and not there yet, and see that the reader looked at it."""
    dossier = queries.open_case(applicant, case.id, Verb.EDIT)
    there = {one.slot for one in dossier.materials}
    for slot in dossier.slots:
        if slot.needed and slot.name not in there:
            draw = _portrait if slot.name == case.spec.identity.photo else _paper
            file = SimpleUploadedFile(f"{slot.title}（示例）.jpg", draw(case.id), content_type="image/jpeg")
            key = uuid5(case.id, slot.name)
            actions.add_material(case.id, actor=applicant, slot=slot.name, upload=file, key=key)
    settle(case, [one.id for one in queries.materials(case.id)], applicant)


def _settled(case: CaseView, materials: list[UUID], applicant: Actor) -> None:
    actions.settle_materials(case.id, materials, actor=applicant, timeout=0)
    if not all(one.is_safe for one in queries.open_case(applicant, case.id).documents.values()):
        raise NotReady


def _take(case: CaseView, way: Transition, applicant: Actor) -> CaseView:
    """Take one step as whoever may: the applicant, the house, or the first officer of the role whom four eyes
    let."""
    key = uuid5(case.id, f"{way.name}:{case.changes}")
    if way.by == SYSTEM and way.day_of_month:
        return actions.take_transition(case.id, actor=HOUSE, name=way.name, key=key)
    if way.by == SYSTEM:
        _see_to_the_card(case, way)
        raise NotReady
    words = {need.value: SAID[need] for need in way.needs if need in SAID}
    if way.by == APPLICANT:
        return actions.take_transition(case.id, actor=applicant, name=way.name, key=key, words=words)
    for officer in _officers(case.place, way.by):
        try:
            actions.claim_case(case.id, actor=officer)
            items = _asked(case, officer) if Need.ITEMS in way.needs else []
            return actions.take_transition(
                case.id, actor=officer, name=way.name, key=key, words=words, items=items
            )
        except FourEyes:
            continue
    raise FourEyes


def _see_to_the_card(case: CaseView, way: Transition) -> None:
    """Have the card cancelled, where that is what comes next; that it is sealed is the signer's."""
    card = cards.card_that_counts(case.id)
    if way.name != CARD_GONE or card is None or card.state != CardState.SEALED:
        return
    table = case.spec.workflow.transitions
    role = next(one.by for one in table if Effect.ORDER_CARD in one.effects)
    cancel_for_case(card.id, actor=next(_officers(case.place, role)), reason=CANCELLED)


def _asked(case: CaseView, officer: Actor) -> list[AskedItem]:
    """One field and one document to be put right, for the first reason that the place offers for each."""
    dossier = queries.open_case(officer, case.id)
    places = queries.pin_places(dossier.spec, dossier.submitted_facts, dossier.slots)
    reasons = queries.reasons_of(case.place)
    asked = []
    for pin in (Pin.FIELD, Pin.DOCUMENT):
        place = next((one for one in places if one.pin is pin), None)
        reason = next((one for one in reasons if pin in one.about), None)
        if place and reason:
            asked.append(AskedItem(place.path, reason.code, "请重新提供，谢谢配合。"))
    return asked


def _officers(place: str, role: str) -> Iterator[Actor]:
    for person in programmes.place(place).people:
        account = accounts.account_named(person.username)
        if account is not None and role in accounts.staff_roles(account, place=place):
            yield Actor("staff", account.pk, role)


def _paper(case: UUID) -> bytes:
    """A page that looks like a scan: lines of grey on white, marked as an example."""
    chance = Random(case.int)  # noqa: S311 - a picture
    image = Image.new("RGB", (1000, 1400), "#fbfaf6")
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((60, 60, 940, 1340), outline="#8b1a1a", width=4)
    for top in range(180, 1240, 34):
        drawing.line((130, top, 870 - chance.randrange(420), top), fill="#333333", width=7)
    drawing.ellipse((640, 1080, 860, 1300), outline="#c0392b", width=8)
    return _jpeg(image)


def _portrait(case: UUID) -> bytes:
    """Head and shoulders before a blue ground."""
    chance = Random(case.int)  # noqa: S311 - a picture
    image = Image.new("RGB", (590, 826), "#5b8fc7")
    drawing = ImageDraw.Draw(image)
    skin = chance.choice(("#f0c8a0", "#e0b088", "#f5d5b5"))
    drawing.ellipse((40, 560, 550, 1100), fill=chance.choice(("#22303c", "#4a2c2a", "#e8e8e8")))
    drawing.ellipse((170, 180, 420, 540), fill=skin)
    drawing.pieslice((160, 130, 430, 430), 180, 360, fill="#1a1512")
    for left in (235, 325):
        drawing.ellipse((left, 345, left + 30, 362), fill="#1a1512")
    drawing.arc((245, 400, 345, 470), 20, 160, fill="#8c3b3b", width=6)
    return _jpeg(image.filter(ImageFilter.GaussianBlur(1)))


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
