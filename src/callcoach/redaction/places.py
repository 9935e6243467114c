"""Towns and regions that their place in a sentence tells: behind an address, before a postcode, or known and written small.

Knows a few hundred names. What a model finds besides comes from outside.
"""

import re
from collections.abc import Iterable, Iterator

from callcoach.judging.wording import is_function_word
from callcoach.redaction.kinds import Entity, Kind
from callcoach.redaction.words import NO_NAMES

_REGIONS = """
alabama alaska arizona arkansas california colorado connecticut delaware florida idaho illinois indiana iowa kansas kentucky
louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada new_hampshire new_jersey
new_mexico new_york north_carolina north_dakota ohio oklahoma oregon pennsylvania rhode_island south_carolina south_dakota
tennessee texas utah vermont west_virginia wisconsin wyoming puerto_rico ontario quebec manitoba saskatchewan alberta
british_columbia nova_scotia new_brunswick newfoundland labrador prince_edward_island yukon nunavut england scotland wales
ireland yorkshire lancashire cornwall devon kent essex sussex surrey norfolk suffolk cheshire cumbria dorset hampshire
"""
_TOWNS = """
los_angeles chicago houston phoenix philadelphia san_antonio san_diego san_jose san_francisco austin jacksonville fort_worth
columbus indianapolis charlotte seattle denver nashville oklahoma_city el_paso boston portland las_vegas detroit memphis
louisville baltimore milwaukee albuquerque tucson fresno sacramento kansas_city mesa atlanta omaha colorado_springs raleigh
long_beach virginia_beach miami oakland minneapolis tulsa tampa arlington new_orleans wichita bakersfield cleveland aurora
anaheim honolulu riverside santa_ana corpus_christi lexington stockton pittsburgh saint_paul st_paul anchorage cincinnati
henderson greensboro plano newark lincoln orlando irvine toledo jersey_city chula_vista durham fort_wayne st_petersburg laredo
buffalo madison lubbock chandler gilbert reno norfolk winston-salem glendale scottsdale north_las_vegas irving chesapeake
fremont boise richmond baton_rouge spokane des_moines tacoma san_bernardino modesto fontana santa_clarita birmingham rochester
montgomery fayetteville shreveport akron yonkers knoxville chattanooga salt_lake_city huntsville grand_rapids worcester
providence newport_news brownsville santa_rosa tallahassee little_rock amarillo augusta columbia vancouver_island
fort_lauderdale sioux_falls eugene salem cary springfield pasadena savannah syracuse dayton hollywood lakewood naperville joliet
rockford bellevue killeen mcallen topeka hartford gainesville olathe thornton waco charleston cedar_rapids elgin ann_arbor
abilene berkeley peoria odessa evansville lansing provo duluth flagstaff missoula billings bozeman cheyenne casper fargo
bismarck rapid_city green_bay kenosha racine appleton oshkosh eau_claire dubuque davenport burlington montpelier bangor
portsmouth nashua concord albany utica scranton allentown bethlehem harrisburg wilmington dover annapolis trenton camden
asheville greenville pensacola sarasota naples key_west mobile biloxi tupelo toronto montreal vancouver calgary edmonton ottawa
winnipeg halifax hamilton kitchener victoria regina saskatoon kelowna gatineau moncton fredericton thunder_bay sudbury windsor
mississauga brampton markham surrey burnaby laval london manchester leeds glasgow edinburgh liverpool bristol cardiff belfast
sheffield newcastle nottingham leicester coventry brighton plymouth southampton norwich exeter oxford cambridge aberdeen dundee
swansea dublin cork galway limerick mobile_alabama the_bronx brooklyn queens manhattan staten_island harlem
"""
_WORDS_OR_NAMES_SAID = """
mobile phoenix buffalo columbia cork mesa aurora charlotte madison austin savannah victoria regina lincoln camden concord salem
dover reading chandler gilbert henderson hamilton windsor providence queens irving cary elgin kent devon
"""
_WORDS_OR_NAMES = frozenset(_WORDS_OR_NAMES_SAID.split())
_KNOWN = {name.replace("_", r"\s") for name in (*_REGIONS.split(), *_TOWNS.split()) if name not in _WORDS_OR_NAMES}
_LEADS = (
    "in|from|to|near|around|outside|outside of|of|at|over in|out in|down in|up in|based in|serve|serving|cover|covers|covering"
    "|here in|live in|downtown|greater|across|toward|towards|through|and|called|nobody covers|office|area"
)
_WRITTEN_SMALL = re.compile(rf"\b(?i:{_LEADS})\s+({'|'.join(sorted(_KNOWN, key=lambda each: (-len(each), each)))})(?![\w’'-])")
_ANY_SMALL = re.compile(
    r"\b(?:based in|located in|we['’]re in|i['’]m in|live in|lives in|living in|moved to|here in|outside of|out of|covers?"
    r"|serves?|service in"
    r"|shop in|store in|office in|clinic in|branch in)\s+([a-z]{5,})(?=\s*(?:[.,?!]|$))"
)
_NO_TOWN_SAID = """
town business touch person front place order peace general today tomorrow stock storage service hours coverage signal everything
anything nothing nobody everybody people customers calls weekends nights holidays building office houses apartments downtown
trouble charge control range state hospital meetings school church court house retail construction season overseas abroad
management another either there where dinner lunch repairs parts labor damage theft floods shipping installation taxes
"""
_NO_TOWN = frozenset(_NO_TOWN_SAID.split())
_COUNTY = re.compile(
    r"\b((?:[A-Z][a-z'’.-]+\s){1,3}(?:County|Township|Parish|Borough|Shire|Heights Village|Reservation))\b|\b(?i:city|town"
    r"|county) of\s"
    r"([A-Z][a-z]+(?:\s[A-Z][a-z]+)?)"
)
_BEFORE_POSTCODE = re.compile(r"\b(?!PO\b)([A-Z]{2})(?=,?\s+(?:\d{5}(?!\d)|[A-Z]\d[A-Z][ -]?\d[A-Z]\d))")
_BEHIND_ADDRESS = re.compile(
    r"\.?(?:,\s+(?:in\s+)?|\s+in\s+)((?:[A-ZÀ-Þ][\w'’.-]+)(?:\s[A-ZÀ-Þ][\w'’-]+)?)(?=[,.?!]|$|\s+[A-Z\d])"
)
_SMALL_BEHIND_ADDRESS = re.compile(r",?\s+in\s+([a-z]{4,})\b")
_REACH = 60


def places_in(text: str, found: Iterable[Entity]) -> Iterator[Entity]:
    """Towns and regions. found: what else was found in the text, of which the addresses count."""
    for match in _WRITTEN_SMALL.finditer(text):
        yield Entity(*match.span(1), Kind.PLACE)
    if text == text.lower():
        for match in _ANY_SMALL.finditer(text):
            if _may_be_a_town(match[1]):
                yield Entity(*match.span(1), Kind.PLACE)
    for match in _COUNTY.finditer(text):
        yield Entity(*match.span(1 if match[1] else 2), Kind.PLACE)
    for match in _BEFORE_POSTCODE.finditer(text):
        yield Entity(*match.span(1), Kind.PLACE)
    for each in found:
        if each.kind is Kind.ADDRESS:
            yield from _behind(text, each.end)


def _behind(text: str, end: int) -> Iterator[Entity]:
    """The town that follows an address."""
    rest = text[end : end + _REACH]
    match = _BEHIND_ADDRESS.match(rest)
    if match and not all(word.lower() in NO_NAMES or is_function_word(word.lower()) for word in match[1].split()):
        yield Entity(end + match.start(1), end + match.end(1), Kind.PLACE)
    small = _SMALL_BEHIND_ADDRESS.match(rest)
    if small and _may_be_a_town(small[1]):
        yield Entity(end + small.start(1), end + small.end(1), Kind.PLACE)


def _may_be_a_town(word: str) -> bool:
    return word not in _NO_TOWN and word not in NO_NAMES and not is_function_word(word)
