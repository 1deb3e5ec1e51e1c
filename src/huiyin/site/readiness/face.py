"""Step 6: under which address and name people find it, and whether they can already lodge."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from huiyin.core.text import Text
from huiyin.registry import opening, pulses
from huiyin.site.environment import DEFAULTS
from huiyin.site.readiness.known import Known
from huiyin.site.readiness.line import BAD, GOOD, WARN, Line, Step

LOCAL = ("127.0.0.1", "localhost", "::1")


def step(known: Known) -> Step:
    return Step(
        "face",
        Text("公众看到的", "What the public sees"),
        Text(
            "网址、名称、谁主办、怎么联系；名称写在每张回执上，定了就不再改。",
            "Address, name, who runs it, how to reach them. The name stands on each receipt: choose it once.",
        ),
        (_address(), *_certificate(known), _origin(), _words(known), _open()),
    )


def _address() -> Line:
    url = settings.PUBLIC_URL
    if urlsplit(url).hostname not in LOCAL and settings.HTTPS:
        return Line("address", GOOD, Text(f"公众网址是 {url}", f"The public finds it at {url}"))
    todo = Text(
        "设 HUIYIN_PUBLIC_URL=https://…、HUIYIN_HOSTS 和 HUIYIN_HTTPS=yes，"
        "前面放一个提供 HTTPS 的代理（docs/operate/install.md）",
        "Set HUIYIN_PUBLIC_URL=https://…, HUIYIN_HOSTS and HUIYIN_HTTPS=yes, with a proxy that ends TLS in "
        "front (docs/operate/install.md)",
    )
    says = Text(f"{url} 只有本机能打开", f"{url} is reached from this machine alone")
    return Line("address", WARN, says, todo)


def _certificate(known: Known) -> Iterator[Line]:
    """What the clerk saw of the certificate of that address; nothing where there is none to see."""
    if not settings.HTTPS:
        return
    pulse, name = known.pulses.get(pulses.WEB_CERTIFICATE), "web-certificate"
    if pulse is None:
        says = Text("还没有看过网站证书", "The certificate of the website was not looked at yet")
        yield Line(
            name, WARN, says, Text("管家运行后几分钟内会看", "The clerk looks within minutes once it runs")
        )
    elif pulse.failed:
        yield Line(
            name,
            WARN,  # a machine that cannot reach its own address must still become ready
            Text(
                "网站证书 14 天内到期，或者浏览器不信任",
                "The website's certificate ends within 14 days or is not trusted",
            ),
            Text(
                f"在代理上更新 {settings.PUBLIC_URL} 的证书；如果这台机器自己打不开这个网址，请从外面查看",
                f"Renew the certificate of {settings.PUBLIC_URL} at the proxy; if this machine cannot reach "
                "that address itself, look from outside",
            ),
        )
    else:
        yield Line(
            name, GOOD, Text("网站证书还有 14 天以上", "The website's certificate lasts 14 days or more")
        )


def _origin() -> Line:
    if DEFAULTS["HUIYIN_ORIGIN"] != settings.ORIGIN:
        says = Text(f"回执上的名称是 {settings.ORIGIN}", f"Receipts are signed as {settings.ORIGIN}")
        return Line("origin", GOOD, says)
    return Line(
        "origin",
        BAD if settings.HTTPS else WARN,
        Text(
            f"回执上的名称还是 {settings.ORIGIN}，谁也认不出",
            f"Receipts are still signed as {settings.ORIGIN}, which is nobody",
        ),
        Text(
            "收第一件之前设 HUIYIN_ORIGIN，如 petitions.example.org；以后不能改",
            "Set HUIYIN_ORIGIN before the first petition, as petitions.example.org; it never changes later",
        ),
    )


def _words(known: Known) -> Line:
    if known.face is not None:
        says = Text("公众看到的名称：{name}", "The public reads: {name}").format(name=known.face.name)
        return Line("face", GOOD, says, None, "desk:face")
    return Line(
        "face",
        WARN,
        Text("没有写明谁主办、怎么联系", "It does not say who runs it and how they are reached"),
        Text("填写名称、主办单位和联系方式", "Give its name, who runs it and how they are reached"),
        "desk:face",
    )


def _open() -> Line:
    if opening.is_open():
        return Line("open", GOOD, Text("公众可以提出信访事项", "People can lodge petitions"), None, "/lodge/")
    return Line(
        "open",
        BAD,
        Text("公众页面写着：还没有开通", "The public pages say that it is not open yet"),
        Text(
            "有了第一名登记人员就自动开通；收到第一件以后不会再关",
            "It opens by itself with the first registrar; after the first petition it never closes again",
        ),
        "desk:bodies",
    )
