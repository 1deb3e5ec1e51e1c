"""The labels behind the template words: codes of the house and of the calendar, each once."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.core.text import Text

WEEK = Text("周", "", "週")
TONGUES = {"zh-hans": "简体", "zh-hant": "繁體"}  # shorter than what Django calls them
LABELS = {
    "running": pgettext_lazy("clock", "running"),
    "paused": pgettext_lazy("clock", "paused"),
    "met": pgettext_lazy("clock", "met"),
    "missed": pgettext_lazy("clock", "missed"),
    "lapsed": pgettext_lazy("clock", "lapsed"),
    "weekend": _("weekend"),
    # The packaged calendars name each country's holidays in its own language.
    "元旦": _("New Year's Day"),
    "春节": _("Spring Festival"),
    "清明": _("Qingming Festival"),
    "劳动节": _("Labour Day"),
    "端午": _("Dragon Boat Festival"),
    "中秋": _("Mid-Autumn Festival"),
    "国庆节": _("National Day"),
    "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日": _("70th anniversary of victory in the war"),
    "New Year's Day": _("New Year's Day"),
    "New Year's Day (substitute day)": _("New Year's Day (substitute day)"),
    "Good Friday": _("Good Friday"),
    "Easter Monday": _("Easter Monday"),
    "May Day": _("May Day"),
    "Spring Bank Holiday": _("Spring Bank Holiday"),
    "Late Summer Bank Holiday": _("Late Summer Bank Holiday"),
    "Christmas Day": _("Christmas Day"),
    "Christmas Day (substitute day)": _("Christmas Day (substitute day)"),
    "Boxing Day": _("Boxing Day"),
    "Boxing Day (substitute day)": _("Boxing Day (substitute day)"),
    # Grounds for leaving time out of a term.
    "hearing": pgettext_lazy("ground", "hearing"),
    "test": pgettext_lazy("ground", "test"),
    # Why a later date stays although the calendar would now give an earlier one.
    "kept": _("the date told before stands"),
}
