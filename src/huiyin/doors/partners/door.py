"""Takes in what another installation sends, once its envelope proves whom it is from. It opens nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils import timezone

from huiyin.core.handover import LARGEST, BadMessage
from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.registry import crossings
from huiyin.site.problem import refused

NO_LENGTH = Refusal("length", Text("请写明 Content-Length", "say how long it is: Content-Length"))
TOO_LARGE = Refusal("too-large", Text(f"最多 {LARGEST // 1024**2} MB", f"at most {LARGEST // 1024**2} MB"))
# What is wrong with a message, and the number that says so. All else is an envelope that proves nothing.
NUMBERS = {"unknown": 404, "too-early": 409, "another": 409, "form": 400}
WORDS = {
    "unknown": Text("这里没有这个伙伴系统，或者没有这次移交", "no such partner or no such hand-over here"),
    "too-early": Text("前面的消息还没有到", "a message before it has not come yet"),
    "another": Text("同一序号已有另一条消息", "another message of that number came before"),
    "form": Text("这不是移交消息", "this is no message of a hand-over"),
}
UNPROVED = Text("信封的签名或者收件人不对", "its envelope is not signed as it says, or is for somebody else")


def messages(request: HttpRequest) -> HttpResponse:
    """202 once it is kept, whether it came just now or before."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        return refused(request, NO_LENGTH, 411)
    if int(length) > LARGEST:
        return refused(request, TOO_LARGE, 413)
    try:
        message = request.read(LARGEST + 1)
        new = crossings.receive(message, timezone.now())
    except UnreadablePostError:
        return refused(request, Refusal("form", WORDS["form"]), 400)
    except BadMessage as error:
        why = str(error)
        return refused(request, Refusal(why, WORDS.get(why, UNPROVED)), NUMBERS.get(why, 403))
    return JsonResponse({"taken": "now" if new else "before"}, status=202)
