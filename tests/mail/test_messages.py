"""Real messages by real servers become petitions, receipts and threads; nothing is lost or doubled."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from huiyin.clerk import courier
from huiyin.core import notes
from huiyin.core.refusal import Refusal
from huiyin.doors.mail import door
from huiyin.doors.mail.box import Box
from huiyin.registry import access, by_mail
from huiyin.registry.models import Attachment, Entry, MailAside, MailTaken, Outbox, Petition
from huiyin.registry.receipt import receipt_key
from huiyin.vault.unseal import open_contact
from tests.cast import NOW, Walk
from tests.mail.servers import ADDRESS, Post
from tests.registry.pictures import jpeg, segment

FROM = "王小明 <xiaoming@example.test>"
WITH_TRACES = jpeg(segment(0xFE, b"taken at home" * 20))
TEXT = "我们楼的电梯坏了两个月，老人下不了楼。"


def letter(
    text: str = TEXT, subject: str = "电梯坏了", to: str = ADDRESS, sender: str = FROM, **head: str
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = head.pop("message_id", f"<{abs(hash((text, subject, to)))}@example.test>")
    for name, value in head.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def look(now: Any = NOW) -> dict[str, int]:
    return dict(door.look(now))


def key_in(message: EmailMessage) -> str:
    line = next(line for line in body_of(message).splitlines() if line.startswith(("查询码：", "Key: ")))
    return line.replace("查询码：", "").replace("Key: ", "").strip()


def body_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def filed(post: Post, message: EmailMessage | None = None) -> tuple[Petition, EmailMessage]:
    post.write(message or letter())
    assert look() == {"filed": 1}
    return Petition.objects.get(), post.sent[-1]


# ---- a petition, and its receipt


def test_a_message_becomes_a_petition_and_the_receipt_goes_back(post: Post) -> None:
    petition, answer = filed(post)
    assert (petition.subject, petition.text.strip(), petition.channel) == ("电梯坏了", TEXT, "email")
    assert petition.marks["unsure"] == 1
    assert petition.holder.code == "xf"
    assert answer["to"] == "xiaoming@example.test"
    author = access.author_of(petition.ref, key_in(answer))
    assert not isinstance(author, Refusal)
    (attached,) = list(answer.iter_attachments())
    receipt = attached.get_payload(decode=True)
    assert isinstance(receipt, bytes)
    assert petition.ref in notes.read_note(receipt.decode(), receipt_key())
    assert post.left() == 0


def test_who_sent_it_lies_under_seal_and_nowhere_else(post: Post) -> None:
    petition, _ = filed(post)
    assert open_contact(petition.pk).email == "xiaoming@example.test"
    row = MailTaken.objects.get()
    kept = f"{row.digest}{row.answer!r}{petition.__dict__}{list(Entry.objects.values())}"
    for trace in ("xiaoming", "王小明", "@example.test"):
        assert trace not in kept


def test_no_answer_names_the_matter(post: Post) -> None:
    message = letter()
    message.add_attachment(b"PK\x05\x06" + bytes(18), "application", "zip", filename="电梯照片.zip")
    _, answer = filed(post, message)
    for word in ("电梯", "老人", "王小明"):
        assert word not in str(answer["subject"]) + body_of(answer)
    assert "1.zip" in body_of(answer)


def test_an_answer_is_marked_as_one_and_fits_a_signature(post: Post) -> None:
    petition, answer = filed(post)
    assert answer["auto-submitted"] == "auto-replied"
    assert answer["from"] == "no-reply@mailer.test"
    assert answer["in-reply-to"].startswith("<")
    assert petition.ref in answer["subject"]
    assert answer["date"]
    assert all(len(line) < 998 for line in answer.as_bytes().splitlines())


def test_english_is_answered_in_english(post: Post) -> None:
    message = letter("The lift has been broken for two months.", "Lift", sender="Ann Lee <ann@example.test>")
    petition, answer = filed(post, message)
    assert petition.language == "en"
    assert "Reference:" in body_of(answer)


def test_markup_is_read_as_text(post: Post) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = FROM, ADDRESS, "电梯"
    message.set_content(
        "<html><head><style>p{}</style></head><body><p>电梯坏了。</p><script>alert(1)</script>"
        "<ul><li>三号楼</li><li>四号楼</li></ul></body></html>",
        subtype="html",
    )
    petition, _ = filed(post, message)
    assert petition.text.split() == ["电梯坏了。", "三号楼", "四号楼"]


def test_of_two_ways_to_say_it_the_plain_one_is_taken(post: Post) -> None:
    message = letter("电梯坏了，请修。")
    message.add_alternative("<p>电梯坏了，请修。</p><p>换了样子</p>", subtype="html")
    assert filed(post, message)[0].text.strip() == "电梯坏了，请修。"


def test_chinese_of_an_old_program_is_read(post: Post) -> None:
    raw = (
        b"From: a@example.test\r\nTo: petitions@house.test\r\nSubject: =?gb2312?B?tefM3Q==?=\r\n"
        b"Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + "電梯镕坏了".encode("gb18030")
    )
    post.put(raw)
    assert look() == {"filed": 1}
    assert (Petition.objects.get().subject, Petition.objects.get().text) == ("电梯", "電梯镕坏了")


def test_files_come_along_without_what_a_camera_wrote(post: Post) -> None:
    message = letter()
    message.add_attachment(WITH_TRACES, "image", "jpeg", filename="门口.jpg")
    petition, _ = filed(post, message)
    kept = Attachment.objects.get(petition=petition)
    assert (kept.name, kept.media_type) == ("门口.jpg", "image/jpeg")
    assert kept.size < len(WITH_TRACES)


def test_more_text_than_fits_comes_as_a_file(post: Post) -> None:
    petition, _ = filed(post, letter("电梯坏了。" * 6_000))
    assert len(petition.text) <= 20_000
    assert petition.attachments.get().name == "message.txt"


def test_without_a_word_but_with_a_file_it_is_a_petition(post: Post) -> None:
    message = letter("", subject="")
    message.add_attachment("事情的经过在这里。".encode(), "text", "plain", filename="经过.txt")
    petition, _ = filed(post, message)
    assert petition.attachments.count() == 1


# ---- threads


def reply_to(answer: EmailMessage, text: str, **head: str) -> EmailMessage:
    return letter(text, f"Re: {answer['subject']}", str(answer["reply-to"]), **head)


def test_a_reply_adds_to_its_petition(post: Post) -> None:
    petition, answer = filed(post)
    quoted = "\n".join(f"> {line}" for line in body_of(answer).splitlines())
    post.write(reply_to(answer, f"昨天又停了一次。\n\n{quoted}", sender="other@example.test"))
    assert look() == {"added": 1}
    assert Petition.objects.count() == 1
    entry = petition.entries.get(event="information-added")
    assert entry.contents["information"] == "昨天又停了一次。"
    assert post.sent[-1]["to"] == "other@example.test"
    assert key_in(answer) not in body_of(post.sent[-1])


@pytest.mark.parametrize("where", ["subject", "address"])
def test_the_token_alone_says_what_it_belongs_to(post: Post, where: str) -> None:
    petition, answer = filed(post)
    by = {
        "subject": ("你好", f"回复：{answer['subject']}", ADDRESS),
        "address": ("你好", "补充", str(answer["reply-to"])),
    }[where]
    post.write(letter(*by))
    assert look() == {"added": 1}
    assert petition.entries.filter(event="information-added").count() == 1


def test_the_same_sender_without_a_token_lodges_anew(post: Post) -> None:
    petition, _ = filed(post)
    post.write(letter("还有一件事：路灯坏了。", f"Re: {petition.ref}"))
    assert look() == {"filed": 1}
    assert Petition.objects.count() == 2


def test_a_token_that_was_made_up_adds_nothing(post: Post) -> None:
    petition, answer = filed(post)
    made_up = str(answer["reply-to"]).replace("@", "0@", 1)
    wrong = made_up.split("+")[0] + "+" + made_up.split("+")[1][:11] + "0" * 16 + "@house.test"
    post.write(letter("冒充", "补充", wrong))
    assert look() == {"filed": 1}
    assert not petition.entries.filter(event="information-added").exists()


def test_a_key_that_was_quoted_reaches_no_text(post: Post) -> None:
    petition, answer = filed(post)
    key = key_in(answer)
    post.write(reply_to(answer, f"我的查询码是 {key}，请看。"))
    look()
    assert key not in petition.entries.get(event="information-added").contents["information"]


def test_a_notice_can_be_replied_to(post: Post) -> None:
    petition, _ = filed(post)
    courier.deliver(NOW)
    notice = post.sent[-1]
    assert "电梯" not in str(notice["subject"]) + body_of(notice)
    assert Outbox.objects.filter(sent_at=None).count() == 0
    post.write(reply_to(notice, "收到了。"))
    assert look() == {"added": 1}
    assert petition.entries.filter(event="information-added").exists()


def test_what_can_no_longer_be_added_waits_for_an_officer_and_says_so(post: Post, cast: Any) -> None:
    petition, answer = filed(post)
    Petition.objects.filter(pk=petition.pk).update(state="closed-final", is_open=False)
    post.write(reply_to(answer, "还有一句。"))
    assert look() == {"aside": 1}
    assert petition.ref in body_of(post.sent[-1])
    assert MailAside.objects.get().why == "not-added"
    assert (post.left(), post.left("Huiyin-aside")) == (0, 1)


# ---- machines, and what is set aside


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automatic"),
        ({"Auto_Submitted": "auto-generated (rejected)"}, "automatic"),
        ({"Precedence": "bulk"}, "automatic"),
        ({"List_Id": "<news.example.test>"}, "list"),
        ({"List_Unsubscribe": "<mailto:x@example.test>"}, "list"),
        ({"sender": ADDRESS}, "own"),
        ({"sender": "petitions+7k3m9q2x4t.0000000000000000@house.test"}, "own"),
        ({"sender": "no-reply@mailer.test"}, "own"),
        ({"sender": "MAILER-DAEMON@example.test"}, "bounce"),
        ({"X_Spam_Flag": "YES"}, "spam"),
        ({"X_Spam_Status": "Yes, score=9.1"}, "spam"),
    ],
)
def test_a_machine_is_not_answered_and_nothing_of_it_is_dropped(
    post: Post, head: dict[str, str], why: str
) -> None:
    post.write(letter(**head))
    assert look() == {"aside": 1}
    assert MailAside.objects.get().why == why
    assert (post.sent, Petition.objects.count()) == ([], 0)
    assert (post.left(), post.left("Huiyin-aside")) == (0, 1)


def test_a_message_that_came_back_is_known_by_its_empty_return_path(post: Post) -> None:
    post.write(letter(), bounce=True)
    assert look() == {"aside": 1}
    assert MailAside.objects.get().why == "bounce"


def test_somebody_who_says_that_it_is_no_machine_is_believed(post: Post) -> None:
    filed(post, letter(Auto_Submitted="no"))


def test_two_machines_do_not_talk_to_one_another_for_ever(post: Post) -> None:
    petition, answer = filed(post)
    for n in range(door.ACKNOWLEDGED + 4):
        post.write(reply_to(answer, f"我在休假 {n}"))
        look()
    assert petition.entries.filter(event="information-added").count() == door.ACKNOWLEDGED + 4
    assert len(post.sent) == 1 + door.ACKNOWLEDGED


def test_what_the_server_put_among_advertising_is_looked_at(post: Post) -> None:
    post.put(letter().as_bytes(), "Junk")
    assert look() == {"aside": 1}
    assert MailAside.objects.get().why == "spam"
    assert (post.left("Junk"), post.left("Huiyin-aside")) == (0, 1)


def test_what_is_set_aside_is_kept_with_names_masked(post: Post) -> None:
    post.write(letter("我叫王小明，电话13800138000，买发票吗", X_Spam_Flag="YES"))
    look()
    row = MailAside.objects.get()
    for trace in ("王小明", "13800138000", "xiaoming"):
        assert trace not in f"{row.subject}{row.text}"
    assert row.body == "xf"


def test_what_an_officer_files_becomes_a_petition_with_its_receipt(post: Post, cast: Any) -> None:
    post.write(letter(X_Spam_Flag="YES"))
    look()
    assert by_mail.decide(MailAside.objects.all(), "file", by=cast["olga"], now=NOW) == 1
    assert look() == {"filed": 1}
    assert key_in(post.sent[-1])
    assert (post.left("Huiyin-aside"), MailAside.objects.count()) == (0, 0)
    assert look() == {}


def test_what_an_officer_closed_lies_there_for_a_month_and_can_be_filed_yet(post: Post, cast: Any) -> None:
    post.write(letter(X_Spam_Flag="YES"))
    look()
    by_mail.decide(MailAside.objects.all(), "close", closed_for="advertising", by=cast["olga"], now=NOW)
    look(NOW + timedelta(days=29))
    assert post.left("Huiyin-aside") == 1
    look(NOW + timedelta(days=31))
    assert (post.left("Huiyin-aside"), MailAside.objects.count(), Petition.objects.count()) == (0, 0, 0)


# ---- what cannot be taken


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 300_000_000)
    return packed.getvalue()


def test_a_bomb_is_refused_by_name_of_its_number_and_the_words_are_filed(post: Post) -> None:
    message = letter()
    message.add_attachment(bomb(), "application", "octet-stream", filename="材料.docx")
    message.add_attachment(jpeg(), "image", "jpeg", filename="楼.jpg")
    petition, answer = filed(post, message)
    assert [file.name for file in petition.attachments.all()] == ["楼.jpg"]
    assert "1.docx" in body_of(answer)
    assert (MailAside.objects.get().why, post.left("Huiyin-aside")) == ("files", 1)


def test_a_sixth_file_is_named_and_kept_in_the_mailbox(post: Post) -> None:
    message = letter()
    for n in range(6):
        message.add_attachment(f"第{n}页".encode(), "text", "plain", filename=f"{n}.txt")
    petition, answer = filed(post, message)
    assert petition.attachments.count() == 5
    assert "6.txt" in body_of(answer)
    assert post.left("Huiyin-aside") == 1


def test_a_message_that_is_too_large_is_not_fetched_and_says_what_to_do(post: Post, monkeypatch: Any) -> None:
    monkeypatch.setattr(door, "MOST_MB", 0)
    monkeypatch.setattr(Box, "whole", lambda *_: pytest.fail("it was fetched"))
    post.write(letter())
    assert look() == {"aside": 1}
    assert "/lodge/" in body_of(post.sent[-1])
    assert (MailAside.objects.get().why, post.left("Huiyin-aside")) == ("large", 1)


def test_an_encrypted_message_says_what_to_do(post: Post) -> None:
    raw = (
        letter()
        .as_bytes()
        .replace(
            b'Content-Type: text/plain; charset="utf-8"', b"Content-Type: multipart/encrypted; boundary=x"
        )
    )
    post.put(raw)
    assert look() == {"aside": 1}
    assert MailAside.objects.get().why == "encrypted"
    assert post.sent


@pytest.mark.parametrize(
    "raw",
    [
        b"From: =?utf-8?q?=00?= <>\r\nSubject: =?nope?x?y?=\r\nContent-Type: multipart/mixed; b\r\n\r\nx",
        b"\xff\xfe\x00no head at all",
        b"From: a@b@c\r\nTo: [\r\nContent-Type: text/plain; charset=\x00\r\n\r\n\x00\xd8words",
        b"Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\nx",
    ],
)
def test_a_message_that_is_broken_on_purpose_is_filed_or_set_aside(post: Post, raw: bytes) -> None:
    post.put(raw)
    assert sum(look().values()) == 1
    assert post.left() == 0
    assert Petition.objects.count() + MailAside.objects.count() >= 1


# ---- the same once only, whatever is killed


def test_the_same_message_twice_is_one_petition(post: Post) -> None:
    raw = letter().as_bytes()
    post.put(b"Received: by one\r\n" + raw)
    post.put(b"Received: by another\r\n" + raw)
    assert look() == {"filed": 1, "again": 1}
    assert (Petition.objects.count(), len(post.sent), post.left()) == (1, 1, 0)


def test_two_messages_with_one_id_are_two_petitions(post: Post) -> None:
    post.write(letter("一件事", message_id="<same@example.test>"))
    post.write(letter("另一件事", message_id="<same@example.test>"))
    assert look() == {"filed": 2}


class Killed(BaseException):
    """As if the process were gone: no handler of the house's sees it."""


def killed_at(monkeypatch: Any, place: Any, name: str, *, after: bool = False) -> Callable[[], None]:
    was = getattr(place, name)

    def dies(*args: Any, **more: Any) -> Any:
        if after:
            was(*args, **more)
        raise Killed

    monkeypatch.setattr(place, name, dies)
    return lambda: monkeypatch.setattr(place, name, was)


SEAMS = [
    (door, "_answer", False),
    (door, "_answer", True),
    (by_mail, "answered", False),
    (by_mail, "answered", True),
    (Box, "let_go", False),
    (Box, "set_aside", False),
    (by_mail, "set_aside", True),
    (door, "_send", False),
]


@pytest.mark.parametrize("with_bomb", [False, True])
@pytest.mark.parametrize("spam", [False, True])
@pytest.mark.parametrize("seam", SEAMS, ids=lambda s: f"{s[1]}-{'after' if s[2] else 'before'}")
def test_killed_anywhere_nothing_is_doubled_and_nothing_lost(
    post: Post, monkeypatch: Any, seam: tuple[Any, str, bool], spam: bool, with_bomb: bool
) -> None:
    message = letter(**({"X_Spam_Flag": "YES"} if spam else {}))
    if with_bomb:
        message.add_attachment(b"PK\x03\x04" + bytes(90), "application", "zip", filename="a.zip")
    post.write(message)
    place, name, after = seam
    mend = killed_at(monkeypatch, place, name, after=after)
    try:
        look()
    except Killed:
        assert post.left() + post.left("Huiyin-aside") > 0
    mend()
    look()
    assert post.left() == 0
    assert Petition.objects.count() == (0 if spam else 1)
    assert post.left("Huiyin-aside") == MailAside.objects.count() == int(spam or with_bomb)
    if not spam:
        keys = {key_in(answer) for answer in post.sent}
        assert len(keys) == 1
        assert len({answer["message-id"] for answer in post.sent}) == 1
        assert access.author_of(Petition.objects.get().ref, keys.pop())


def test_while_answers_are_refused_the_message_stays_and_others_go_on(post: Post) -> None:
    post.write(letter())
    post.refuses = "550 not today"
    assert look() == {"unanswered": 1}
    assert (Petition.objects.count(), post.left()) == (1, 1)
    post.refuses = ""
    assert look() == {"filed": 1}
    assert (Petition.objects.count(), post.left(), len(post.sent)) == (1, 0, 1)


def test_an_answer_that_is_refused_for_days_is_left_at_that(post: Post) -> None:
    post.write(letter())
    post.refuses = "550 no"
    look()
    look(NOW + timedelta(days=3))
    assert (Petition.objects.count(), post.left(), MailTaken.objects.get().answer) == (1, 0, None)


def test_joint_petitions_give_no_token(cast: Any) -> None:
    from huiyin.registry import threads
    from tests.cast import lodge

    walk = Walk(lodge(joint=True))
    assert threads.token_of(walk.petition) == ""
