"""The words of the annual report, in both languages of the house."""

from __future__ import annotations

from huiyin.core.text import Text

WORDS: dict[str, Text] = {
    "title": Text("{year}年信访工作年度报告", "Annual report on petitions, {year}"),
    "period": Text("报告期", "Period"),
    "made": Text("编制日期", "Made on"),
    "running": Text(
        "（本年度尚未结束，数字截至当日）", " (the year is not over: the figures are those of that day)"
    ),
    "log": Text("公开日志", "Public log"),
    "no_log": Text("还没有发布日志头", "no head of it is published yet"),
    "log_head": Text("{origin}，前 {size} 条", "{origin}, its first {size} leaves"),
    "contents": Text("目录", "Contents"),
    "none": Text("没有。", "None."),
    "from_record": Text(
        "数字来自本系统的记录（条例{article}）；少于五件的不说，只剩一处不说的，次小的一处也不说。",
        "From the record of the house ({article}). A number below five is not said; where one alone would "
        "be left out, the next smallest goes with it.",
    ),
    # ---- in short
    "in_short": Text("一、概要", "1. In short"),
    "answered": Text(
        "全年提出{number}。到期的处理意见有 {of} 件，其中 {share} 按期送达（把握范围 {sure}）。",
        "{number} were lodged. Of the opinions whose time was over, {share} were served in time (true "
        "share within {sure}, of {of}).",
    ),
    "no_answers": Text(
        "全年提出{number}。到期的处理意见太少，不说按期的比例。",
        "{number} were lodged. Too few opinions were due to say what share of them came in time.",
    ),
    "number_of": Text("{n} 件信访事项", "{n} petitions"),
    "at_least": Text("至少 {n} 件信访事项", "At least {n} petitions"),
    "few": Text("少于五件信访事项", "Fewer than five petitions"),
    "right": Text(
        "信访件多少、有多少人再次提出、走访或者联名，都不说明工作好坏；本报告里没有这样的数字。",
        "How many petition, come again, come in person or sign together says nothing of how well anybody "
        "works: no such figure is in this report.",
    ),
    "fixed_short": Text(
        "由信访件发现并解决的问题：{n} 个。", "Problems found from petitions and put right: {n}."
    ),
    # ---- what was lodged
    "lodged": Text("二、提出的信访事项", "2. What was lodged"),
    "classes": Text("各类信访事项", "Petitions by class"),
    "class": Text("类别", "Class"),
    "how_many": Text("件数", "How many"),
    "claim": Text("申诉求决", "Claims"),
    "suggestion": Text("建议意见", "Suggestions"),
    "report": Text("检举控告", "Reports against persons"),
    "subjects": Text("反映的主题", "What they were about"),
    "subject": Text("主题", "Subject"),
    "subjects_note": Text(
        "按工作人员在受理时确定的主题；什么都办理的单位受理的，不在其中。",
        "By the subject that officers decided on when they took a petition up; what bodies took up that "
        "decide on everything is not in it.",
    ),
    "no_subjects": Text("没有可以说的主题。", "There is no subject of which enough was decided to say it."),
    # ---- bodies
    "bodies": Text("三、有关单位", "3. The bodies concerned"),
    "most": Text(
        "受理最多的单位，旁边是答复的情况", "Bodies with most petitions, and how they answered them"
    ),
    "body": Text("单位", "Body"),
    "dealt": Text("涉及件数", "Petitions"),
    "answers": Text("已作答复", "Answers"),
    "in_time": Text("按期比例", "In time"),
    "sure": Text("把握范围", "True within"),
    "missed": Text("法定期限逾期", "Terms missed"),
    "carried": Text("报告做到", "Carried out"),
    "bodies_note": Text(
        "条例{article}要求报告被反映较多的单位。件数说明群众的难处在哪里，不说明哪个单位不好：不得排名、考核，也不得要求"
        "“降下来”。答复的情况看按期比例。不含检举控告。",
        "The law ({article}) wants the bodies named that most is brought to. That number says where "
        "people have difficulties, not which body is bad: it must not be ranked, assessed or “brought "
        "down”. How a body answered is what the share in time says. Reports against persons are not in "
        "it.",
    ),
    "months": Text(
        "处理意见按期送达的比例，按起算月份", "Opinions served in time, by the month in which the term began"
    ),
    "months_alt": Text(
        "每月一条：按期送达的比例，细线是把握范围。数字在下表。",
        "A bar a month: the share served in time, and a fine line for how sure that is. The table says "
        "the numbers.",
    ),
    "month": Text("月份", "Month"),
    "of": Text("共", "Of"),
    # ---- sent on
    "sent_on": Text("四、转送、交办和督办", "4. Sent on, assigned and supervised"),
    "steps": Text("各种步骤的次数", "How often each step was made"),
    "step": Text("步骤", "Step"),
    "times": Text("次数", "How often"),
    # ---- proposals
    "proposals": Text("五、三项建议和采纳情况", "5. Proposals and their adoption"),
    "adoption": Text("各种建议的答复", "What became of each kind"),
    "kind": Text("建议", "Proposal"),
    "sent": Text("提出", "Sent"),
    "full": Text("采纳", "Adopted"),
    "part": Text("部分采纳", "In part"),
    "not": Text("不采纳", "Not adopted"),
    "waiting": Text("未答复", "No answer yet"),
    "policy": Text("完善政策的建议和书面答复", "Proposals to improve policy, with the written answers"),
    "about": Text("建议什么", "What about"),
    "to": Text("送给", "To"),
    "sent_on_day": Text("日期", "On"),
    "answer": Text("采纳情况", "Answer"),
    # ---- problems
    "problems": Text("六、发现和解决的问题", "6. Problems found and put right"),
    "problems_note": Text(
        "问题是事不是人：同一处坏了，至少五件信访件、三种说法才列入。件数向下取到五的倍数。",
        "A problem is a thing, never a person: at least five petitions in three wordings speak of one. "
        "Their number is rounded down to a multiple of five.",
    ),
    "how_many_problems": Text("发现和解决了多少", "How many were found and put right"),
    "which": Text("是哪些问题", "Which they are"),
    "found": Text("本年发现", "Found this year"),
    "taken": Text("本年列入", "Taken up this year"),
    "done": Text("本年解决", "Put right this year"),
    "problem": Text("问题", "Problem"),
    "place": Text("地点", "Where"),
    "by": Text("责任单位", "By whom"),
    "standing": Text("情况", "How it stands"),
    "is_done": Text("已解决（{day}）", "put right ({day})"),
    "planned": Text("计划 {day} 前解决", "planned to be put right by {day}"),
    "no_plan": Text("还没有计划", "no plan yet"),
    # ---- measures
    "measures": Text("七、衡量指标", "7. Measures"),
    "plot": Text("按期、做到、改正的比例", "In time, carried out, corrected: of a hundred"),
    "plot_alt": Text(
        "每项指标一条，细线是把握范围。数字在下表。",
        "A bar for each measure, and a fine line for how sure it is. The table says the numbers.",
    ),
    "measures_caption": Text("各项指标的数字", "Measures with their numbers"),
    "measure": Text("指标", "Measure"),
    "comes_to": Text("结果", "Comes to"),
    "size": Text("共", "Of"),
    "definitions": Text("怎样计算，不得用来做什么", "How each is reckoned, and what it must not be used for"),
    "formula": Text("怎样计算", "How it is reckoned"),
    "never": Text("不得用来做什么", "What it must not be used for"),
    "extensions": Text("延长的期限", "Terms that were extended"),
    "term": Text("期限", "Term"),
    "extended": Text("延长", "Extended"),
    "whole": Text("共（已到期和延长的）", "Of (over or extended)"),
    "extensions_note": Text(
        "按期限和单位排列，不是排名。每次延长的理由写在给信访人的告知书里，不分类汇总。",
        "In the order of terms and bodies: no ranking. The reason of each stands in the notice to its "
        "author; reasons are not sorted into kinds.",
    ),
    # ---- assessment
    "assessed": Text("八、年度考核", "8. Yearly assessment"),
    "points_of": Text("各单位的得分", "Points of each body"),
    "points": Text("分", "Points"),
    "item": Text("项目", "Item"),
    "basis": Text("依据", "By"),
    "formula_of": Text("怎样计分", "How points are reckoned"),
    "not_issued": Text("未发出", "not issued"),
    "issued": Text("已发出", "issued"),
    "objected_to": Text("单位有异议，待决定", "objected to, not decided yet"),
    "decided": Text("异议已决定", "objection decided"),
    "assessed_note": Text(
        "按机构顺序排列，不是排名；范围重叠的单位分不出高下。计分公式在规则里（{article}），难的事项做到了得分更多，"
        "撤回、化解既不得分也不扣分，隐瞒、日期不实、迟延告知扣得最多。被反映多少从不计分。",
        "In the order of the bodies, not a ranking: bodies whose ranges overlap cannot be told apart. The "
        "formula stands in the rulebook ({article}); hard cases solved earn more, withdrawal and settlement "
        "earn and cost nothing, hiding, false dates and late notices cost most. How much a body is "
        "complained of is never assessed.",
    ),
    # ---- method
    "method": Text("九、方法和缺口", "9. Method and gaps"),
    "head": Text(
        "编制本报告时，公开日志有 {size} 条，根为 {root}。"
        "任何人都可以用公开日志重新计算期限的数字（huiyin verify）。",
        "When this report was made the public log had {size} leaves, and their root was {root}. Anybody "
        "can reckon the figures on terms anew from the log (huiyin verify).",
    ),
}

METHOD: tuple[Text, ...] = (
    Text(
        "期限的数字按期限起算的年份计入；步骤和建议按发生的日期计入。同一步骤重复发生的，每次都计。",
        "Terms are counted in the year in which they began; steps and proposals on the day on which they "
        "happened, each time that they did.",
    ),
    Text(
        "比例带 95% 的把握范围（Wilson）；天数说中位数和九成不超过的天数，逾期未办的算作最长。",
        "Shares have their 95 % interval (Wilson). Of days the middle is said, and what nine in ten do "
        "not exceed; what is overdue counts as longest.",
    ),
    Text(
        "检举控告只说总数，不按单位说；不计入任何单位的指标。",
        "Reports against persons are told as one sum, never by body, and are in no measure of a body.",
    ),
    Text(
        "本报告不含：渠道、层级、是否再次提出、是否联名；任何人的情况；任何工作人员的数字。",
        "Not in this report: by which channel, to which level, whether again or together; anything of a "
        "person; any figure of an officer.",
    ),
    Text(
        "缺口：已依法删除内容的信访件不再计入步骤和结论，但期限的数字仍在公开日志里；导入的历史数据只有来源所说的步骤；"
        "延长的理由是文字，不分类汇总；接待日只知道有没有取消或者改动。",
        "Gaps: of petitions whose content was erased by law, steps and outcomes are no longer counted, "
        "though how their terms were kept stands in the public log; imported ones have only the steps "
        "that their source tells; reasons of extensions are words and not sorted; of reception days it is "
        "known only whether they were called off or changed.",
    ),
)
