"""The words that give a badly told story away, as patterns over its text. Knows nothing of initiatives or of what follows."""

import re
from collections.abc import Sequence

_CAUSES = re.compile(r"\b(?:because|since|as)\b", re.IGNORECASE)


def _pattern(*phrases: str) -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])(?:" + "|".join(phrases) + r")(?![\w-])", re.IGNORECASE)


COMPANY_GOALS = _pattern(
    r"(?:hit|meet|make|reach|achieve|beat|exceed)(?:ing)? (?:our|your|their|the) (?:sales |revenue |annual |quarterly )?"
    r"(?:targets?|quotas?|numbers?|goals?|plan|forecast|budget)",
    r"(?:sell|sold|selling) more(?! than)",
    r"(?:up|cross)[- ]?sell(?:s|ing)?",
    r"market share",
    r"(?:grow|increase|boost|raise|drive|maximi[sz]e|lift|improve)(?:ing|s)? (?:our )?(?:revenues?|sales|margins?|profits?|arpu|"
    r"bookings|turnover|top line|bottom line|attach rates?|share of wallet)",
    r"(?:average )?revenue per (?:account|user|seat|customer)",
    r"our (?:margins?|revenues?|profits?|sales) (?:is|are|has|have|on|must|need)",
    r"behind (?:plan|budget|target|forecast)",
    r"attach rate",
    r"(?:reduce|lower|cut|fight|stop) (?:our )?churn",
    r"(?:share of wallet|arpu)",
    r"(?:leadership|management|corporate|the board|headquarters|investors) (?:has |have )?"
    r"(?:decided|wants?|expects?|asked|asks|demands?)",
    r"strategic (?:priority|initiative|imperative)",
    r"(?:too much|excess|clear (?:our|the)|old) (?:inventory|stock)",
    r"(?:earn|get|win|highest|your|extra|double) (?:the )?(?:highest |best |extra |your )?(?:commissions?|bonus(?:es)?|spiffs?)",
    r"our competitors? (?:is|are|has|have) (?:growing|winning|taking|ahead)",
    r"big opportunity (?:to|for us)",
    r"(?:our|the) (?:board|owners|shareholders|investors) (?:has |have )?(?:promised|wants?|expects?|asks?|decided)",
    r"(?:our )?most profitable (?:line|product|service|segment)",
    r"(?:percent|double[- ]digit) growth",
    r"back on (?:track|plan|budget)",
)
"""What a company wants for itself. A wall may name the company's own trouble, but a customer's has to stand in it."""

BUZZWORDS = _pattern(
    r"best[- ](?:in|of)[- ](?:class|breed)",
    r"world[- ]class",
    r"cutting[- ]edge",
    r"state[- ]of[- ]the[- ]art",
    r"next[- ]gen(?:eration)?",
    r"industry[- ]leading",
    r"market[- ]leading",
    r"game[- ]?chang(?:er|ing)",
    r"end[- ]to[- ]end",
    r"turnkey",
    r"holistic(?:ally)?",
    r"seamless(?:ly)?",
    r"frictionless",
    r"synerg(?:y|ies|istic)",
    r"leverag(?:e|es|ing)",
    r"empower(?:s|ed|ing)?",
    r"unlock(?:s|ing)? (?:value|potential|growth)",
    r"transform(?:ative|ational)",
    r"digital transformation",
    r"paradigm",
    r"ecosystem",
    r"(?:digital |ever[- ]changing |fast[- ]paced |threat )+landscape",
    r"fast[- ]paced",
    r"ever[- ]changing",
    r"today['’]s (?:world|environment|market)",
    r"at scale",
    r"trusted (?:advisor|partner)",
    r"value[- ]add(?:ed)?",
    r"consultative",
    r"(?:client|customer)[- ]centric(?:ity)?",
    r"thought leader(?:ship)?",
    r"move(?:s)? the needle",
    r"drive(?:s)? (?:outcomes|results|value)",
    r"low[- ]hanging fruit",
    r"mission[- ]critical",
    r"robust",
    r"innovative|innovation",
    r"disrupt(?:ive|ion)",
    r"stakeholders?",
    r"must[- ]have",
    r"one[- ]stop[- ]shop",
    r"best practices?",
    r"enterprise[- ]grade",
    r"journey",
    r"thrive",
    r"actionable(?: insights?)?",
    r"(?:data|ai|insight)[- ](?:driven|powered)",
    r"scalable",
    r"super[- ]?charg(?:e|es|ed|ing)",
    r"future[- ]proof(?:s|ed|ing)?",
    r"navigat(?:e|es|ing) (?:the )?complexity",
    r"agile|agility",
    r"solutioning|learnings",
)

ANYONE = _pattern(
    r"(?:show|explain|communicate|convey|demonstrate|articulate|sell)(?:s|ing)? (?:the |them |customers? |its |our )*(?:clear )?"
    r"(?:value|benefits?|advantages?)",
    r"peace of mind",
    r"(?:key )?(?:features and )?benefits",
    r"(?:all|every) (?:the )?features?",
    r"pain points?",
    r"(?:build|create)(?:ing)? (?:rapport|trust|urgency|excitement)",
    r"tailor(?:ed|ing)? (?:the |your )?(?:message|pitch|approach)",
    r"(?:make|making) it relevant",
    r"relevant to (?:their|the customer['’]s) (?:needs?|business)",
    r"talking points",
    r"on[- ]message",
    r"(?:overcom(?:e|ing)|handl(?:e|ing)) objections",
    r"(?:lead|be|sound|speak|with) (?:with )?(?:confiden(?:t|ce)|enthusias(?:tic|m))(?: and enthusiastic)?",
    r"call to action",
    r"(?:every|all|any) (?:customer|client|prospect|account|conversation|call|family|business|one)s?",
    r"everyone|everybody|anyone",
    r"(?:great|good|perfect) fit",
    r"their (?:unique )?(?:needs?|situation|challenges)",
    r"the customer['’]s (?:unique )?(?:needs?|situation|challenges)",
    r"make(?:s)? a difference",
    r"(?:offer|provide) (?:our )?(?:help|support|solution)",
    r"good for (?:them|the customer|you)",
    r"make(?: it)? (?:clear|easier)",
    r"great value",
    r"paint(?:s|ing)? (?:a|the) picture",
    r"connect(?:s|ing)? emotionally",
    r"with empathy",
    r"better future",
    r"push(?:es|ing)? for (?:a |the )?\w+",
    r"mention(?:s|ing)? (?:that|it)",
    r"understand (?:the customer['’]s|their) \w+",
)
"""What can be said to any customer of any company."""

DISCOVERY = _pattern(
    r"ask(?:s|ed|ing)?(?! for the (?:order|business|sale))",
    r"find(?:s|ing)?(?: out)?",
    r"look(?:s|ing)? (?:up|at|through|into)",
    r"(?:open|read|count|check|pull|measure|walk|rework|start|work|put|lay|pick)(?:s|ing)?(?: up| out| from| with)?",
    r"own",
    r"(?:this|their|his|her|the) (?:\w+['’]s )?(?:last|next|first) \w+",
    r"this \w+['’]s",
)
"""How a part reaches this customer: it asks or looks up something, or rests on something that is theirs."""

PLACEHOLDERS = re.compile(
    r"(?<!\w)(?:TBD|TBC|TODO|FIXME|XX+|lorem ipsum|to be (?:defined|determined|written|filled in)|fill (?:this )?in)(?!\w)"
    r"|<[^<>]{2,}>|\[[^\[\]]{2,}\]|\?\?\?+|\.\.\.\.+",
    re.IGNORECASE,
)

TROUBLE = _pattern(
    r"no|not|never|nobody|none|nothing|cannot|without|neither|nor|hardly|seldom|rarely|no longer|too|only|less|\w+n['’]t",
    r"los(?:e|es|ing|t|s)|fail\w*|broke\w*|break\w*|wrong|late|later|delay\w*|wait\w*|miss(?:es|ed|ing)?|left|leav(?:e|es|ing)|quit\w*|"
    r"cancel\w*|drop\w*|stop(?:s|ped)?|stuck|stood|stand still|waste\w*|cost(?:s|ing)?|paid|pay(?:s|ing)?|owe\w*|denied|refus\w*|"
    r"afraid|fear\w*|dread\w*|worr\w*|hate\w*|angry|burn(?:ed|t)?|distrust|believ\w*|guess\w*|complain\w*|trouble\w*|problem\w*|"
    r"struggl\w*|hard|difficult|short of|shortage|surpris\w*|hurt\w*|sick|fell|fall(?:s|en)?|stolen|damag\w*|bounce\w*|"
    r"rework|redo\w*|error\w*|mistake\w*|forg[eo]t\w*|skip\w*|put off|turn(?:ed)? down|gave up|given up|out of|behind|empty|"
    r"idle|unread|unsure|"
    r"rising|higher|shock\w*|risk\w*|threat\w*|instead of|again|twice|nowhere|challeng\w*|expensive|slow\w*|interrupt\w*|"
    r"overcharg\w*|ration\w*|alone|anxious|blame\w*|confus\w*|exposed|suffer\w*|unpaid|untreated|unhappy|emergenc\w*|outage\w*",
)
"""Signs that something is amiss for somebody. Broad on purpose: what counts is a wall without a single one."""

PRAISE = _pattern(
    r"awards?|proud(?:ly)?|pleased to|excited to|finest|award[- ]winning|since (?:18|19|20)\d\d|years of experience|leading",
    r"(?:percent|%) off|discount(?:ed)?|free (?:delivery|shipping|trial|month)|special offer|promotion",
    r"new (?:functions?|features?)|our (?:new|latest)",
)
"""A wall that praises the company or names a bargain is about the seller."""

SITUATIONS = _pattern(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?",
    r"january|february|march|april|june|july|august|september|october|november|december",
    r"mornings?|noon|afternoons?|evenings?|nights?|midnight|supper|lunch|dinner|weekends?|spring|summer|fall|autumn|winter|season",
    r"(?:minutes?|hours?|days?|weeks?|months?|years?|dollars?|cents?|percent|miles|inches|pounds)",
    r"(?:kitchen|counter|basement|truck|van|roof|garage|desk|lawn|door|window|phone|bill|invoice|receipt|ticket|drawer)s?",
)

_LAUNCHING = """
new launch launched launching introduce introducing offer offering offers product service solution program package plan
membership initiative brand our latest exciting excited announce announcing version edition line family feature called
now available customers
"""
LAUNCHING = frozenset(_LAUNCHING.split())
"""What is said of any launch: a hammer of these and its own name says nothing."""

_IMPORTANCE = """
important importance matter matters valuable value adds add needed need needs necessary essential key crucial critical good
better great really truly very vital relevant benefit benefits beneficial useful low high poor bad problem issue lack missing
enough without
"""
IMPORTANCE = frozenset(_IMPORTANCE.split())
"""Words that weigh a thing without saying anything of it."""


def found(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    """What of `text` a pattern hits, verbatim, each wording once."""
    return tuple(dict.fromkeys(match.group() for match in pattern.finditer(text)))


def clauses(text: str) -> Sequence[tuple[str, str]]:
    """(what is claimed, the reason given) for each because, since and as in a text; both within one sentence."""
    pairs = []
    for sentence in re.split(r"(?<=[.;:!?])\s+", text):
        for cause in _CAUSES.finditer(sentence):
            reason = re.split(r",|\band\b", sentence[cause.end() :], maxsplit=1)[0]
            pairs.append((sentence[: cause.start()], sentence[cause.start() : cause.end()] + reason))
    return pairs
