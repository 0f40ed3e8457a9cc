"""Completing a name while it is typed into a form, for whoever is signed in."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yincai.directory import queries as directory
from yincai.directory.vocabulary import DirectorySpec, RecordView, Same, Sort
from yincai.look.records import LIBRARIES, marks_of, standing_of
from yincai.portal.directory.pages import spec_of
from yincai.portal.searching import too_fast, with_wait

SHOWN = 8
SIGN_IN = "登录已结束，暂时不能查找。请在新的窗口里重新登录，再回到这一页。"
TOO_FAST = "查得太快了，请过一会儿再试。也可以直接填写全称。"


@never_cache
@require_safe
def suggest(request: HttpRequest, place: str, sort: Sort) -> JsonResponse:
    """The first records whose name holds what is typed, and whether one has exactly this name, as JSON."""
    spec = spec_of(place, sort)
    if not request.user.is_authenticated:
        return JsonResponse({"message": SIGN_IN}, status=403)
    if (wait := too_fast(request)) is not None:
        answer = JsonResponse({"message": TOO_FAST})
        with_wait(answer, wait)
        return answer
    query = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = directory.search(place, sort, query)
    same = directory.named(place, sort, [query]).get(query, Same())
    shown = [*same.records, *(one for one in found.records if one not in same.records)]
    return JsonResponse(
        {
            "words": standing_of(same, sort, spec) if query else "",
            "known": same.count > 0,
            "records": [_line(one, spec) for one in shown[:SHOWN]],
            "more": f"还有更多，请继续输入，或在{LIBRARIES[sort]}中查找" if len(shown) > SHOWN else "",
        }
    )


def _line(record: RecordView, spec: DirectorySpec) -> dict[str, str]:
    """One completion: the name, by what it is told from others, and what is said once it is chosen."""
    example = ["示例"] if record.is_example else []
    marks = " · ".join([*marks_of(record, spec), *example]).replace("统一社会信用代码 ", "")
    return {"name": record.name, "marks": marks, "words": standing_of(Same((record,), 1), record.sort, spec)}
