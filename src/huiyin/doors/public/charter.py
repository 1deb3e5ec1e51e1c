"""The charter, in both languages: what Huiyin is for, and what it will never do.

The English words are those of docs/charter.md; a test holds them together.
"""

from huiyin.core.text import Text

OPENING: tuple[Text, ...] = (
    Text(
        "回音把诉求送到有权处理的机关，并在法律规定的期限内，把说明理由的答复带回来。它为窗口两边的人而设："
        "提出诉求的人有凭证，每一步都看得见；答复的工作人员有好用的工作台，"
        "下一步怎样做才对，一目了然。",
        'Huiyin (回音, "an answer comes back") carries a grievance to the body that can decide it, and '
        "carries a reasoned answer back inside the time the law allows. It belongs to both sides of the "
        "counter: the person who asks gets proof and sight of every step; the officer who answers gets a "
        "desk that makes the right next step the easy one.",
    ),
    Text(
        "信访工作可能被滥用，去监视、阻拦或者惩罚信访人。没有被改动过的回音做不了这样的事。"
        "下面十项承诺高于一切功能。违反其中任何一项的改动，不论由谁提出，一律拒绝；"
        "每一项都由 `tests/promises/` 下的测试守护。",
        "Handling petitions can be abused to watch, hold back or punish the people who petition. An "
        "unmodified Huiyin cannot serve that. These ten promises rank above every feature. A change that "
        "would break one is refused, whoever asks for it, and each is kept by tests under "
        "`tests/promises/`.",
    ),
)
# Each promise: its head, and what it says.
PROMISES: tuple[tuple[Text, Text], ...] = (
    (
        Text("只记事，不记人。", "Matters, not persons."),
        Text(
            "任何地方都不汇集一个人提出过什么：没有个人档案、历史、备注、标签、评分、类别或者名单；"
            "工作人员不能按姓名、电话、住址、身份证件号码、设备或者人脸查找，无论在栏目里还是在文字里。"
            "一件事项自己的来龙去脉（办理、复查、复核）从事项或者查询码找到，从不从人找到。"
            "信访人可以用自己的查询码汇集自己的信访件，其他任何人都不可以。健康、信仰、民族、"
            "情绪和“态度”一概不记录。",
            "Nothing gathers what one person has petitioned about: no person record, history, note, label, "
            "score, category or list, and no staff search by name, phone, address, identity number, device "
            "or face, in fields or in texts. A matter's own chain (handling, review, re-review) is found "
            "from the matter or from a key, never from a person. Petitioners can gather their own "
            "petitions with their own keys; nobody else can. Health, belief, ethnicity, mood and "
            '"attitude" are never recorded.',
        ),
    ),
    (
        Text("不预测人。", "No forecasting of people."),
        Text(
            "文字分析只看问题：什么坏了、在哪里、有多少人反映。不预测、不排序、不预警谁会信访、出行、"
            "聚集或者再来。",
            "Text analysis looks at problems: what is broken, where, how many report it. Nothing predicts, "
            "ranks or warns about who will petition, travel, gather or return.",
        ),
    ),
    (
        Text("任何形式的信访都是权利。", "Petitioning is a right in every form."),
        Text(
            "向上级提出、当面提出、再次提出、共同提出：从不对任何信访人或者单位计为不利，从不成为警报。"
            "法律规定由哪个机关受理、或者何时不再受理的，那是针对事项、说明理由的决定，可以请求审查，"
            "不在任何人身上留下印记。办结、和解、付款、救助，都不要求也不奖励不再信访的承诺。",
            "Going to a higher body, coming in person, coming again, coming together: never counted "
            "against anyone, petitioner or unit; never an alert. Where the law names which body takes a "
            "petition up, or when one is not taken up again, that is a reasoned decision about the matter, "
            "open to challenge, and leaves no mark on anyone. Neither closing, settlement, payment nor "
            "relief asks for or rewards a promise not to petition.",
        ),
    ),
    (
        Text("不跟踪，不阻拦。", "No tracking, no holding back."),
        Text(
            "不记录位置、行踪、家人和交往。联系方式只用来答复；保存的关系只有谁可以在这一信访件中行事。"
            "任务只有一份封闭清单上的几种，每一项都与补救、告知、听证、现场查看或者接待场所相连；"
            "人从来不是任务的对象。除送达文书或者应本人要求听取意见外，不主动去找任何人。",
            "No location, movement, family or contacts. Contact details serve only to answer; the only "
            "relations kept are who may act in this petition. Tasks are of a closed list of kinds, each "
            "bound to a remedy, notice, hearing, site check or reception place; a person is never the "
            "object of a task. Nobody is sought out uninvited, except to serve a document or to hear them "
            "at their request.",
        ),
    ),
    (
        Text("身份密封。", "Identity is sealed."),
        Text(
            "身份栏目在录入时即密封，不论由谁录入，录入的程序自己也读不回来；文字中的姓名，"
            "除办理该信访件的人员外，一律遮盖。拆封须有具名的工作人员和封闭清单上的用途，"
            "信访人在规定的时间内看得到。",
            "Identity fields are sealed at entry, whoever enters them, by a process that cannot read them "
            "back; names in texts are masked for all but the petition's handlers. Opening a seal needs a "
            "named officer and a purpose from a closed list, and the petitioner sees it within a stated "
            "time.",
        ),
    ),
    (
        Text("谁也不审自己的案子。", "Nobody judges their own case."),
        Text(
            "检举控告从不到达被检举控告的人或者单位，也不到达其下属：文件不到，数目不到，连它的存在也不到。"
            "申诉求决交给法律规定有权处理的机关，即使涉及该机关自己的行为；在那里，"
            "参与过该行为或者有直接利害关系的人既不办理也看不到，并在提交之前告知信访人由谁办理。复查、"
            "复核由另外的机关、另外的人员进行。",
            "A report against persons never reaches the person or unit reported, or anyone who answers to "
            "them: not the file, not a count, not its existence. A claim goes to the body that the law "
            "makes competent, even where its own act is at issue; there, whoever took part in that act or "
            "has a direct interest neither handles nor sees it, and the petitioner is told before sending "
            "who will. Review and re-review are by another body and other people.",
        ),
    ),
    (
        Text("什么都不会消失。", "Nothing vanishes."),
        Text(
            "每一信访件都留下回执，离线即可证明本站已经确认、何时确认、哪一个期限在计算或者法律没有规定期限"
            "；收录之后，还证明它在外界监看的日志之中。收录的承诺没有兑现，回执本身就是证据。"
            "删除按法定期限进行，销毁内容，留下墓碑，从不破坏证明。",
            "Every petition leaves a receipt that shows, offline, that the operator acknowledged it, when, "
            "and which clock runs or that the law sets none; once included, that it stands in a log which "
            "outsiders watch. A broken promise of inclusion is itself proved by the receipt. Erasure "
            "follows the legal schedule, destroys the content, leaves a tombstone, and never breaks the "
            "proof.",
        ),
    ),
    (
        Text("衡量单位，看它的答复：", "Bodies are measured by their answers:"),
        Text(
            "是否按期、是否说理、是否执行。从不看信访、申请复查、提出异议、"
            "反映受到压力或者给出差评的人有多少，也不看撤回或者和解的有多少。",
            "in time, reasoned, carried out. Never by how few petition, ask for review, dispute, complain "
            "of pressure or rate badly, nor by how many withdraw or settle.",
        ),
    ),
    (
        Text("规则公开。", "The rules are open."),
        Text(
            "每一个期限都显示依据哪一条、怎样计算。每一个公布的数字，任何人都能从公开日志重新算出；"
            "细到不宜公布的，日志里也没有。",
            "Each deadline shows the article it comes from and how it was reckoned. Each published figure "
            "can be recomputed by anyone from the public log; what is too fine to publish is not in the "
            "log either.",
        ),
    ),
    (
        Text("人人能用。", "Anyone can use it."),
        Text(
            "不需要账号，不需要留名（登记和办理照样进行；通知由持有查询码的人查看）；写信、打电话、当面、"
            "由人帮助或者由机器都可以；用平实的语言，用旧手机，用读屏软件，不收费。",
            "Without an account, without giving a name (registration and handling still hold; notices go "
            "to the holder of the key), by letter, phone, visit, helper or machine; in plain language, on "
            "an old phone, with a screen reader, free of charge.",
        ),
    ),
)
