"""The words of what the courier sends. No notice names the matter: a mailbox may be read by others.

An author learns that there is news, and opens the page with the key. An officer learns which term ends when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from huiyin.core import rulebook
from huiyin.core.text import Text
from huiyin.registry import law, threads
from huiyin.registry.models import Clock, Petition
from huiyin.site import articles

NEWS = Text("编号 {ref} 有新进展", "News on {ref}")
NEWS_BODY = Text(
    "您好：\n\n"
    "您提出的编号 {ref} 的事项有新进展。\n"
    "请打开下面的网页，输入编号和查询码查看：\n\n"
    "{link}\n\n"
    "为保护您的隐私，本邮件不写内容。工作人员不会向您索要查询码。\n"
    "本邮件由系统自动发送，请勿回复。\n",
    "Hello,\n\n"
    "There is news on what you lodged under {ref}.\n"
    "To read it, open this page with your reference and your key:\n\n"
    "{link}\n\n"
    "To protect your privacy this message says nothing more. No officer will ever ask you for your key.\n"
    "It was sent automatically; please do not reply.\n",
)
NEWS_REPLY = Text(
    "您好：\n\n"
    "您提出的编号 {ref} 的事项有新进展。\n"
    "请打开下面的网页，输入编号和查询码查看：\n\n"
    "{link}\n\n"
    "要补充材料，请直接回复本邮件。\n"
    "为保护您的隐私，本邮件不写内容。工作人员不会向您索要查询码。\n",
    "Hello,\n\n"
    "There is news on what you lodged under {ref}.\n"
    "To read it, open this page with your reference and your key:\n\n"
    "{link}\n\n"
    "To add something, reply to this message.\n"
    "To protect your privacy this message says nothing more. No officer will ever ask you for your key.\n",
)
# Neither reference nor sender: a short message lies open on a telephone and at every relay.
SHORT = Text(
    "您提出的事项有新进展，请用编号和查询码查看：{link}",
    "There is news on what you lodged. Read it with your reference and your key: {link}",
)
KEY = Text("您申请的新查询码", "The new key that you asked for")
KEY_BODY = Text(
    "您好：\n\n"
    "有人说丢失了一件信访件的查询码。这是新的查询码：\n\n"
    "{key}\n\n"
    "它在 {day} 之后生效；在此之前，持有原查询码的人可以反对。原查询码在此之前仍然有效。\n"
    "请与您记下的编号一起使用：{link}\n"
    "如果您没有申请，请用原查询码打开信访件表示反对，并删除本邮件。\n\n"
    "为保护您的隐私，本邮件不写编号和内容。工作人员不会向您索要查询码。\n"
    "本邮件由系统自动发送，请勿回复。\n",
    "Hello,\n\n"
    "Somebody said that the key of a petition is lost. This is a new key:\n\n"
    "{key}\n\n"
    "It works after {day}; until then whoever holds the old key may object, and the old key still works.\n"
    "Use it with the reference that you wrote down: {link}\n"
    "If you did not ask for it, open the petition with the old key and object, and delete this message.\n\n"
    "To protect your privacy this message says neither reference nor matter. No officer will ever ask you "
    "for your key.\nIt was sent automatically; please do not reply.\n",
)
# Here the reference goes along: its author has never had one.
FIRST_KEY = Text("您的事项已转到这里办理", "What you lodged goes on here")
FIRST_KEY_BODY = Text(
    "您好：\n\n"
    "您在“{source}”提出、编号 {number} 的事项，已于 {day} 转到这里继续办理，期限仍从原来的日期算起。\n"
    "在这里查看和办理，请使用：\n\n"
    "编号：{ref}\n"
    "查询码：{key}\n\n"
    "{link}\n\n"
    "查询码现在就可以使用，请保存好，不要告诉任何人。工作人员不会向您索要查询码。\n"
    "为保护您的隐私，本邮件不写内容。本邮件由系统自动发送，请勿回复。\n",
    "Hello,\n\n"
    "What you lodged in “{source}” as number {number} was taken over on {day} and goes on here. Its terms "
    "run from the days that it had.\n"
    "To follow it and to act in it, use:\n\n"
    "Reference: {ref}\n"
    "Key: {key}\n\n"
    "{link}\n\n"
    "The key works from now on. Keep it, and give it to nobody: no officer will ever ask you for it.\n"
    "To protect your privacy this message says nothing of the matter. It was sent automatically; please do "
    "not reply.\n",
)
REMINDER = Text("期限提醒：{ref} {clock} {due} 到期", "Reminder: {ref}, {clock}, due {due}")
REMINDER_BODY = Text(
    "您好：\n\n"
    "编号 {ref} 的“{clock}”期限将于 {due} 到期（{under}）。\n"
    "请登录工作台办理：\n\n"
    "{link}\n\n"
    "本邮件由系统自动发送，请勿回复。\n",
    "Hello,\n\n"
    "The term “{clock}” of {ref} ends on {due} ({under}).\n"
    "Please sign in to your desk:\n\n"
    "{link}\n\n"
    "This message was sent automatically; please do not reply.\n",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent, apart from to whom."""

    subject: str
    body: str
    reply_to: str = ""


def to_author(petition: Petition) -> Letter:
    """News for the author, in the language they lodged in; a reply adds to it where this house reads mail."""
    link = f"{settings.PUBLIC_URL}/follow/"
    if reply_to := threads.reply_address(petition):
        said = _said(petition.language, NEWS, NEWS_REPLY, ref=petition.ref, link=link)
        return Letter(f"{said.subject} [{threads.token_of(petition)}]", said.body, reply_to)
    return _said(petition.language, NEWS, NEWS_BODY, ref=petition.ref, link=link)


def short(petition: Petition) -> str:
    """News for the author's telephone, in the language they lodged in."""
    return SHORT.format(link=f"{settings.PUBLIC_URL}/follow/").say(petition.language)


def new_key(petition: Petition, key: str, until: date) -> Letter:
    """A new key, without the reference that it belongs to."""
    link = f"{settings.PUBLIC_URL}/follow/"
    return _said(petition.language, KEY, KEY_BODY, key=key, day=Text.of_weekday(until), link=link)


def first_key(petition: Petition, key: str) -> Letter:
    """The first key of a case that was taken over from an older system, with all that it takes to use it."""
    moment = petition.brought_in_at or petition.lodged_at
    return _said(
        petition.language,
        FIRST_KEY,
        FIRST_KEY_BODY,
        source=petition.source,
        number=petition.source_id,
        day=Text.of_weekday(law.at(moment, petition.jurisdiction)[1]),
        ref=petition.ref,
        key=key,
        link=f"{settings.PUBLIC_URL}/follow/",
    )


def to_officers(petition: Petition, clock: Clock) -> Letter:
    """A reminder for those who must act, in the language of the house."""
    book = rulebook.by_id(clock.rulebook)
    return _said(
        settings.LANGUAGE_CODE,
        REMINDER,
        REMINDER_BODY,
        ref=petition.ref,
        clock=book.clocks[clock.name].text,
        due=Text.of_weekday(clock.due),
        under=articles.cite_whole(clock.article, clock.rulebook),
        link=f"{settings.PUBLIC_URL}/desk/p/{petition.ref}/",
    )


def _said(language: str, subject: Text, body: Text, **values: object) -> Letter:
    return Letter(subject.format(**values).say(language), body.format(**values).say(language))
