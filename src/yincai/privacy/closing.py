"""注销账号: what it would do, asking for it, and doing it in every room once the days to think are over
(个人信息保护法 第四十七条).  Doors: `actions` and `queries`."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yincai.cards import queries as cards
from yincai.cards.vocabulary import CardState
from yincai.casework import actions as case_actions
from yincai.casework import queries as casework
from yincai.casework.queries import KeptCase
from yincai.directory import actions as directory_actions
from yincai.directory import queries as directory
from yincai.documents import actions as document_actions
from yincai.engine.retention import Kept
from yincai.foundation import clock
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.messages import actions as message_actions
from yincai.people import actions as people_actions
from yincai.people import queries as people
from yincai.privacy.amending import kept_amendments, leave_amendments
from yincai.privacy.copying import forget_copies_of
from yincai.privacy.gathering import gather
from yincai.privacy.vocabulary import CardInForce, CasesOnTheirWay, ClosingView, KeptThing
from yincai.programmes import queries as programmes
from yincai.registries import actions as registry_actions

logger = logging.getLogger(__name__)
AT_ONCE = 50
LIVE_CASE, APPOINTED = "live_case", "appointed"
ERASED_PARTS = {
    "account": "用户名、密码、手机号、邮箱",
    "identity": "姓名和证件号码（以后可用同一证件重新注册）",
    "former_identities": "更正前的姓名和证件号码",
    "profile": "单位、电话、个人说明",
    "proofs": "认证记录",
    "agreements": "服务协议的同意记录",
    "applications": "添加的应用系统",
    "sign_ins": "登录记录",
    "sessions": "登录中的设备",
    "second_factors": "动态验证码和通行密钥",
    "outside_accounts": "关联的外部账号",
    "consents": "授权记录",
    "real_name_answers": "实名核验结果",
    "messages": "站内消息、短信和邮件的内容",
    "rights": "单位系统管理员权限",
    "copies": "个人信息副本",
}
"""What is erased with an account, by the part of a copy that has it."""


def closing_view(account_id: UUID) -> ClosingView:
    """What erasing the account would do, told before anything is done."""
    kept_cases = casework.kept_cases(account_id)
    return ClosingView(
        live=tuple(one for one in kept_cases if one.kind is None),
        is_staff=bool(people.staff_roles(account_id)),
        cards=_cards_in_force(account_id),
        erased=_erased(account_id, kept_cases),
        kept=(*_cases_kept(kept_cases), *_requests_kept(account_id)),
        cooling_off=programmes.retention().cooling_off,
        at=people.closing_of(account_id).at,
    )


def ask_closing(account_id: UUID, *, actor: Actor) -> datetime:
    """Have the account erased when the days to think it over have passed; the moment at which.

    Who asks has just shown their password or code again: the door sees to it.  Asked before: the moment of
    then.  Raises `CasesOnTheirWay`, `StillAppointed`, `NotAllowed` for anybody but the owner.
    """
    days = programmes.retention().cooling_off
    with transaction.atomic():
        live = [one for one in casework.kept_cases(account_id) if one.kind is None]
        at = people_actions.ask_closing(account_id, actor=actor, at=clock.now() + timedelta(days=days))
        if live:
            raise CasesOnTheirWay(len(live))
    return at


def take_back_closing(account_id: UUID, *, actor: Actor) -> bool:
    """Leave the account as it is after all; False where nothing was asked."""
    return people_actions.take_back_closing(account_id, actor=actor)


def close_due_accounts() -> int:
    """Erase every account whose time has come; how many.  One that fails keeps no other, and is tried again
    the next time."""
    done, last = 0, None
    while ids := people.due_closings(limit=AT_ONCE, after=last):
        for account_id in ids:
            try:
                done += close_account(account_id)
            except Exception as error:
                logger.exception("account %s is not erased: %s", account_id, type(error).__name__)
        last = ids[-1]
    return done


def close_account(account_id: UUID) -> bool:
    """Erase one account in every room, all of it or nothing; done before, or not due, nothing happens.

    A case that was handed in meanwhile, or a post, stops it, on record.  The person's own key goes too where
    nothing is kept; else with the last thing that is (`retention.erase_due`).
    """
    with transaction.atomic():
        if not people_actions.hold_closing(account_id):
            return False
        found = casework.kept_cases(account_id)
        if any(one.kind is None for one in found) or people.staff_roles(account_id):
            why = APPOINTED if people.staff_roles(account_id) else LIVE_CASE
            people_actions.stop_closing(account_id, why=why)
            return False
        case_actions.erase_drafts_of(account_id)
        case_actions.erase_exports_of(account_id)
        directory_actions.leave_directory(account_id)
        document_actions.erase_own(account_id, why="account_closed")
        registry_actions.erase_answers_of(account_id)
        leave_amendments(account_id)
        forget_copies_of(account_id)
        message_actions.erase_messages_of(account_id)
        kept = things_kept(account_id)
        people_actions.close_account(account_id, kept=kept)
        if not kept:
            people_actions.destroy_key(account_id, actor=SYSTEM)
    return True


def things_kept(account_id: UUID) -> int:
    """How many cases, requests and amendments of an account are there with their content."""
    there = (casework.kept_cases, directory.kept_requests, kept_amendments)
    return sum(len(found(account_id)) for found in there)


def _cases_kept(found: list[KeptCase]) -> list[KeptThing]:
    ids = [one.id for one in found if one.ended_at is not None]
    in_force, last_days = cards.in_force_of(ids), cards.last_days_of(ids)
    things = []
    for one in found:
        if one.kind is None or one.ended_at is None:
            continue
        rule = programmes.retention(one.place).rule(one.kind, programme=one.programme)
        since = one.ended_at
        if one.id in last_days:
            since = max(since, clock.start_of(last_days[one.id] + timedelta(days=1)))
        for_good = one.id in in_force and in_force[one.id] is None
        until = None if for_good else rule.period.after(since)
        things.append(KeptThing(one.title, one.reference, rule, until))
    return things


def _requests_kept(account_id: UUID) -> list[KeptThing]:
    now = clock.now()
    things = []
    for one in directory.kept_requests(account_id):
        rule = programmes.retention(one.place).rule(one.kind)
        until = rule.period.after(one.ended_at or now)
        things.append(KeptThing(one.kind.words, one.number, rule, until))
    for number, place, ended_at in kept_amendments(account_id):
        rule = programmes.retention(place).rule(Kept.AMENDMENT)
        things.append(KeptThing(Kept.AMENDMENT.words, number, rule, rule.period.after(ended_at or now)))
    return things


def _cards_in_force(account_id: UUID) -> tuple[CardInForce, ...]:
    return tuple(
        CardInForce(one.title, one.number, one.valid_until)
        for one in cards.cards_of_holder(account_id)
        if one.state is CardState.SEALED
    )


def _erased(account_id: UUID, found: list[KeptCase]) -> tuple[tuple[str, int], ...]:
    """What goes and how many of each, as it is counted for a copy."""
    parts = {part.name: part for each in gather(account_id).values() for part in each}
    files = sum(not row["case"] for row in parts["documents"].rows)
    drafts = sum(one.kind is Kept.DRAFT for one in found)
    counted = [(words, len(parts[name].rows)) for name, words in ERASED_PARTS.items()]
    counted += [("没有提交的草稿", drafts), ("资料库和没有用上的文件", files)]
    return tuple((words, number) for words, number in counted if number)
