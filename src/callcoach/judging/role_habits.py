"""The turns of phrase that tell a rep from a customer on the telephone, as patterns a person can read and mend.

Each is a habit of one side of sales calls, none a word of one trade or of one writer. Knows nothing of who says them.
"""

from collections.abc import Mapping

# where somebody calls from: "this is Ana over at Tallgrass"
PLACES = r"(?:with|from|at|over at|over with|here at|down at|out at|back at|of|calling from|over here at)"

# searched in text in lower case without punctuation, whole words only; "(?<=^ )" is the beginning of a turn
PATTERNS: Mapping[str, str] = {
    "introduces": (
        rf"(?:this is|it's|it is|my name is|my name's|i'm|i am) (?:\w+ ){{1,3}}{PLACES}"
        rf"|(?<=^ )(?:\w+ ){{1,5}}{PLACES} \w+"
    ),
    "asks_for": (r"(?:is this|is that|am i speaking|speaking with|may i speak|can i speak|trying to (?:get|reach)|looking for)"),
    "says_why_calling": (
        r"(?:i'm|i was|i am|reason i'm|reason i|reason for my|just) (?:calling|reaching out|following up|checking in)"
        r"|calling (?:you|on|to see|to follow|to let|to check|to confirm|about your|because you)"
        r"|reason (?:for (?:my|the)|i|i'm) call"
        r"|wanted to (?:reach|check|follow|touch|let you|see if|tell you|talk to you|go over|catch|share|show)"
        r"|reach(?:ing)? out|i have you (?:with|down|at|on)|i see (?:you|here|that you)|you asked (?:me|us|about)"
        r"|did i catch you|catch you at"
    ),
    "minutes_please": (
        r"(?:got|have) (?:a|two|five|ten|a couple|a few|couple|like a) (?:of )?(?:minute|second|sec|minutes)"
        r"|is (?:this|now) (?:a|an) (?:good|okay|bad|ok)|i'll be (?:quick|brief)|won't take (?:long|much)|real quick"
        r"|quick question"
    ),
    "called_in": (
        r"calling (?:about (?:my|a|the)|because (?:i|my|we|our))"
        r"|i (?:got|have) (?:a|an|the|your|this) (?:letter|bill|email|notice|question|problem|charge)"
        r"|i(?:'m| was) wondering|i'd like to (?:buy|order|cancel|return|ask|know)|i need (?:to|a|some)"
    ),
    "serves": (
        r"how (?:can|may) i help|what can i do for you|help you (?:with|today)|thanks? (?:you )?for (?:calling|your call)"
        r"|look that up|pull (?:that|it|you|your)|on your account|your account|your file|put (?:a|in a) ticket"
        r"|transfer you|hold on for me"
    ),
    "offers": (
        r"i (?:can|could) (?:send|set|get|put|email|book|have|do|show|give|text|add|order|start|sign|come|hold|do)"
        r"|i'll (?:send|email|put|set|get you|follow|check|text|have|add|call you|book|note|make|see you|mail|go ahead)"
        r"|(?:would|do|did) you (?:like|want|rather|prefer|be open)|want me to|shall (?:i|we)"
        r"|can i (?:set|send|put|ask|get|tell|sign|book)|how (?:does|would|about) (?:that|it|if|we)"
        r"|would it (?:make|help|be)|what if (?:i|we)|open to"
        r"|let me (?:send|tell|show|ask|get|put|set|read|pull|give|explain|check|find)|let's (?:get|set|do|put|look|start)"
        r"|we can (?:get|set|do|put|have|start|send)|make sense|sound (?:good|fair|okay|like)"
    ),
    "probes": (
        r"how (?:many|often|long have|do you|are you|is your|did|much (?:time|of your))"
        r"|what do you (?:use|do|have|usually|guys)|who (?:handles|does|do you|takes|signs|else)"
        r"|are you (?:still|currently|using|guys|all)|do you (?:have|guys|ever|still|use|currently|know how|mind|remember)"
        r"|did you (?:get|have|ever|see|hear|know)|what happens when|tell me (?:about|what|how|more)|walk me through"
        r"|may i ask|mind if i|have you (?:ever|had|been|heard|thought|seen|got)|what(?:'s| is| was) your"
        r"|when was the last|how's (?:the|your|that|it)|what would you|where do you|what did you"
    ),
    "weighs": (
        r"how much|what(?:'s| is) (?:it|that|the catch|the cost|the price|in it|this|the difference)"
        r"|what does (?:it|that|this)"
        r"|(?:do|can|could|would|will|should) (?:i|we) (?:have|need|still|keep|get|pay|be|lose|use|cancel|want|care|do)"
        r"|why (?:would|should|do|did|are|is|can't|don't) (?:i|we|you|you guys|that|they|it|this)|what happens if"
        r"|what if (?:it|they|my|he|she)|is (?:it|that|there|this) (?:extra|more|a|any|the|free|going|still|per|on|like)"
        r"|does (?:it|that|this) (?:work|cost|cover|mean|come|do|include|go|change)|so what|what do i"
        r"|what would (?:it|that) (?:do|mean)|and (?:it's|that's) (?:free|the same|how)"
        r"|are you (?:selling|trying|telling|saying)|you're (?:telling|saying|selling)|you (?:guys|people)|y'all|you folks"
    ),
    "holds_back": (
        r"i don't (?:know|need|think|want|see|have time|really|get it|even|care|trust)|not interested"
        r"|i'm (?:good|fine|busy|all set|not sure|driving|at|in the)|send me|email me"
        r"|(?:let me|have to|need to|gotta|i'll) (?:think|talk to|ask my|ask|look at it|read)|think about it|i guess"
        r"|we'll see|call me|make it quick|what do you (?:need|want|got)|who is this|who's this|i already|we already"
        r"|never heard|sounds (?:like a|expensive)|that's a lot|can't afford|i got a (?:customer|call|guy)|i gotta"
        r"|i have to (?:go|run|get)|go ahead|go on|what is it|what about it|i remember|nobody (?:told|tells|ever|called)"
    ),
    "mine": (
        r"(?:my|our) (?:wife|husband|mom|mother|dad|father|son|daughter|kids|kid|boy|girl|brother|sister|boss|partner"
        r"|guys|crew|office|shop|store|house|kitchen|truck|trucks|van|vans|doctor|dentist|accountant|bookkeeper|landlord"
        r"|neighbor|lawyer|board|bill|phone|account|insurance|team|manager|old|last)"
    ),
    "we_did": (
        r"(?:we|we've|we'll|we're) (?:also |just |now |actually |have )?(?:built|launched|offer|provide|looked|look at"
        r"|found|started|rolled|put together|designed|created|introduced|call it|ran the|went back|went through|went over"
        r"|counted|asked our|measured|noticed|read|track|guarantee|cover|carry|come out|send|bill you|charge|test|show"
        r"|see a lot|hear|work with|serve|can get you|can do|could do|can have|can set|can put)"
    ),
    "our_customers": (
        r"(?:our|most|many|a lot of|lots of|of our|other|some of our|all our) (?:\w+ )?(?:customers|clients|members"
        r"|owners|families|patients|businesses|accounts|folks|homeowners|subscribers|drivers|offices|companies"
        r"|people (?:we|who|tell|don't))"
        r"|(?:customers|members|clients|folks|people|owners|families) (?:told|tell|like you|we|said|who)"
    ),
    "announces": (
        r"(?:it's|that's|is|are) (?:called|included|free|a new|our new|no charge)"
        r"|(?:we have|we've got|there's|have) (?:a|this) (?:new|program|plan|promotion|special|offer)|brand new"
        r"|starting (?:at|in|this|on)|no (?:extra )?(?:charge|contract|fee|obligation|cost)|sign(?:ed)? (?:you )?up"
        r"|you(?:'d| would|'ll|'re going to) (?:get|have|be|see|pay|save|only|never|still)"
        r"|if you (?:sign|ever|want|need|have|don't|decide|call|add|go|switch)|for you"
        r"|so you (?:can|don't|know|could|never)|means (?:for|to) you|that means you"
    ),
    "prices": (r"(?:dollars?|bucks|cents|percent|a month|per (?:month|seat|line|user|year|visit)|a year|a visit|each)"),
    "figures": r"(?:\d[\w.,]*|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)",
    "agrees_warmly": (
        r"(?:absolutely|perfect|awesome|wonderful|fantastic|excellent|great question|good question|fair (?:question"
        r"|enough)|that's (?:fair|great|a (?:good|great|fair))|of course|totally|understood|i understand|i hear you"
        r"|i appreciate|appreciate|no problem|no worries|sorry (?:about|to hear)|gotcha|certainly|glad|happy to"
        r"|thank you for your|sir|ma'am)"
    ),
    "assents": r"(?:yeah|yep|okay|mm hmm|mhm|uh huh|huh|right|sure|alright|all right|fine|i see|true|yes)",
    "closes": (
        r"(?:have a (?:great|good|nice|wonderful)|thanks? (?:you )?(?:so much )?for (?:your time|the time|picking|taking"
        r"|your business)|anything else (?:i|we|for)|talk (?:to you )?(?:then|soon|thursday|tuesday|monday|next)"
        r"|you're (?:all set|welcome|in)|i'll let you go|take care)"
    ),
    "leaves_message": (
        r"(?:call (?:me|us) back at|give (?:me|us) a call|my number is|reach me at|i'll try you|just leaving|missed you)"
    ),
    "machine": (
        r"(?:leave (?:me |us )?(?:a |your )?(?:message|name)|(?:after|at) the (?:tone|beep)|you(?:'ve| have) reached"
        r"|voice mailbox|is closed|can't (?:come to|take|get to) (?:the|your)|not available|press (?:one|two|1|2))"
    ),
    "answers_phone": (
        r"(?<=^ )(?:hello|yeah|yes|hi|speaking)(?: \w+)?(?= $)"
        r"|(?:this is (?:him|her|he|she)|speaking|you got (?:him|her|me)|yeah this is|yes this is|that's me)"
    ),
    "you": r"(?:you|your|yours|you're|you'd|you've|you'll)",
    "i": r"(?:i|me|my|mine|i'm|i've|i'd)",
    "we": r"(?:we|our|us|we're|we've|we'd|we'll)",
    "they": r"(?:he|she|they|his|her|him|them|their|he's|she's|they're)",
}

# who somebody is they say when they begin; later the same words are about something else
OPENING = ("introduces", "asks_for", "serves", "machine", "answers_phone")
# said once it tells as much as said often
ONCE = (*OPENING, "says_why_calling", "called_in", "leaves_message", "closes")
# as words of a talk these are seldom somebody's name; a name among them counts in an introduction only
NAMES_THAT_ARE_WORDS = frozenset(
    {
        "april",
        "art",
        "august",
        "bill",
        "bob",
        "buddy",
        "carol",
        "chase",
        "dale",
        "dawn",
        "don",
        "drew",
        "faith",
        "frank",
        "gene",
        "grace",
        "grant",
        "guy",
        "hope",
        "iris",
        "jack",
        "june",
        "mark",
        "may",
        "pat",
        "ray",
        "rich",
        "rob",
        "rose",
        "sky",
        "sue",
        "summer",
        "will",
    }
)
