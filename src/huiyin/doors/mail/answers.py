"""What is written back. Never a word of the matter: a mailbox may be read by others.

Each answer bears the marks by which machines know not to answer it (RFC 3834), comes from the address of the
house so that its signature fits, and hangs in the thread of the message that it answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.conf import settings
from django.core.mail import EmailMessage

from huiyin.core.text import Text
from huiyin.doors.mail.message import CUT, Message
from huiyin.registry import threads
from huiyin.registry.models import Petition

ABOVE = Text("要补充材料，请直接回复本邮件，写在这一行以上", "To add something, reply above this line")
RECEIPT = Text("回执 {ref}", "Receipt {ref}")
RECEIPT_BODY = Text(
    "您好：\n\n您的来信已登记。\n\n"
    "编号：{ref}\n查询码：{key}\n查看办理情况：{link}\n\n"
    "附件是签名的回执，证明已经登记；可以离线检验。请保存本邮件：查询码别处没有。\n"
    "有查询码的人可以查看和代您办理，请不要告诉别人；工作人员不会向您索要查询码。\n"
    "原邮件已从信箱删除，您的地址已封存，只用于答复。",
    "Hello,\n\nwhat you wrote is on record.\n\n"
    "Reference: {ref}\nKey: {key}\nTo follow it: {link}\n\n"
    "The attached file is the signed receipt: it proves that this was lodged, and can be checked offline. "
    "Keep this message: the key stands nowhere else.\n"
    "Whoever has the key can read and act for you. Give it to nobody; no officer will ever ask you for it.\n"
    "Your message is deleted from the mailbox; your address lies under seal and serves only to answer you.",
)
ADDED = Text("已补充到 {ref}", "Added to {ref}")
ADDED_BODY = Text(
    "您好：\n\n您的补充已记入编号 {ref}。\n查看办理情况：{link}",
    "Hello,\n\nwhat you wrote was added to {ref}.\nTo follow it: {link}",
)
LEFT_OUT = Text(
    "以下附件没有收下，其余都已收下。请按说明改好，用编号和查询码在网页上补交，或者回复本邮件：",
    "These files were not taken; everything else was. Mend them as it says and add them on the page with "
    "reference and key, or by a reply to this message:",
)
ASIDE = Text("您的邮件没有自动登记", "Your message was not filed by itself")
ASIDE_BODY = Text(
    "您好：\n\n{why}\n\n邮件没有丢失：工作人员会查看。您现在就可以在网页上提交，当场得到回执：{link}",
    "Hello,\n\n{why}\n\n"
    "It is not lost: an officer will look at it. You can lodge it on the page at once, and have a receipt "
    "there and then: {link}",
)
WHY = {
    "large": Text(
        "您的邮件超过 {most} MB，收不下。请把附件减小或者分几封发，每个文件不超过 10 MB，每封不超过 5 个。",
        "Your message is larger than {most} MB and cannot be taken. Make its files smaller or send several "
        "messages: up to five files in each, up to 10 MB a file.",
    ),
    "encrypted": Text(
        "您的邮件是加密的，这里没有人能读。请不加密重发，或者在网页上提交。",
        "Your message is encrypted and nobody here can read it. Send it without encryption, or use the page.",
    ),
    "refused": Text("您的邮件暂时不能登记：{reason}。", "Your message could not be filed: {reason}."),
    "not-added": Text(
        "编号 {ref} 现在不能补充：{reason}。如果是新的事项，请另写一封新邮件，不要用回复。",
        "Nothing can be added to {ref} now: {reason}. If it is about something new, write a new message "
        "instead of a reply.",
    ),
}
LINES = Text("\n{number}. {reason}", "\n{number}. {reason}")


@dataclass(frozen=True, slots=True, repr=False)
class Attached:
    name: str
    content: bytes


class Answer(msgspec.Struct, frozen=True):
    """What is kept, sealed, until the answer went out. `receipt` empty: something was added."""

    ref: str
    language: str
    key: str = ""
    receipt: str = ""
    left_out: tuple[tuple[str, str], ...] = ()  # why a file was not taken, in Chinese and in English

    @property
    def reasons(self) -> list[Text]:
        return [Text(zh, en) for zh, en in self.left_out]


def of_receipt(answer: Answer, petition: Petition, message: Message) -> EmailMessage:
    """The receipt, or the word that something was added."""
    body = RECEIPT_BODY if answer.receipt else ADDED_BODY
    subject = RECEIPT if answer.receipt else ADDED
    values = {"ref": answer.ref, "key": answer.key, "link": f"{settings.PUBLIC_URL}/follow/"}
    said = body.format(**values)
    parts = [said.say(answer.language)]
    if answer.left_out:
        reasons = "".join(
            LINES.format(number=n, reason=why).say(answer.language)
            for n, why in enumerate(answer.reasons, start=1)
        )
        parts.append(LEFT_OUT.say(answer.language) + reasons)
    files = [Attached(f"{answer.ref}.txt", answer.receipt.encode())] if answer.receipt else []
    return _letter(
        subject.format(ref=answer.ref).say(answer.language),
        "\n\n".join(parts),
        message,
        petition=petition,
        language=answer.language,
        files=files,
    )


def of_aside(why: str, message: Message, **values: Any) -> EmailMessage:
    """That nothing was filed by itself, why, and what to do."""
    reason = WHY[why].format(**values)
    said = ASIDE_BODY.format(why=reason, link=f"{settings.PUBLIC_URL}/lodge/").say(message.language)
    return _letter(ASIDE.say(message.language), said, message)


def _letter(
    subject: str,
    body: str,
    message: Message,
    *,
    petition: Petition | None = None,
    language: str = "",
    files: Sequence[Attached] = (),
) -> EmailMessage:
    token = threads.token_of(petition) if petition else ""
    headers = {
        "Message-ID": f"<{message.known.digest[:32]}@{settings.ORIGIN}>",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
    }
    if message.message_id.isascii() and message.message_id.isprintable() and message.message_id:
        headers |= {"In-Reply-To": message.message_id, "References": message.message_id}
    if token:
        body = f"{CUT}\n{ABOVE.say(language)}\n\n{body}"
    letter = EmailMessage(
        subject=f"{subject} [{token}]" if token else subject,
        body=f"{body}\n",
        to=[message.address],
        reply_to=[threads.reply_address(petition)] if petition and token else None,
        headers=headers,
    )
    for each in files:
        # Byte for byte: of a text part the ends of lines change on the way, and the signature with them.
        letter.attach(each.name, each.content, "application/octet-stream")
    return letter
