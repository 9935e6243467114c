"""What streets are called, and the patterns of an address that hold it. Knows no place."""

from callcoach.redaction.said import SAID_NUMBER

STREET = "street|avenue|boulevard|road|lane|parkway|highway|terrace|drive|st|ave|av|blvd|rd|ln|dr"
WORDS_TOO = (
    "court|ct|way|place|pl|circle|cir|square|sq|trail|trl|crescent|cres|close|row|walk|grove|gardens|hill|park|plaza|alley|drive"
    "|pkwy|hwy|pike|ter|terr|loop|run|path|mews|quay|wharf|rise|view|vale|crossing|xing|bend|point|landing|commons|turnpike|tpke"
    "|expressway|freeway|esplanade|promenade|ridge|heights|parade|green|broadway|concession|sideroad|line|hollow|cove|glen"
)
"""These are words of every day, too: only with a capital, or where somebody says that an address comes."""
NO_STREET_NAME = (
    "way|ways|minute|minutes|hour|hours|mile|miles|day|days|year|years|month|months|week|weeks|more|other|whole|percent|of|in"
    "|the|to"
    "|on|per|and|or|for|new|big|key|good|better|different|easy|dollar|dollars|a|an|is|was|times|lane|people|calls|that|this"
    "|you|we"
    "|gig|gigs|gb|foot|feet|acre|lot|car|space|spot|dollar|cent|grand|percent|point|star|line|room|bed|door|seat|speed"
    "|it|its|short|long|quick|second|seconds|thing|things|from|at|with|by|block|blocks"
)
NAME_WORD = rf"(?!(?:{NO_STREET_NAME})\b)(?:(?:[a-z]|st|ste|mt|ft|dr)\.|[^\W\d_][\w'’-]*)|\d{{1,3}}(?:st|nd|rd|th)"
DIRECTION_WORD = "north|south|east|west|northeast|northwest|southeast|southwest|n|s|e|w|ne|nw|se|sw"
DIRECTION = rf"(?:(?:{DIRECTION_WORD})\.?\s+)?"
NUMBER = rf"(?:\d{{1,6}}(?:-\d{{1,4}}|\s?1/2)?[A-Za-z]?|{SAID_NUMBER}(?:\s+[a-z](?=\s))?)"
"""A house's number, written or said, with the letter of a part of it."""
UNIT_NUMBER = rf"(?:\d+[\w-]*|[A-Za-z]-?\d{{1,4}}\b|[A-Z]\b|{SAID_NUMBER}(?:\s+[a-z]\b)?)"
UNIT_WORD = (
    "apartment|apt|suite|unit|number|floor|ste|room|rm|flat|building"
    "|bldg|lot|bay|dock|space|trailer|bureau|local|app|porte|penthouse"
)
_FLOOR = r"(?i:(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|top|ground|upper) floor\b)"
UNIT = rf"(?:,?\s+(?i:{UNIT_WORD})\.?\s*#?\s*{UNIT_NUMBER}|,?\s+#\s?\d+\w*|,?\s+{_FLOOR})?"
AWAY = r"(?:,?\s+(?i:north|south|east|west|northeast|northwest|southeast|southwest)\b|,?\s+(?:NE|NW|SE|SW|N|S|E|W)\b\.?)?"
"""The part of town behind a street: "Oak Street NW"."""
FRENCH = (
    "rue|avenue|av|boulevard|boul|chemin|ch|place|impasse|allée|route"
    "|rang|quai|cours|côte|montée|passage|via|calle|avenida|camino"
)
