"""How numbers and months are said in words, for patterns that hold them. Knows no meaning of them."""

DIGIT = "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple"
TENS = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    "|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
# bounded: a turn that only counts must not take for ever
SAID_NUMBER = rf"(?:\b(?:{DIGIT}|{TENS})\b)(?:[\s-]+(?:and\s+)?(?:{DIGIT}|{TENS}|hundred|thousand)\b){{0,5}}"
"""A number in words, "one hundred and four", "twenty two fifteen"."""
NUMBER_WORDS = frozenset((*DIGIT.split("|"), *TENS.split("|"), "hundred", "thousand"))
MONTH = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
