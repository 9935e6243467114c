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
account policy card both each known mr mrs ms mx dr doctor mister miss professor morning afternoon evening whatever maybe anyway
actually honestly basically listen look wait see say tell ask nah mother father mom dad mama papa grandma grandpa
"""
_MORE_WITH_CAPITALS = """
attached enclosed forwarded invoice invoices insurance postcode expiry expiration voicemail support sales billing accounting
service shipping delivery legal reception dispatch admin info contact tech team regards cheers sincerely respectfully usually
sometimes often mostly normally only just probably currently unfortunately apparently obviously clearly hopefully luckily
technically frankly seriously literally first second last next then now later still already even once twice never always because
since although though however therefore meanwhile otherwise instead besides except unless until while before after during
without within perhaps surely indeed please kindly hold hang stop start begin open close check try take put get got give gave
make made keep kept leave left let need needs want wants use used send sent bring run runs turn turns show shows works working
worked paid pay pays bill bills charge charges cancel cancelled canceled upgrade downgrade install installed installation order
orders ordered quote quotes contract contracts plan plans price prices pricing discount router modem phone phones line lines
internet fiber cable wireless landline mobile cell texts texting emails emailing calls called calling caller callers missed
business company shop store office clinic warehouse building door gate suite unit apartment floor room box mail mailing street
streets town city county state country north south east west eastern central pacific mountain standard plate plates tag vehicle
truck trucks car cars driver drivers passcode password username login code codes confirmation reference routing checking savings
bank credit debit cash federal national security social tax employer employee department manager owner owners tenant landlord
guys folks buddy honey dear love morning noon midnight weekend weekends weekday weekdays holiday holidays spring summer fall
autumn winter yesterday tonight mbps gbps kbps mb gb tb mhz ghz khz nowhere somewhere anywhere everywhere anyone anybody
everything anything something ours yours mine theirs hers
"""
_BRANDS = """
netgear nighthawk cisco panasonic yealink polycom poly avaya mitel comcast xfinity verizon spectrum sprint t-mobile vonage
ringcentral nextiva ooma grasshopper teams slack dropbox quickbooks outlook gmail yahoo hotmail yelp shopify wix squarespace
godaddy salesforce hubspot servicetitan jobber honda civic toyota chevy chevrolet gmc nissan hyundai bmw tesla subaru mazda
volkswagen audi volvo samsung sony lg hp lenovo canon epson xerox netflix hulu roku costco walmart starbucks fedex ups usps dhl
camry corolla silverado sonos linksys asus tp-link ubiquiti unifi meraki fortinet sonicwall grandstream motorola nokia huawei
ericsson arris intuit xero freshbooks paychex adp gusto zelle venmo uber lyft doordash grubhub airbnb expedia opentable chrome
firefox safari ethernet voip pbx obihai snom zyxel eero synology logitech plantronics jabra vtech uniden garmin lexus acura
kubota caterpillar bosch makita dewalt milwaukee peloton kindle ipad iphone macbook imac chromebook thinkpad wordpress mailchimp
docusign adobe acrobat photoshop word powerpoint onedrive sharepoint skype whatsapp telegram linkedin tiktok twitter snapchat
pinterest reddit craigslist ebay etsy openai chatgpt norton mcafee f-150 f-250 prius tacoma wi-fi
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
jazz jet justice kent liberty lucky max merry mercy moses nova patience paige phoenix piper poppy prince queen reese robin rocky
rowan scout shepherd stuart teddy terry trinity tuesday wren sterling tire link blue heron cedar orchard ridge
"""
_BUSINESS = """
cafe café bakery florist flowers dental dentistry clinic family tire tires alignment plumbing heating cooling electric roofing
sons brothers group services service company co inc llc ltd corp corporation partners associates law office offices salon spa
barber auto motors repair garage grill restaurant pizza kitchen market store shop stem petal landscaping lawn garden
construction builders realty insurance agency studio studios fitness gym vet veterinary pet animal hospital pharmacy school
academy center centre church consulting solutions systems tech technologies media design designs printing supply hardware lumber
furniture flooring cleaning laundry moving storage travel tours hotel inn motel bar brewery coffee tea house home homes medical
health care physical therapy chiropractic optical eye vision hair nail nails beauty boutique jewelers jewelry books music art
arts photo photography business regional national american city county north south east west river ridge valley lake mountain
hill bay coast sun and of the
"""

BRANDS = frozenset(_BRANDS.split())
"""Who makes what callers have, and what it is called."""
NO_NAMES = frozenset(
    word
    for said in (_DAYS_AND_MONTHS, _SAID_WITH_CAPITALS, _MORE_WITH_CAPITALS, _BRANDS, _SAID_NUMBERS)
    for word in said.split()
    if word not in ("tacoma", "milwaukee")
)
"""Words that are written with a capital and are no names."""
SHORT_TITLES = ("mr", "mrs", "ms", "mx", "dr", "prof", "rev", "mme", "mlle")
"""What is written short before a name and goes with it; a "Doctor" stays."""
TITLES = frozenset((*SHORT_TITLES, "doctor", "professor", "miss", "mister", "reverend", "pastor", "madam"))
"""What stands before a name and tells nobody."""
ALSO_WORDS = frozenset(_NAMES_AND_WORDS.split())
"""Names that are words of every day: taken for the name only with a capital."""
OF_BUSINESSES = frozenset(_BUSINESS.split())
"""What a customer's name holds besides a name: never by itself taken for one."""
