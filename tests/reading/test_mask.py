"""What is found in a text and what is left alone, on sentences of our own."""

from __future__ import annotations

import re
import string

import pytest

from huiyin.reading import mask
from tests.reading import planted

HIDDEN = {
    "telephone": [
        "电话13812345678",
        "手机：１３８ １２３４ ５６７８",
        "一三八一二三四五六七八",
        "0731-8888 1234转2",
        "1 3 8 1 2 3 4 5 6 7 8",
        "〇七三一八八八八一二三四",
        "（０１０）６６６６７７７７",
        "+91 98765 43210",
        "Call 07700 900123",
        "+44 7700 900123",
    ],
    "identity": [
        "身份证430102199001011234",
        "430102 19900101 123x",
        "４３０１０２１９９００１０１１２３４",
        "430102900101123",
        "身份证号4301**********1234",
        "4301 0219 9001 0112 34",
        "Aadhaar 2345 6789 0123",
        "AB 12 34 56 C",
    ],
    "passport": ["护照号码E12345678", "Passport AB1234567"],
    "bank": [
        "卡号6222 0212 3456 7890 123",
        "账户：43050162",
        "4111 1111 1111 1111",
        "打到6217001234567890129",
        "6217 0012 3456 7890 129",
        "GB29 NWBK 6016 1331 9268 19",
        "account number 12345678",
    ],
    "plate": [
        "湘A12345",
        "湘A·D12345",
        "湘 A 12345",
        "粤B1234学",
        "车牌京ａ8k123",
        "my car AB12 CDE was towed",
    ],
    "email": ["zhang.san@example.org", "ｚｈａｎｇ＠example.org"],
    "account": ["微信号zhang_san88", "QQ：12345678", "wechat id: zhangsan", "微信：li_04512"],
    "address": [
        "幸福路128号",
        "3栋2单元501室",
        "明月村七组155号",
        "二栋一单元",
        "十二栋三单元五〇二室",
        "住在5栋1202房",
        "幸福小区12号",
        "12 Oak Road",
        "Flat 3b",
        "SW1A 1AA",
        "1501室",
    ],
    "name": [
        "我叫张伟。",
        "姓名：欧阳娜娜",
        "联系人 李小明",
        "王主任说",
        "尊敬的易书记",
        "张某某",
        "My name is John Smith.",
        "Mrs. Brown said",
        "吴根福，男，",
        "杨女士来过",
        "向于老师求助",
        "去年七月，林晓峰家的院墙裂了",
        "钱打到了欧阳建华的卡上",
        "合同上写的是张陈美玲",
        "阿卜杜拉·买买提去了社区",
        "联系人：扎西次仁",
        "外教Maria Gonzalez没拿到工资",
        "Yesterday Priya Sharma came.",
        "We met Wang Xiaoming there.",
        "It was signed by Nkechi Okafor.",
        "Nobody but Nkechi Okafor has the key.",
        "The letter for Imogen MacLeod came back.",
        "罗火旺家盖了三层楼",
        "凭什么冯德元可以领补贴",
        "多亏邓财来帮忙",
    ],
}
LEFT = [
    "（2019）湘0102民初12345号判决书",
    "赔偿123456元，共13800000.00元",
    "《信访工作条例》第三十四条",
    "国办发〔2019〕12号",
    "2019年6月3号下午",
    "地铁3号线停运",
    "公安局长说明情况",
    "办公室主任不在",
    "关于主任的问题",
    "班主任布置作业",
    "县委书记接访",
    "县水利局、市人民医院",
    "12345热线、110、400-800-1234",
    "3栋的电梯坏了",
    "高级人民法院院长",
    "任课老师",
    "向阳小区的业主和平安物业没有签合同",
    "国家建设需要大家明白公平公正",
    "我们请求高度重视安全问题",
    "王府井大街上",
    "业主单位和施工方都在现场",
    "有关部门于今年解决何时开工的问题",
    "Victoria Road is dark. Tower Hamlets would act.",
    "二〇一九年三月五日",
    "居民区内没有路灯",
    "业主和物业发生矛盾",
    "Article 23.3 of the Regulation",
    "The City Council answered on 3 March 2026.",
    "Clean water should come by Spring Festival, the Water Bureau wrote.",
    "Lorries of Golden Bridge Construction pass; the Noise Regulations say seven.",
    "到梅溪湖的公交线路",
    "浮邱山上的寺庙要修",
    "It cost 1,234,567 pounds.",
    "I am Afraid of the dark road.",
    "受理编号 20260302000000123456 的回执",
    "路燈三個月不亮，門口很黑",
    "業主和物業發生矛盾",
    "居民區內沒有路燈",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in HIDDEN.items() for text in texts])
def test_what_names_or_reaches_a_person_is_found(kind: str, text: str) -> None:
    assert kind in {span.kind for span in mask.found(text)}, mask.masked(text)


@pytest.mark.parametrize("text", LEFT)
def test_what_names_nobody_is_left_alone(text: str) -> None:
    assert mask.masked(text) == text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("我叫陳大文，住在青禾縣禾苗街12號3棟502室。", "我叫〔姓名〕，住在青禾縣禾苗街〔门牌〕。"),
        ("張科長說不管。", "〔姓名〕科長說不管。"),
        ("黃小明先生和劉芳女士反映", "〔姓名〕先生和〔姓名〕女士反映"),
    ],
)
def test_names_in_traditional_letters_are_found(text: str, hidden: str) -> None:
    assert mask.masked(text) == hidden


def test_a_name_known_in_the_one_script_is_hidden_in_the_other() -> None:
    assert mask.masked("昨天陳小雲又來修燈", ("陈小云",)) == "昨天〔姓名〕又來修燈"


def test_the_placeholder_speaks_the_language_of_the_text() -> None:
    assert mask.masked("我的电话是13812345678。") == "我的电话是〔电话〕。"
    assert mask.masked("Write to a@example.org.") == "Write to [e-mail]."


def test_a_house_and_its_flat_are_one_address() -> None:
    assert mask.masked("住幸福路128号3栋2单元501室") == "住幸福路〔门牌〕"


def test_a_name_that_was_marked_once_is_one_everywhere() -> None:
    assert "张伟" not in mask.masked("我叫张伟。上周张伟去了窗口，窗口对张 伟说不行。")


def test_the_others_of_a_list_of_names_are_found() -> None:
    said = mask.masked("投诉人：张大伟、李小明和王五等人")
    assert not [name for name in ("张大伟", "李小明", "王五") if name in said]


def test_what_is_certain_is_masked_without_any_mark() -> None:
    known = ["陆云起", "Mary-Jane O'Neil", "010-6666 7777", "青石巷小院"]
    said = mask.masked("昨天陆 云起来了，住青石巷小院，打01066667777。", known)
    assert said == "昨天〔姓名〕来了，住〔姓名〕，打〔电话〕。"
    assert "neil" not in mask.masked("I told o'neil and MARY-JANE.", known).lower()


def test_masking_twice_changes_nothing() -> None:
    for texts in HIDDEN.values():
        for text in texts:
            once = mask.masked(text)
            assert mask.masked(once) == once


def test_of_planted_names_and_numbers_few_are_missed() -> None:
    """The figures of the threat model: `python -m tests.reading.planted` prints them."""
    score = planted.measure()
    assert score.numbers_missed == 0, score
    assert score.names_found / (score.names - score.bare) >= 0.9, score
    assert score.wrong / score.masked <= 0.05, score


def test_a_term_is_looked_for_wherever_its_pattern_could_find_it() -> None:
    """The quick look before a pattern is made must not miss what the pattern, blind to case, would find."""
    every = [chr(n) for n in range(0x110000) if not 0xD800 <= n <= 0xDFFF]
    cased = [one for one in every if not one == one.lower() == one.upper() == one.casefold()]
    for one in cased:
        for other in {one.lower(), one.upper(), one.swapcase(), one.casefold()} - {one}:
            if len(other) == 1 and re.fullmatch(re.escape(one), other, re.IGNORECASE):
                assert mask._folded(one) == mask._folded(other), (one, other)
    for match in re.finditer("[a-z]", "".join(every), re.IGNORECASE):
        alike = [letter for letter in string.ascii_lowercase if re.match(letter, match[0], re.IGNORECASE)]
        assert [mask._folded(match[0])] == alike, match[0]
