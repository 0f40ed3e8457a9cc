"""What this room holds about the owner of an account (door: `queries.held_about`)."""

from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from yincai.foundation.held import HeldPart, of_rows
from yincai.people.models import (
    Account,
    AgreementAcceptance,
    ApplicationGrant,
    Assurance,
    FormerIdentity,
    Identity,
    Leave,
    PhoneCheck,
    Profile,
    Reading,
    ReadingPass,
    SecondFactorReset,
    SignIn,
    StaffAppointment,
    StaffDocument,
)


def held_about(account_id: UUID) -> tuple[HeldPart, ...]:
    """Everything that is kept of an account and its owner; never a password, a secret or a code."""
    return (*_account(account_id), *_owner(account_id), *_ways_in(account_id), *_staff(account_id))


def _account(account_id: UUID) -> tuple[HeldPart, ...]:
    account = of_rows(
        "account",
        "账号",
        Account.objects.filter(pk=account_id),
        id="账号编号",
        username="用户名",
        email="电子邮箱",
        phone="手机号",
        phone_verified_at="手机号验证时间",
        staff_name="作为工作人员显示的姓名",
        registered_at="注册时间",
        is_active="账号可用",
        last_login="最近登录",
        closing_at="注销生效时间",
    )
    return (
        HeldPart(account.name, account.title, account.labels, account.rows, (account_id,)),
        of_rows(
            "emails",
            "登记过的邮箱",
            EmailAddress.objects.filter(user_id=account_id).order_by("pk"),
            email="电子邮箱",
            verified="已验证",
            primary="联系邮箱",
        ),
        of_rows(
            "profile",
            "个人说明",
            Profile.objects.filter(pk=account_id),
            workplace="所在单位",
            landline="固定电话",
            note="个人说明",
        ),
    )


def _owner(account_id: UUID) -> tuple[HeldPart, ...]:
    return (
        of_rows(
            "identity",
            "实名信息",
            Identity.objects.filter(pk=account_id),
            name="姓名",
            kind="证件类型",
            number="证件号码",
            given_at="登记时间",
        ),
        of_rows(
            "former_identities",
            "更正前的实名信息",
            FormerIdentity.objects.filter(account_id=account_id).order_by("replaced_at"),
            name="姓名",
            kind="证件类型",
            number="证件号码",
            given_at="登记时间",
            replaced_at="更正时间",
        ),
        of_rows(
            "proofs",
            "认证记录",
            Assurance.objects.filter(account_id=account_id).order_by("at", "id"),
            level="等级",
            source="依据",
            at="时间",
            fallen_at="失效时间",
        ),
        of_rows(
            "agreements",
            "同意过的服务协议",
            AgreementAcceptance.objects.filter(account_id=account_id).order_by("at"),
            agreement__place="地区",
            agreement__number="版本",
            agreement__text="全文",
            at="同意时间",
        ),
        of_rows(
            "applications",
            "添加过的应用系统",
            ApplicationGrant.objects.filter(account_id=account_id).order_by("since"),
            place="地区",
            application="应用系统",
            since="添加时间",
            until="移除时间",
        ),
    )


def _ways_in(account_id: UUID) -> tuple[HeldPart, ...]:
    return (
        of_rows(
            "sign_ins",
            "登录记录",
            SignIn.objects.filter(account_id=account_id).order_by("at", "id"),
            at="时间",
            method="方式",
            outcome="结果",
            device="设备",
            known="用过的设备",
        ),
        of_rows(
            "sessions",
            "登录中的设备",
            UserSession.objects.filter(user_id=account_id).order_by("created_at"),
            ip="网络地址",
            user_agent="浏览器",
            created_at="登录时间",
            last_seen_at="最近使用",
        ),
        of_rows(
            "second_factors",
            "第二验证方式",
            Authenticator.objects.filter(user_id=account_id).order_by("pk"),
            type="种类",
            created_at="启用时间",
            last_used_at="最近使用",
        ),
        of_rows(
            "outside_accounts",
            "关联的外部账号",
            SocialAccount.objects.filter(user_id=account_id).order_by("pk"),
            provider="平台",
            uid="平台上的编号",
            date_joined="关联时间",
            last_login="最近使用",
        ),
        of_rows(
            "phone_check",
            "正在验证的手机号",
            PhoneCheck.objects.filter(pk=account_id),
            asked_at="发送验证码的时间",
        ),
    )


def _staff(account_id: UUID) -> tuple[HeldPart, ...]:
    return (
        of_rows(
            "appointments",
            "工作人员岗位",
            StaffAppointment.objects.filter(account_id=account_id).order_by("since"),
            place="地区",
            office="机构",
            role="岗位",
            since="起",
            until="止",
        ),
        of_rows(
            "staff_documents",
            "回避登记",
            StaffDocument.objects.filter(account_id=account_id).order_by("noted_at"),
            relation="与本人的关系",
            kind="证件类型",
            noted_at="登记时间",
        ),
        of_rows(
            "second_factor_resets",
            "停用第二验证方式的申请",
            SecondFactorReset.objects.filter(account_id=account_id).order_by("asked_at"),
            place="地区",
            reason="理由",
            asked_at="申请时间",
            ended_at="办结时间",
            confirmed="已停用",
        ),
        of_rows(
            "leaves",
            "休假与代办",
            Leave.objects.filter(account_id=account_id).order_by("first_day"),
            place="地区",
            first_day="第一天",
            last_day="最后一天",
        ),
        of_rows(
            "readings",
            "作为工作人员查看过的件",
            Reading.objects.filter(account_id=account_id).order_by("day", "pk"),
            place="地区",
            day="日期",
            subject="件的编号",
        ),
        of_rows(
            "reading_passes",
            "追加的查看额度",
            ReadingPass.objects.filter(account_id=account_id).order_by("at"),
            place="地区",
            day="日期",
            reason="理由",
        ),
    )
