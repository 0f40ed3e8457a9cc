"""Why something about a case is refused, in words for people (private to the room; its door is
`vocabulary`)."""

from __future__ import annotations

from yincai.engine.forms import Missing
from yincai.foundation.errors import Invalid, NotAllowed, YincaiError


class NotComplete(Invalid):
    """Something is still missing before submission; every item names its place."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__("还有内容没有填好，暂时不能提交。请按下面的清单逐项补全。")
        self.missing = missing


class ApplicationNotAdded(NotAllowed):
    """The account has not added the business system that this programme belongs to."""

    def __init__(self, place: str, application: str, title: str) -> None:
        self.place, self.application, self.title = place, application, title
        super().__init__(f"您还没有添加「{title}」，不能在里面申请。请先点击「添加应用」，添加成功后再进入。")


class AssuranceNeeded(NotAllowed):
    """The programme must know more surely who the applicant is; `level` is the word for how surely."""

    def __init__(self, level: str) -> None:
        self.level = level
        super().__init__(f"这一步要求账号「{level}」，还没有办成。请先在「身份认证」里完成，再回来继续。")


class TooManyDrafts(Invalid):
    """The account holds as many drafts of the programme as one may."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"您在这个事项里已有 {most} 份没有提交的草稿，没有再新建。"
            "请在「草稿箱」里继续填写其中一份，或删除不再需要的草稿，再重新申请。"
        )


class VersionMoved(YincaiError):
    """The programme was published anew since this draft was opened; the applicant accepts the differences
    first."""

    def __init__(self) -> None:
        super().__init__("这个事项的要求有更新。请先查看变化并确认，再提交。您已填写的内容都会保留。")


class AlreadyLive(YincaiError):
    """The person already has a live case of this kind."""

    def __init__(self) -> None:
        super().__init__(
            "这位申请人已有一件同类申请正在办理，办结后才能再次提交。可在「正在审批」中查看进度。"
        )


class NotClaimed(NotAllowed):
    """An officer acts on a case that they have not claimed."""

    def __init__(self) -> None:
        super().__init__("请先领取这件申请再办理。它可能已被退回队列，或由其他同事领取。")


class NotOnRecord(NotAllowed):
    """No document of this member of staff is known, so nobody can say which cases are their own."""

    def __init__(self) -> None:
        super().__init__(
            "还没有登记这位工作人员本人的证件，无法判断申请是否涉及本人，所以不能领取。"
            "请系统管理员在「工作人员」的「回避登记」里登记，登记后马上可以领取。"
        )


class HoldsAnother(NotAllowed):
    """The person holds a card in force for which this kind is not given beside."""

    def __init__(self, held: str, wanted: str) -> None:
        super().__init__(
            f"这位申请人持有有效的{held}，不再发给{wanted}，这件申请没有提交。"
            f"如果不是同一个人，请核对证件号码；{held}注销或到期后可以再申请。"
        )


class FourEyes(NotAllowed):
    """Somebody who took an earlier step may not take this one."""

    def __init__(self) -> None:
        super().__init__("您已经办理过这件申请的前一个环节，这一步须由另一位同事办理。")


class NotConfirmed(NotAllowed):
    """What is handed in at the counter was not confirmed by its applicant as it stands now."""

    def __init__(self) -> None:
        super().__init__(
            "申请人还没有确认现在的内容，没有提交。可能是确认已超过 10 分钟、已用过，或内容后来有改动。"
            "请让申请人重新核对，再发送一次验证码。"
        )


class EnteredAtCounter(NotAllowed):
    """Whoever entered a case for its applicant does not work on it."""

    def __init__(self) -> None:
        super().__init__("这件申请是您在窗口代办填写的，须由另一位同事办理。没有作任何改动。")


class HandedToColleague(NotAllowed):
    """The case was assigned to somebody else, who is here."""

    def __init__(self) -> None:
        super().__init__("这件申请已分派给另一位同事，由该同事领取。需要换人办理时，请联系负责人重新分派。")


class CaseConcernsActor(NotAllowed):
    """Nobody sees or acts on a case that names them."""

    def __init__(self) -> None:
        super().__init__("这件申请涉及您本人或您的家庭成员，须由其他同事办理，您不能查看。")


class NotPinned(NotAllowed):
    """Something was changed that was not asked for in the correction."""

    def __init__(self, labels: list[str]) -> None:
        named = "、".join(f"“{one}”" for one in labels)
        super().__init__(
            f"{named}不在这次补正的范围内，这次的修改没有保存，先前保存的内容不受影响。"
            "请返回「材料补正」，只修改其中列出的内容；如果其他内容也要改，请联系受理窗口。"
        )


class OwnCase(NotAllowed):
    """Nobody acts on their own case."""

    def __init__(self) -> None:
        super().__init__("这是您本人的申请，须由其他同事办理。")
