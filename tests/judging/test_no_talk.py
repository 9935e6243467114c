"""Calls nobody talked in, and the calls that only sound like them."""

import pytest

from callcoach.judging.no_talk import DEAD_NUMBER, MACHINE, VOICEMAIL, WRONG_NUMBER, no_talk_because
from callcoach.testing import make_call

MESSAGE = (
    "rep Hi, this is Ann at Wrenfield, I have your missed-call count for last month and wanted to read it to "
    "you. Call me back at "
    "five five five, two two one zero. Thanks, bye."
)
PITCH = (
    "rep Hi, this is Ann at Wrenfield. We counted the calls on our own accounts and twenty-seven of a "
    "hundred rang out, and I "
    "wondered who picks up at your place when everybody's hands are full?"
)
NO_TALK = [
    # the common greetings
    (f"customer You've reached Dale. Leave a message after the beep. / {MESSAGE}", VOICEMAIL),
    (
        f"customer Hi, this is Dale, I can't come to the phone right now. Please leave your name and number. / {MESSAGE}",
        VOICEMAIL,
    ),
    (f"customer Your call has been forwarded to an automatic voice message system. / {MESSAGE}", VOICEMAIL),
    (
        f"customer The person you are trying to reach is not available. At the tone, please record your message. / {MESSAGE}",
        VOICEMAIL,
    ),
    (f"customer Sorry I missed you, leave me a message and I'll call you back. / {MESSAGE}", VOICEMAIL),
    (f"customer Hello, you have reached Orrin Plumbing. We are unable to take your call. / {MESSAGE}", VOICEMAIL),
    (f"customer This is the voicemail box of Petra Lund. / {MESSAGE}", VOICEMAIL),
    (f"customer We're closed. I'll return your call as soon as I can. / {MESSAGE}", VOICEMAIL),
    # the rep says hello before noticing
    (f"rep Hello? Is this Dale? / customer I'm not available right now, so leave a message. / {MESSAGE}", VOICEMAIL),
    # short ways to say it, and machines of telephone companies
    (f"customer Hey, it's Marcy, you know what to do. / {MESSAGE}", VOICEMAIL),
    ("customer The wireless customer you are calling is not available. Please try again later. / rep Okay.", VOICEMAIL),
    # nobody leaves a message in it
    ("customer The mailbox is full and cannot accept any messages at this time. Goodbye.", VOICEMAIL),
    ("customer You've reached the voicemail of Dale. / rep Hm. I'll try later.", VOICEMAIL),
    # the machine speaks once more after the message
    (
        f"customer Leave a message after the tone. / {MESSAGE} / customer To send your message, press one. To "
        "re-record, press two.",
        VOICEMAIL,
    ),
    # a menu that ends in a mailbox
    (
        "customer Thank you for calling Bayless Dental. For appointments, press one. / rep Hm. / "
        f"customer Nobody is here to help you. Please leave a message after the tone. / {MESSAGE}",
        VOICEMAIL,
    ),
    # nobody knows who is who, and the machine is heard as a speaker of its own
    (f"unknown You've reached Dale, leave a message after the beep. / {MESSAGE.replace('rep', 'unknown2', 1)}", VOICEMAIL),
    # a screening assistant, and nobody picks up
    (
        f"customer The person you're calling is using a screening service. State your name. / {MESSAGE} / customer Goodbye.",
        VOICEMAIL,
    ),
    # menus and hold lines
    (
        "customer Thank you for calling. Our menu options have changed. For sales, press one. / rep One. / customer Please hold.",
        MACHINE,
    ),
    (
        "customer Para continuar en español, oprima el dos. If you know your party's extension, dial it now. / rep Operator.",
        MACHINE,
    ),
    (
        "customer Your call is important to us. Please stay on the line for the next available representative. / "
        "rep Okay, still nobody here. I've been on this for ten minutes now and I have the other list to do, so I'll go. / "
        "customer All of our agents are busy. Thank you for holding.",
        MACHINE,
    ),
    ("customer All of our representatives are currently assisting other callers. / rep I'll ring again.", MACHINE),
    # dead numbers
    ("customer We're sorry. The number you have dialed is not in service. / rep Okay, next one.", DEAD_NUMBER),
    ("customer The number you have reached has been disconnected. No further information is available.", DEAD_NUMBER),
    ("customer Your call cannot be completed as dialed. Please check the number and dial again. / rep Huh.", DEAD_NUMBER),
    ("customer The subscriber you have dialed is not in service. / rep Huh.", DEAD_NUMBER),
    # wrong numbers
    (
        "rep Is this the body shop? / customer No ma'am, this is a residence. / rep Oh, sorry. / customer That's fine.",
        WRONG_NUMBER,
    ),
    ("rep Could I speak with Marjorie? / customer There's no Marjorie here. / rep My mistake.", WRONG_NUMBER),
    ("rep Hi, Gary? / customer You got the wrong guy, pal. / rep Sorry.", WRONG_NUMBER),
    (
        "rep Hi, is this Dale at the plumbing shop? / customer No, you've got the wrong number. / rep Sorry to bother you.",
        WRONG_NUMBER,
    ),
    ("rep Is Gary there? / customer Wrong number. / rep Oh, sorry.", WRONG_NUMBER),
    (
        f"customer Hello? / {PITCH} / customer I think you have the wrong number, this is a house. / rep Oh, my apologies.",
        WRONG_NUMBER,
    ),
    ("rep May I speak to Ms. Bayless? / customer There's nobody here by that name. / rep All right, thank you.", WRONG_NUMBER),
    ("rep Hi, Trent? / customer Sorry, no one by that name here. / rep Okay. Sorry about that.", WRONG_NUMBER),
    (
        "rep Hey Lou! / customer This isn't Lou's phone anymore. / rep Oh. Do you know his number? / customer No. / rep Bye.",
        WRONG_NUMBER,
    ),
    (
        "rep Is this Orrin Plumbing? / customer No, wrong place. We're a bakery. / rep Ah, sorry. / customer No problem.",
        WRONG_NUMBER,
    ),
    (
        "rep Hi, it's Ann. / customer Uh, I think you misdialed. / rep Five five two? / customer Five five three. / rep Sorry!",
        WRONG_NUMBER,
    ),
]


@pytest.mark.parametrize(("script", "reason"), NO_TALK)
def test_a_call_in_which_nobody_was_reached_says_so(script: str, reason: str) -> None:
    assert no_talk_because(make_call(script).turns) == reason


TALK = [
    # voicemail is what the product is about
    f"{PITCH} / customer Nobody. It goes to voicemail. / rep And do they leave a message? / customer One in "
    "ten, I guess. / rep Right.",
    "customer Orrin Plumbing. / rep Who picks up at noon? / customer They get the machine. Leave a message "
    "after the beep, you know. / "
    "rep And how many do? / customer Hardly any. / rep One in nine, we counted.",
    "customer Hello? / rep Hi, Ann at Wrenfield. Callers hear leave a message after the tone and hang up. / "
    "customer Mine too. / rep So.",
    "customer My mailbox is full, that's how bad it is. What do you sell? / rep A text to whoever rang, in ten seconds. / "
    "customer And the list, who sees that? / rep Up to six of you, until somebody has handled it.",
    "customer The voicemail box is full of those, every Monday, and I have to go through it all by hand. / rep How many? / "
    "customer Forty or so, and most have called somebody else by then. / rep That is just what we found.",
    # a person answers with the words of a machine
    "customer You've reached Dale's Garage, how can I help? / rep Hi, it's Ann at Wrenfield. / customer Hey "
    "Ann. / rep Got a minute?",
    "customer Thanks for calling Petal and Stem, please hold. / rep Sure. / customer Sorry about that, we "
    "had a delivery. Who is this? / "
    "rep Ann at Wrenfield. / customer Oh, the phone people, go on.",
    "customer Thank you for holding, this is Bev. / rep Hi Bev. / customer What can I do for you, hon? / rep Your lunch calls.",
    "customer Yeah? / rep Bad time? / customer I'm not available right now, I'm under a car. Call me at four. / rep Four it is.",
    # a menu, then a person
    "customer For sales, press one. / rep One. / customer Sales, this is Lou, what can I do for you today, "
    f"ma'am? / {PITCH} / "
    "customer My wife does, mostly.",
    # the machine, then somebody picks up
    f"customer Leave a message after the beep. / {PITCH} / customer Hello, wait, I'm here, I was just "
    "screening. What was that number? / "
    "rep Twenty-seven of a hundred. / customer Huh. That many?",
    "customer State your name after the tone. / rep Ann at Wrenfield. / customer2 Oh hi Ann, sorry, I get so "
    "many robots on this line. / "
    "rep Same here. Who picks up at noon? / customer2 The machine, and you just met it.",
    # a gatekeeper is a person
    "customer He's not available right now, can I take a message? / rep Who picks up when you are out? / "
    "customer Nobody, it just rings. / "
    "rep And how often? / customer A few times a day, more on Mondays I would say.",
    "rep Is Gary in? / customer He's with somebody. Could you leave your name? / rep Ann. May I ask you a thing? / "
    "customer Sure, go ahead, it's slow in here. / rep Who answers at noon? / customer I do, if I'm not at lunch myself.",
    # manners in a real call
    f"rep Sorry to bother you at lunch. / customer No bother. / {PITCH} / customer We miss plenty. / rep "
    "Shall we look? / customer Sure.",
    f"{PITCH} / customer Sorry to bother you with this, but what does it cost? / rep Twenty-nine a month. / customer Fine.",
    # wrong numbers as a story, or of something else
    f"{PITCH} / customer Half of what rings here is a wrong number anyway. / rep And the other half? / "
    "customer Customers. / rep Lost?",
    f"{PITCH} / customer People keep calling the wrong number for the pizza place. / rep Ha. / customer Every "
    "Friday. / rep And else?",
    "rep So that's thirty-four calls. / customer No, you've got the wrong number there. It's more like "
    "fifty, I kept a list in March, and the "
    "count on my page says so too. / rep Then let me look at March again. / customer Do. / rep Fifty-one, "
    "you're right. I had the summer "
    "months in it. So at your two hundred dollars a job, and if only one in five of them would have come to "
    "you, what is that worth?",
    f"{PITCH} / customer There's no one here at noon. / rep So it rings out? / customer It does. / rep That is what we counted.",
    "rep Is that a bad time? / customer You called the wrong person to ask about phones, ha. But go on, my "
    "husband will want to know, he "
    "does the books. / rep Gladly. Who picks up at noon? / customer He does. / rep And if he's out? / "
    "customer Then nobody does, I guess. "
    "/ rep That's the thing. Of a hundred calls twenty-seven rang out on our own accounts, and only one "
    "caller in nine left a message.",
    # holding on in a talk
    f"{PITCH} / customer Hold on the line a second. / rep Sure. / customer Okay, back. My wife says thirty a week. / rep Thirty?",
    "customer Press one for this, press two for that, I hate those. You're not selling me one? / rep No. It's a text. / "
    "customer A text from who? / rep From your own number. / customer Huh, okay, and they answer it? / rep They do.",
    "rep The number you have now stays. / customer The old one was disconnected in May. / rep I see it. / customer So which one?",
    f"{PITCH} / customer They'd say your call is important to us. I don't want that. / rep It's your words. / "
    "customer Mine? / rep Yes.",
]


@pytest.mark.parametrize("script", TALK)
def test_a_talk_about_voicemail_menus_and_wrong_numbers_is_a_talk(script: str) -> None:
    assert no_talk_because(make_call(script).turns) is None


def test_a_greeting_on_the_channel_labelled_rep_is_found_where_the_labels_are_doubted() -> None:
    turns = make_call(f"rep You've reached Dale, leave a message. / {MESSAGE.replace('rep', 'customer', 1)}").turns
    assert no_talk_because(turns) is None
    assert no_talk_because(turns, labels_doubted=True) == VOICEMAIL
