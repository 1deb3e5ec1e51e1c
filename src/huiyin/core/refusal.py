"""Why a move was refused: one value, rendered by every door with the same code everywhere.

A refusal is an ordinary truthy object, told apart by its type; "allowed" is never what one falls into.
Codes are kebab-case and permanent: they are part of the API.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from huiyin.core.text import Text


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str
    reason: Text
    article: str = ""
    fields: Mapping[str, Text] = field(default_factory=dict)  # content name -> what is wrong with it


def refuse(
    code: str, article: str = "", *, fields: Mapping[str, str] | None = None, **values: object
) -> Refusal:
    """Make the refusal of that code. Raises KeyError for a code that is not in REASONS."""
    wrong = {name: FIELD_REASONS[why] for name, why in (fields or {}).items()}
    return Refusal(code, REASONS[code].format(**values), article, wrong)


REASONS: dict[str, Text] = {
    "unknown-move": Text("没有“{verb}”这种操作", "there is no move {verb!r}"),
    "not-in-this-law": Text("{rulebook} 中没有“{verb}”这一步", "{rulebook} has no move {verb!r}"),
    "wrong-state": Text(
        "当前状态是“{state}”，不能进行这一步",
        "the petition is in the state “{state}”, which does not allow this",
    ),
    "wrong-body": Text("这一类单位不能进行这一步", "this kind of body may not make this move"),
    "wrong-class": Text("这一类信访事项不适用这一步", "this move does not apply to petitions of this class"),
    "wrong-target": Text(
        "不能送往这一类单位；检举控告只能移送纪检监察等机关",
        "it may not be sent to that kind of body; reports go to the discipline organ",
    ),
    "wrong-role": Text("您的角色不能进行这一步", "your role may not make this move"),
    "contents": Text("有内容缺少或者不对", "something is missing or wrong in what the move says"),
    "moved-meanwhile": Text(
        "别人刚刚先办了一步；请看最新情况再办", "somebody else acted first; look again before you act"
    ),
    "tried-too-often": Text(
        "这一分钟里输错的次数太多。请对照回执核对，稍等再试；正确的查询码随时可以打开",
        "too many wrong keys in this minute; compare with the receipt and try again shortly. The right key "
        "opens at any time",
    ),
    "mistyped": Text(
        "编号和查询码对不上：可能有一个字母或数字输错、漏了。请逐个核对回执",
        "reference and key do not go together as typed: one letter or digit is probably wrong or missing; "
        "compare them with the receipt",
    ),
    "erased": Text("这个信访件的内容已于 {day} 删除", "the content of this petition was erased on {day}"),
    "not-found": Text("没有这个信访件，或者查询码不对", "no such petition, or the key is wrong"),
    "term-over": Text("期限已于 {due} 届满", "the term ended on {due}"),
    "term-not-over": Text("期限要到 {due} 才届满", "the term runs until {due}"),
    "clock-not-running": Text("这一期限没有在计算", "that clock is not running"),
    "clock-not-late": Text("这一期限没有过期", "that clock is not past due"),
    "clock-unchanged": Text("重新计算没有改变到期日", "reckoning it anew changes nothing"),
    "already-extended": Text("办理期限只能延长一次", "the term can be extended only once"),
    "took-part-before": Text(
        "您参与过前一阶段的办理，应当由其他人员办理",
        "you took part in an earlier stage; another person must act",
    ),
    "no-higher-body": Text("没有登记上一级机关", "no next higher body is on record"),
    "not-next-higher": Text(
        "只能请上一级机关办理：原单位所属的政府，或者同系统的上一级单位",
        "only a next higher body can look at it: that of its government's line or of its sector's",
    ),
    "accused-body": Text(
        "检举控告不得转给被检举控告的单位、其下级单位",
        "a report may not go to the body it is about, nor to one that answers to it",
    ),
    "outside": Text("该单位不在本系统内，不能直接转送", "that body is not served by this installation"),
    "same-body": Text("不能送给自己", "it is already with that body"),
    "no-served-rereview": Text(
        "不再受理须以已送达的复核意见为前提；该编号的信访件没有",
        "“no longer accepted” needs a served re-review opinion; that petition has none",
    ),
    "comparison-differs": Text(
        "比对中有事实或者理由不同，应当受理",
        "the comparison finds different facts or reasons: it must be taken up",
    ),
    "prior-needed": Text(
        "以正在办理为由不予受理，须写明正在办理的信访件编号",
        "declining because it is being handled needs the reference of that petition",
    ),
    "prior-not-in-time": Text(
        "该信访件没有在期限内办理，不能以此为由不予受理",
        "that petition is not being handled in time: this ground is not open",
    ),
    "no-letter": Text("还没有可以交付的文书", "there is no letter yet that could be handed over"),
    "service-day": Text(
        "送达日期须在出具日（{issued}）与今天（{today}）之间",
        "the day of service lies between the day of issue ({issued}) and today ({today})",
    ),
    "clock-running": Text("这一期限已经在计算，到 {due} 届满", "that term runs already, until {due}"),
    "posting-day": Text(
        "登载视为送达的日期是期限届满之日（{due}）",
        "what is posted counts as served on the day its term ends ({due})",
    ),
    "term-past": Text("期限须晚于今天", "the term must lie after today"),
    "requests-unlisted": Text(
        "还没有逐项列出信访人的诉求；请先列出",
        "the requests have not been listed yet; list them first",
    ),
    "requests-listed": Text(
        "诉求已经列出；可以增加，不能重列",
        "the requests have been listed; one can be added, none taken away",
    ),
    "request-unanswered": Text(
        "还有诉求没有答复：{requests}",
        "a request is not answered yet: {requests}",
    ),
    "not-as-submitted": Text(
        "文字与负责人签发的稿子不一致；改动后须重新提交审签",
        "this is not the text that was signed; once changed, it is submitted for signature again",
    ),
    "the-same-again": Text(
        "重新作出的意见不得以同一事实和理由作出相同的结果，这几项与被撤销的意见相同：{requests}",
        "an opinion made anew may not come to the same result on the same facts and reasons; these answers "
        "are those of the one that was set aside: {requests}",
    ),
    "not-published-here": Text(
        "这里适用的规则没有开启复核意见的公示", "the law in force here does not turn publication on"
    ),
    "nothing-to-publish": Text("没有可以公示的复核意见", "there is no re-review opinion to publish"),
    "not-the-masked-text": Text(
        "文本与遮盖后的复核意见不一致：只能把字换成“〔隐去〕”，不能恢复已遮盖的内容，也不能改写",
        "this is not the masked opinion: words may only be replaced by “[hidden]”; nothing that is masked "
        "can be shown, and nothing rewritten",
    ),
    "own-proposal": Text(
        "公示是您自己提议的，应当由其他负责人审批", "you proposed it yourself; another head must approve it"
    ),
    "own-draft": Text(
        "这份稿子是您自己起草的，应当由其他负责人签发",
        "you wrote this draft yourself; another head must sign it",
    ),
    "own-draft-unexplained": Text(
        "这份稿子是您自己起草的，又没有其他人可以签发：请在说明中写明这一点",
        "you wrote this draft yourself and nobody else can sign it: say so in the note",
    ),
    "hearing-open": Text("听证尚未结束", "a hearing is still open"),
    "no-hearing": Text("没有正在进行的听证", "no hearing is open"),
    "withdrawing": Text(
        "已要求撤回，尚未生效；请先取消撤回",
        "a withdrawal is pending; take it back first",
    ),
    "question-closed": Text(
        "这次征集已经截止，或者只接受建议", "that question is closed, or takes suggestions only"
    ),
    "meeting-over": Text("见面的日期要晚于今天", "the day of the meeting lies after today"),
    "meeting-to-come": Text("见面的日期还没有到", "that meeting has not been held yet"),
    "meeting-at-home": Text(
        "见面在公开的接待场所，不到任何人家里", "a meeting is at a place open to everybody, never at a home"
    ),
    "not-hard": Text(
        "办理满 {days} 天仍未办结，或者复核后尚未执行的，才确定包案领导；不看其他情形",
        "a responsible leader is named when a matter is open for {days} days, or not carried out after "
        "re-review; nothing else counts",
    ),
    "not-withdrawing": Text("没有待生效的撤回", "no withdrawal is pending"),
    "no-remedy-due": Text("没有待执行的内容", "nothing is waiting to be carried out"),
    "nobody-in-charge": Text("还没有确定经办人", "nobody is in charge of it yet"),
    "on-oneself": Text("不能决定自己是否回避", "nobody decides on their own recusal"),
    "recusal-waits": Text(
        "回避申请还没有决定，决定以后才能更换经办人",
        "a request for recusal waits for its decision; only then can somebody else be put in charge",
    ),
    "not-without-object": Text(
        "回避申请还有对象，不能终结", "the request for recusal still has somebody it is about"
    ),
    "somebody-left": Text("本单位还有人员可以办理", "somebody is left in the body who may handle it"),
    "stepped-back": Text("该工作人员已经回避本事项", "that officer has stepped back from this petition"),
    "gives-up-petitioning": Text(
        "“{words}”是要求放弃信访或者限制人的内容：任何协议、意见、补偿、救助都不得以此为条件，请删去后再提交",
        "“{words}” gives up petitioning or holds somebody back: no agreement, opinion, payment or relief may "
        "ask for that; take it out and send again",
    ),
    "no-purpose": Text(
        "“{words}”不是拆封身份信息的用途：维护稳定、劝阻、掌握人的去向都不是。"
        "只为送达、按其选择的方式联系、核实关系、抢救生命",
        "“{words}” is no purpose to open an identity: stability, holding somebody back or knowing where they "
        "go are none. It opens to serve, to contact as the author chose, to verify standing, to save a life",
    ),
    "own-second-person": Text(
        "您已经经手这一申请，须由另一个人决定", "you had a hand in this already; another person decides"
    ),
    "not-your-opening": Text(
        "拆封是同意给申请人本人的，其他人不能使用",
        "the opening was allowed to the officer who asked, and to nobody else",
    ),
    "another-purpose": Text(
        "与同意的用途不一致；请按同意的用途拆封，或者重新申请",
        "that is not the purpose that was allowed; open it for that one, or ask anew",
    ),
    "no-custodian": Text(
        "没有其他条线的保管员可以决定；请管理员先设保管员",
        "no body of another line has a custodian; an administrator has to give that role first",
    ),
    "no-auditor": Text(
        "没有审计员可以决定；请管理员先设审计员",
        "no auditor looks at this body; an administrator has to give that role first",
    ),
    "kept-too-long": Text(
        "暂不告知信访人的截止日须在今天之后、{days} 天以内",
        "the day until which it is kept from the author lies ahead, and within {days} days",
    ),
    "from-mediation": Text(
        "“{words}”出自调解记录：调解中说的话不能用在决定里；请用另外查明的事实来写",
        "“{words}” comes from the record of the mediation: what was said there may not be used in a "
        "decision; write from facts that were found otherwise",
    ),
    "nothing-promised": Text("协议中单位没有承担任何事项", "the agreement binds the body to nothing"),
    "hearing-too-soon": Text(
        "听证日期不得早于 {earliest}", "the hearing may be held on {earliest} at the earliest"
    ),
    "chair-needed": Text(
        "参加人中须有且只有一名主持人，且没有参与过本事项的办理",
        "those who take part include exactly one chair, who had no part in handling the matter",
    ),
    "task-past": Text("任务的期限已经过去", "the day set for a task lies in the past"),
    "not-imported": Text("只有导入的数据可以这样录入", "only an imported data set may be recorded like this"),
    "officer-elsewhere": Text(
        "该工作人员不在承办单位", "that officer does not serve at the body that holds it"
    ),
    "not-linked": Text("没有与其他信访件关联", "it is linked with no other petition"),
    "no-successor": Text(
        "该单位不是承继单位，或者原单位与此件无关",
        "it is the successor of no body that this petition is with",
    ),
    "no-arbiter": Text(
        "没有共同的上一级机关，也没有可以协调的联席会议",
        "there is no body above both on record, and no joint conference",
    ),
    "not-bounced": Text("没有被交还两次", "it was not sent back twice"),
    "not-above-both": Text(
        "只有两个单位共同的上级可以裁定：请选本单位以下的单位，或者由上级裁定",
        "only a body above both may decide: choose one below yours, or leave it to a body above both",
    ),
    "called-in": Text("已经请该单位协办", "that body was called in already"),
    "owes-nothing": Text("没有等待本单位提出的协办意见", "no contribution is asked of your body"),
    "no-contribution-late": Text("没有逾期的协办意见", "no contribution is late"),
    "contribution-owed": Text(
        "还在等待协办单位的意见；逾期的，可以说明理由后继续办理",
        "a contribution is awaited; once it is late you may say why you go on without it",
    ),
    "has-left": Text(
        "对方系统可能已经收到，不能再停止移交；请等待对方答复，或者在“系统间移交”中再试；满三日没有任何答复的，可以收回",
        "the other installation may have it already, so it cannot be called back: wait for its answer, or "
        "try again under “Between installations”; after three days without any answer it can be taken back",
    ),
    "may-answer": Text(
        "对方系统还可能答复：移交满三日没有收到任何答复的，才可以收回",
        "the other installation may still answer: it can be taken back after three days without any answer",
    ),
    "recalled-there": Text(
        "这件信访事项已经从该系统收回，对方还没有确认；确认以前不能再移交给它，可以通过其他途径转送",
        "it was taken back from that installation, which has not confirmed it yet: until then it cannot go "
        "there again; send it another way",
    ),
    "others-signed": Text(
        "还有其他人联名；您可以只取消自己的联名，信访事项继续办理",
        "others have signed it too: take your own signature back, and it goes on for them",
    ),
    "joint-stays": Text(
        "联名信访事项不能移交另一系统：每位联名人各有查询码和封存的身份，只有一名信访人的才能一并移交；请用书面函件转送",
        "a joint petition does not go to another installation: each who signs has a key and a sealed "
        "identity of their own, and only those of one author can go along; send it on by letter",
    ),
    "report-stays": Text(
        "检举控告不移交另一系统：内容和身份在这里封存，也无法确认那里是否有人听命于被检举控告的人；请移送本系统内的纪检监察等机关",
        "a report does not go to another installation: words and identity lie under seal here, and nobody "
        "here can tell who there answers to the accused; hand it to the discipline organ that is served here",
    ),
    "others-not-asked": Text(
        "还有其他人共同投诉：达成协议或者和解，应当先经每一名投诉人同意，并在表中确认",
        "others complain too: each of them has to agree to a settlement first; confirm that in the form",
    ),
    "last-signature": Text(
        "您是最后一名联名人；要结束这一信访事项，请使用“撤回”",
        "yours is the last signature: to end the petition, withdraw it",
    ),
    "no-invitation": Text("没有这份联名邀请，或者它已经结束", "there is no such invitation, or it has ended"),
    "number-differs": Text("联名人数与实际不符", "there is another number of signatures"),
    "not-above": Text(
        "您所在的单位不是该单位的上级，也不是其上级的信访部门",
        "your body stands neither above that body nor is it the petition office of one that does",
    ),
    "higher-supervises": Text(
        "已由更高一级单位督办，由其了结",
        "a higher body supervises this now; it alone closes it",
    ),
    "not-higher": Text(
        "只有比现在的督办单位更高一级的单位可以提级督办",
        "only a body above the one that supervises now can take it over",
    ),
    "already-part": Text(
        "这是从混合信访件拆分出的一部分，不能再拆分",
        "this is a part of a mixed petition already and cannot be split again",
    ),
    "unsure": Text(
        "信访人不确定这是哪一类：请先分类，再转出去",
        "its author was not sure which class it is: sort it before it is sent on",
    ),
    "request-lost": Text(
        "拆分后没有一件包含这项请求：{request}",
        "after splitting no part would hold this request: {request}",
    ),
    "not-left-behind": Text(
        "同一信访件的其他部分还没有答复，或者这一部分还有期限在计算",
        "no other part of the same letter is answered yet, or a term still runs for this part",
    ),
    "imported-whole": Text("导入的信访件不能拆分", "an imported petition cannot be split"),
    "sorted-otherwise": Text(
        "这一件已分类为“{sorted_as}”；要改走别的途径，请先重新分类并说明理由",
        "it was sorted as “{sorted_as}”; to take another route, sort it anew and say why",
    ),
    "prior-in-time": Text(
        "另一机关正在期限内办理；逾期以后您可以要求在这里办理",
        "the other body is still in time; once it is late you may have it taken up here",
    ),
    "simple-again": Text("简易办理只适用于初次信访事项", "the simple track is for first petitions only"),
    "simple-joint": Text("联名的信访事项不适用简易办理", "a joint petition does not fit the simple track"),
    "simple-assigned": Text(
        "上级交办的信访事项不适用简易办理", "what a superior assigned does not fit the simple track"
    ),
    "report-lost": Text(
        "检举控告拆分后，至少有一部分仍应是检举控告",
        "a report that is split keeps at least one part that is a report",
    ),
    "live-registry": Text(
        "正式运行的系统不接受补记时间；只有标明演示或者导入的数据可以",
        "a live registry refuses to back-date; only one marked as a demonstration or an import allows it",
    ),
    "no-key-drawn": Text(
        "查询码还没有发出：信没有打印，邮件也没有发送",
        "the key has not gone out: no letter was printed and no e-mail sent",
    ),
    "no-takeover": Text(
        "没有正在进行的接入“{source}”；请先由管理员开始",
        "no takeover from {source!r} is under way: an administrator begins it first",
    ),
    "after-takeover": Text(
        "这一时间晚于开始接入的时间（{began}）；此后的事情在这里办理，不能补记",
        "that time lies after the takeover began ({began}): what happens since then is done here, not told",
    ),
    "takeover-over": Text(
        "申请复查的期限已于 {due} 届满，这一件已经办结；只接入没有办结的",
        "the term to ask for review ended on {due}, so this one is closed: only open cases are taken over",
    ),
    "time-runs-back": Text("时间早于上一步（{last}）", "that time lies before the last step ({last})"),
    "already-imported": Text(
        "这一行（{source_id}）已经导入过", "this row ({source_id}) has been imported already"
    ),
    "search-empty": Text("请输入要查找的词", "write the words to look for"),
    "search-too-long": Text(
        "查找的内容太长：最多 100 个字符、8 个词",
        "that is too much to look for: at most 100 characters and 8 words",
    ),
    "search-too-short": Text(
        "每个词至少两个字，而且至少要有一个要查找的词，例如“漏水”",
        "write words of at least two letters or characters, and one that is to be found, such as “leak”",
    ),
    "search-person": Text(
        "这里查事，不查人：不能按姓名、电话、证件号、银行账号、门牌查找。"
        "请输入事情本身的词，例如“电梯 漏水”；要找某一件，请输入它的编号，"
        "例如 HY-7K3M9-Q2X4T。如果这不是人名，请换一个词",
        "this finds matters, not people: no name, telephone, identity, bank or house number is looked for. "
        "Write words of the matter, such as “lift leak”; to open one petition, write its reference, such as "
        "HY-7K3M9-Q2X4T. If this is no name, try another word",
    ),
    "search-number": Text(
        "不按数字查找，数字可能指向某个人。请去掉数字，按日期请用下面的筛选；要找某一件，请输入完整编号",
        "numbers are not looked for, as one may lead to a person. Leave them out; for dates use the filters "
        "below; to open one petition, write its whole reference",
    ),
    "search-no-such-ref": Text(
        "没有这个编号，或者您看不到它；请核对每一位",
        "no such reference, or you may not see it; compare each letter",
    ),
    "no-body": Text("没有可以接收的单位", "no body here can receive it"),
    "attachment": Text("附件不能接收", "an attachment cannot be taken"),
    "idempotency-mismatch": Text(
        "同一个 Idempotency-Key 已用于另一份内容", "that Idempotency-Key was used for a different petition"
    ),
}

FIELD_REASONS: dict[str, Text] = {
    "required": Text("必须填写", "this is required"),
    "unchosen": Text("请选择", "choose one"),
    "unknown": Text("没有这一项", "there is no such field"),
    "too-long": Text("太长了", "this is too long"),
    "no-contact": Text(
        "信访人没有留下可以收信的联系方式，请改用邮寄",
        "the author left no contact that can be written to; send it by post",
    ),
    "choice": Text("请从列出的选项中选择", "choose one of those listed"),
    "date": Text("请写成 2026-03-02 这样的日期", "write a date such as 2026-03-02"),
    "next-higher": Text("请从两个上一级机关中选择", "choose one of the next higher bodies"),
    "ahead": Text("须晚于今天", "this day must lie after today"),
    "days": Text("请写 1 到上限之间的整数天", "write a whole number of days from 1 up to the maximum"),
    "number": Text("请写 1 到上限之间的整数", "write a whole number from 1 up to the maximum"),
    "rows": Text("请逐项填写", "fill in the rows one by one"),
    "too-few": Text("项数不够", "there are too few"),
    "request-number": Text("没有这个序号的诉求", "there is no request of that number"),
    "file": Text("没有这个序号的附件", "there is no attachment of that number"),
    "ref-form": Text("请写成 HY-7K3M9-Q2X4T 这样的编号", "write a reference such as HY-7K3M9-Q2X4T"),
    "only-reports": Text(
        "只有检举控告才写被检举控告的单位", "only a report names the bodies that are reported"
    ),
    "body": Text("没有这个单位", "there is no such body"),
    "officer": Text("没有这个工作人员", "there is no such officer"),
    "ref": Text("没有这个编号，或者您看不到它", "no such reference, or you may not see it"),
    "no-purpose": Text("这里写的不是拆封身份信息的用途", "this is no purpose to open an identity"),
    "task": Text("没有这一项任务", "there is no such task"),
    "letter": Text("没有这份文书", "there is no such letter"),
    "text": Text("这里要填写文字", "this must be text"),
    "flag": Text("请写 true 或 false", "write true or false"),
}
