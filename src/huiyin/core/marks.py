"""The marks of a case: small facts of law that rows leave and other rows ask for.

They belong to the closed vocabulary (`vocabulary.py`): a mark that is not in this file is refused when the
rulebook is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.core.text import Text


@dataclass(frozen=True, slots=True)
class Mark:
    """A small fact of law about one case: what is told when it is missing, and when it stands in the way."""

    missing: Text
    present: Text


# What a case may be marked with, by name. Facts of the procedure alone: never one about a person (charter 1).
# A row asks for them with `when` and leaves them with the effects below.
MARKS: dict[str, Mark] = {
    "pressure": Mark(
        Text("不是关于因信访受到压力的举报", "it is no report of pressure for having petitioned"),
        Text("这是关于因信访受到压力的举报", "it is a report of pressure for having petitioned"),
    ),
    "unsure": Mark(
        Text("信访人没有说不确定是哪一类", "its author did not say that they are unsure"),
        Text("信访人不确定这是哪一类", "its author is not sure which class it is"),
    ),
    "key-asked": Mark(
        Text("没有待处理的新查询码申请", "nobody has asked for a new key"),
        Text("新查询码的申请还在处理", "a new key has been asked for"),
    ),
    "key-coming": Mark(
        Text("没有待生效的新查询码", "no new key is on its way"),
        Text("新查询码还在反对期内", "a new key is on its way"),
    ),
    "keyless": Mark(
        Text("信访人已有查询码", "its author holds a key"),
        Text("信访人还没有查询码", "its author holds no key yet"),
    ),
    "recusal-asked": Mark(
        Text("没有待决定的回避申请", "no request for recusal waits for a decision"),
        Text("回避申请还在等待决定", "a request for recusal waits for its decision"),
    ),
    "recusal-refused": Mark(
        Text("没有被驳回的回避申请", "no request for recusal was refused"),
        Text(
            "回避申请已被驳回，可以向上一级机关再申请一次",
            "it was refused; the body above may be asked once",
        ),
    ),
    "recusal-upward": Mark(
        Text("没有由上一级机关决定的回避申请", "no request for recusal is with the body above"),
        Text("回避申请正由上一级机关决定", "the body above decides on the request for recusal"),
    ),
    "recusal-settled": Mark(
        Text("上一级机关没有作过回避决定", "the body above has not decided on a recusal"),
        Text(
            "上一级机关已经决定；换了经办人以后可以再申请",
            "the body above has decided; ask again about another officer",
        ),
    ),
    "stepped-back": Mark(
        Text("没有人回避", "nobody stepped back"), Text("已有人员回避", "somebody stepped back")
    ),
    # Opening the seal of a report, and another authority's demand: code of the body where the second person
    # serves, sign-in names of the officers who had a hand in it, and the purpose that was asked for.
    "opening-asked": Mark(
        Text("没有待决定的拆封申请", "no request to open waits for a decision"),
        Text("拆封申请还在等待保管员决定", "a request to open waits for the custodian"),
    ),
    "opening-allowed": Mark(
        Text(
            "拆封检举控告的身份信息须先经保管员同意",
            "the identity behind a report opens only once a custodian agrees",
        ),
        Text("拆封已经同意，还没有使用", "an opening is allowed and not used yet"),
    ),
    "purpose": Mark(
        Text("没有说明用途", "no purpose was named"), Text("已经说明用途", "a purpose was named")
    ),
    "hands": Mark(
        Text("没有人经手", "nobody had a hand in it"), Text("已有人经手", "somebody had a hand in it")
    ),
    "demanded": Mark(
        Text("没有待办的调取身份信息要求", "no demand for the identity is open"),
        Text("调取身份信息的要求还没有办结", "a demand for the identity is open"),
    ),
    "custodian-owes": Mark(
        Text("保管员已经决定", "the custodian has decided"),
        Text("还在等待保管员决定", "the custodian has not decided yet"),
    ),
    "demand-auditor": Mark(
        Text("没有等待审计员决定的要求", "no demand waits for the auditor"),
        Text("已定由审计员决定", "an auditor decides on a demand"),
    ),
    "auditor-owes": Mark(
        Text("没有等待审计员决定", "nothing waits for the auditor"),
        Text("还在等待审计员决定", "the auditor has not decided yet"),
    ),
    "demand-granted": Mark(
        Text("保管员和审计员没有都同意", "custodian and auditor have not both agreed"),
        Text("保管员和审计员都已同意", "custodian and auditor have both agreed"),
    ),
    "author-wrote": Mark(
        Text("没有待回复的留言", "no message of the petitioner waits for an answer"),
        Text("信访人的留言还没有回复", "a message of the petitioner waits for an answer"),
    ),
    "linked": Mark(
        Text("没有与其他信访件关联", "it is linked with no other petition"),
        Text("已经与同一事项的信访件关联", "it is linked with others on the same matter already"),
    ),
    "sent": Mark(
        Text("没有转送出去而对方未收下的", "nothing was sent on that is not taken"),
        Text("已经转送，对方尚未收下", "it was sent on and is not taken yet"),
    ),
    "mediation-offered": Mark(
        Text("没有待答复的调解提议", "no offer of mediation waits for an answer"),
        Text("调解提议还在等待信访人答复", "an offer of mediation waits for the petitioner's answer"),
    ),
    "mediating": Mark(
        Text("没有正在进行的调解", "no mediation is going on"), Text("调解还在进行", "mediation is going on")
    ),
    "mediated": Mark(
        Text("没有调解记录", "nothing was recorded of a mediation"),
        Text("有调解记录", "a record of a mediation is kept apart"),
    ),
    "settlement-proposed": Mark(
        Text("没有待信访人同意的协议", "no agreement waits for the petitioner's consent"),
        Text("协议还在等待信访人同意", "an agreement waits for the petitioner's consent"),
    ),
    "agreed-on": Mark(
        Text("还没有达成协议", "nothing is agreed"), Text("已经达成协议", "an agreement was made")
    ),
    "author-asked": Mark(
        Text("没有待补充的材料", "nothing was asked of the petitioner"),
        Text("已经请信访人补充", "the petitioner has been asked"),
    ),
    "expert-asked": Mark(
        Text("没有委托鉴定或者专家意见", "no expert opinion is commissioned"),
        Text("专家意见还没有作出", "an expert opinion is awaited"),
    ),
    "hearing-asked": Mark(
        Text("没有待答复的听证申请", "no request for a hearing waits for an answer"),
        Text("听证申请还在等待答复", "a request for a hearing waits for its answer"),
    ),
    "hearing-called": Mark(
        Text("没有已经公告的听证", "no hearing is announced"),
        Text("已经公告的听证还没有结束", "a hearing is announced and not over"),
    ),
    "hearing-held": Mark(
        Text("没有等待作出结论的听证", "no hearing waits for its conclusion"),
        Text("听证还没有作出结论", "the hearing has not been concluded"),
    ),
    "sat-on": Mark(
        Text("听证还没有开始", "no hearing has been opened"), Text("听证已经开始过", "a hearing was opened")
    ),
    "test-awaited": Mark(
        Text("没有逾期未出的检验鉴定结果", "no overdue test result is awaited"),
        Text("检验鉴定结果逾期未出", "an overdue test result is awaited"),
    ),
    "term": Mark(
        Text("没有定下检验鉴定的完成日期", "no day is set for a test"),
        Text("已定下检验鉴定的完成日期", "a day is set for the test"),
    ),
    "signatures": Mark(
        Text("不是联名信访事项", "it is not a joint petition"),
        Text("是联名信访事项", "it is a joint petition"),
    ),
    "invited": Mark(
        Text("没有待答复的见面邀请", "no invitation is waiting for an answer"),
        Text("已经约请见面，等信访人答复", "an invitation is waiting for the petitioner's answer"),
    ),
    "led": Mark(
        Text("还没有确定包案领导", "no responsible leader is named"),
        Text("已经确定包案领导", "a responsible leader is named already"),
    ),
    "leader-read": Mark(
        Text("领导还没有阅信", "no leader has read it"), Text("领导已经阅信", "a leader has read it already")
    ),
    "leader-met": Mark(
        Text("包案领导还没有与信访人见面", "the responsible leader has not met the petitioner"),
        Text("包案领导已经与信访人见面", "the responsible leader has met the petitioner"),
    ),
    "plan-adopted": Mark(
        Text("还没有化解方案", "no plan is adopted"), Text("已经有化解方案", "a plan is adopted already")
    ),
    "leader-reported": Mark(
        Text("包案领导还没有报告", "the responsible leader has not reported"),
        Text("包案领导已经报告", "the responsible leader has reported"),
    ),
    "conferred": Mark(
        Text("还没有会商", "no case conference has dealt with it"),
        Text("已经会商", "a case conference has dealt with it"),
    ),
    "publication-proposed": Mark(
        Text("没有等待负责人审批的公示提议", "no proposal to publish waits for the head"),
        Text("公示的提议还在等待负责人审批", "a proposal to publish waits for the head"),
    ),
    "publication-announced": Mark(
        Text("没有告知信访人将要公示", "the petitioner was not told of a publication"),
        Text("已经告知信访人将要公示", "the petitioner was told of the publication"),
    ),
    "published": Mark(
        Text("复核意见没有公示", "the opinion is not published"),
        Text("复核意见已经公示", "the opinion is published already"),
    ),
    "publication-ended": Mark(
        Text("没有因为异议或者撤下而不再公示", "no objection and no withdrawal bars its publication"),
        Text("信访人不同意公示，或者公示后已撤下", "its author objected, or it was taken down"),
    ),
    "rated": Mark(
        Text("还没有评价", "it has not been rated"), Text("已经评价过", "it has been rated already")
    ),
    "simple": Mark(
        Text("没有走简易办理", "it is not on the simple track"),
        Text("正在简易办理", "it is on the simple track"),
    ),
    "left-simple": Mark(
        Text("没有转为普通程序", "it was not put back on the ordinary track"),
        Text("已经转为普通程序", "it was put back on the ordinary track already"),
    ),
    "refused-for": Mark(
        Text("不是因为另一机关正在办理而没有受理", "it was not declined for another body's sake"),
        Text("因为另一机关正在办理而没有受理", "it was declined because another body handles it"),
    ),
    "asked-upwards": Mark(
        Text("信访人没有请求向上级反映", "the author has not asked to have it presented"),
        Text("已经请求向上级反映", "the author has asked already"),
    ),
    "danger": Mark(
        Text("没有人说明有紧急危险", "nobody has said that there is urgent danger"),
        Text("已经说明有紧急危险", "the danger is known already"),
    ),
    "danger-reported": Mark(
        Text("紧急情况还没有上报", "the danger was not reported up yet"),
        Text("紧急情况已经上报", "the danger was reported up already"),
    ),
    "crossing": Mark(
        Text("没有在移交另一系统的途中", "it is not on its way to another installation"),
        Text(
            "正在移交另一系统，等对方收下；请稍候再办",
            "it is on its way to another installation, which has yet to take it: wait a little",
        ),
    ),
    "crossed": Mark(
        Text("没有移交另一系统", "it was not handed over to another installation"),
        Text("已移交另一系统", "it was handed over to another installation"),
    ),
    "recalled": Mark(
        Text("没有从另一系统收回", "it was not taken back from another installation"),
        Text(
            "已从另一系统收回，对方还没有确认",
            "it was taken back from another installation, which has not confirmed it yet",
        ),
    ),
    "adopted": Mark(
        Text("不是从另一系统接收的", "it was not taken over from another installation"),
        Text("是从另一系统接收的", "it was taken over from another installation"),
    ),
    "returned": Mark(
        Text("没有被交还过", "it was never given back"), Text("已经被交还过", "it was given back before")
    ),
    # Supervision (art. 40): about bodies. The path of codes to the body that must answer, the code of the
    # body that wrote last and how many levels it stands above, and the day on which a body was found evasive.
    "supervised": Mark(
        Text("没有未了结的督办", "no letter of supervision is open"),
        Text("已有未了结的督办", "a letter of supervision is open already"),
    ),
    "supervising": Mark(
        Text("没有督办单位", "no body supervises it"), Text("已有督办单位", "a body supervises it already")
    ),
    "supervision-level": Mark(
        Text("没有督办层级", "no level supervises it"), Text("已有督办层级", "a level supervises it already")
    ),
    "evasive": Mark(
        Text("没有认定推诿、敷衍", "no body was found to evade it"),
        Text("已认定推诿、敷衍", "a body was found to evade it already"),
    ),
    "unanswered": Mark(
        Text("没有发现这一部分没有答复", "this part was not found to be left unanswered"),
        Text("已经发现这一部分没有答复", "this part was found to be left unanswered already"),
    ),
    "sorting": Mark(
        Text("还没有分类", "it has not been sorted"), Text("已经分类", "it has been sorted already")
    ),
    "submitted": Mark(
        Text("还没有提交审签的稿子", "no draft has been submitted for signature"),
        Text("已经提交审签", "a draft has been submitted for signature"),
    ),
    "countersigned": Mark(
        Text("还没有经负责人签发", "the head of the body has not countersigned it"),
        Text("负责人已经签发", "the head of the body has countersigned it"),
    ),
}

# The marks of a request for recusal that nobody has decided on.
WAITING = ("recusal-asked", "recusal-upward")
