"""Words that are told from names: those written with a capital that are none, names that are words too, words of businesses."""

_DAYS_AND_MONTHS = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
november december
"""
_SAID_WITH_CAPITALS = """
customers people owners clients patients everybody nobody somebody nothing something saturdays sundays mondays tuesdays
wednesdays thursdays fridays labor memorial bluetooth facebook instagram youtube amazon medicare street avenue road main wi fi
english spanish french german portuguese italian dutch chinese japanese korean vietnamese arabic russian polish hindi canadian
british european asian african latin catholic methodist baptist medicaid american calling sorry absolutely perfect exactly
definitely correct again everyone folks speaking yep yeah yes no nope sir ma'am maam okay ok alright gotcha mhm hmm uh um oh ah
wow hey hi hello bye thanks sure great good awesome cool right well so interested happy glad afraid curious fine busy hoping
looking trying going just not also very really all about here there today tomorrow christmas thanksgiving easter god jesus lord
visa mastercard amex discover paypal google apple microsoft windows android iphone zoom excel internet wifi zip sim pin ssn vin
cvv dob iban iva press dial text call odometer chapter version cap deductible serial license email e-mail fax number area
account policy card both each known mr mrs ms mx dr doctor mister miss professor morning afternoon evening whatever maybe
anyway actually honestly basically listen look wait see say tell ask nah mother father mom dad mama papa grandma grandpa
"""
_SAID_NUMBERS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million first second third half double triple
"""
_NAMES_AND_WORDS = """
mark will bill grace hope faith joy rose rob pat sue jack frank grant may june april august dawn ray art drew miles chase guy
gene dean earl duke king bishop baker cook carter hunter mason price young brown white black green gray grey long short rich
noble day field banks stone wood woods hill lake rivers ford fox wolf bird love moon sharp strong small little best good major
power powers page bell ball park street summer summers winter winters snow west north lane forest reed pepper rice berry cash
case chance christian crystal jewel ruby amber ginger ivy lily daisy violet heather olive sandy destiny harmony melody autumn
star skip buddy chip cliff clay colt dale dusty glen herb jay kit lance mike nick norm peg penny rusty sage sunny tad tanner
trip victor wade ward woody angel bright camp cross church dollar early ends fast fields fine fish flowers foot game gates gold
golden hall hand hands hard head heart high home house hunt key keys knight land law leaf light low man marks marsh mills moody
more moss nail nice oak pace parks parson pearl pence pool poor poole post pound purple quick rain ranch real river road roads
rock root salt savage sea seal self shade shark shields shoemaker silver sing singer song south speed spring steel stern storm
sun sweet swift sword taylor temple thorn tiger tower town trout tree true van vane walker wall walls ware warm waters wells
wheat wheeler wise worth wright yard harden jean josh jo kat gay bee bo al bob don ed eve fern gale harry hardy hazel iris jade
jazz jet justice kent liberty lucky max merry mercy moses nova patience paige phoenix piper poppy prince queen reese robin
rocky rowan scout shepherd stuart teddy terry trinity tuesday wren sterling tire link blue heron cedar orchard ridge
"""
_BUSINESS = """
cafe café bakery florist flowers dental dentistry clinic family tire tires alignment plumbing heating cooling electric roofing
sons brothers group services service company co inc llc ltd corp corporation partners associates law office offices salon spa
barber auto motors repair garage grill restaurant pizza kitchen market store shop stem petal landscaping lawn garden
construction builders realty insurance agency studio studios fitness gym vet veterinary pet animal hospital pharmacy school
academy center centre church consulting solutions systems tech technologies media design designs printing supply hardware
lumber furniture flooring cleaning laundry moving storage travel tours hotel inn motel bar brewery coffee tea house home homes
medical health care physical therapy chiropractic optical eye vision hair nail nails beauty boutique jewelers jewelry books
music art arts photo photography business regional national american city county north south east west river ridge valley lake
mountain hill bay coast sun and of the
"""

NO_NAMES = frozenset((*_DAYS_AND_MONTHS.split(), *_SAID_WITH_CAPITALS.split(), *_SAID_NUMBERS.split()))
"""Words that are written with a capital and are no names."""
ALSO_WORDS = frozenset(_NAMES_AND_WORDS.split())
"""Names that are words of every day: taken for the name only with a capital."""
OF_BUSINESSES = frozenset(_BUSINESS.split())
"""What a customer's name holds besides a name: never by itself taken for one."""
