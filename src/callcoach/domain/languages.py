"""Languages by their codes: what people call them, and when two codes mean one language. Knows nothing of how one is detected."""

_NAMES = """
af Afrikaans, am Amharic, ar Arabic, as Assamese, az Azerbaijani, ba Bashkir, be Belarusian, bg Bulgarian, bn Bengali,
bo Tibetan, br Breton, bs Bosnian, ca Catalan, cs Czech, cy Welsh, da Danish, de German, el Greek, en English, es Spanish,
et Estonian, eu Basque, fa Persian, fi Finnish, fo Faroese, fr French, ga Irish, gl Galician, gu Gujarati, ha Hausa,
haw Hawaiian, he Hebrew, hi Hindi, hr Croatian, ht Haitian Creole, hu Hungarian, hy Armenian, id Indonesian, is Icelandic,
it Italian, ja Japanese, jv Javanese, ka Georgian, kk Kazakh, km Khmer, kn Kannada, ko Korean, la Latin, lb Luxembourgish,
ln Lingala, lo Lao, lt Lithuanian, lv Latvian, mg Malagasy, mi Maori, mk Macedonian, ml Malayalam, mn Mongolian, mr Marathi,
ms Malay, mt Maltese, my Burmese, ne Nepali, nl Dutch, no Norwegian, oc Occitan, pa Punjabi, pl Polish, ps Pashto,
pt Portuguese, ro Romanian, ru Russian, sa Sanskrit, sd Sindhi, si Sinhala, sk Slovak, sl Slovenian, sn Shona, so Somali,
sq Albanian, sr Serbian, su Sundanese, sv Swedish, sw Swahili, ta Tamil, te Telugu, tg Tajik, th Thai, tk Turkmen,
tl Tagalog, tr Turkish, tt Tatar, uk Ukrainian, ur Urdu, uz Uzbek, vi Vietnamese, yi Yiddish, yo Yoruba, zh Chinese, zu Zulu
"""
_NAME_OF = {code: name for code, _, name in (entry.strip().partition(" ") for entry in _NAMES.split(","))}
# codes that recognisers and transcripts write for the same language
_SAME = {"nb": "no", "nn": "no", "jw": "jv", "iw": "he", "in": "id", "fil": "tl", "cmn": "zh", "yue": "zh", "eng": "en"}


def language_code(code: str) -> str:
    """The language alone, as ISO 639-1 writes it where it can: `en` for `en-US`, `no` for `nb_NO`."""
    primary = code.strip().lower().replace("_", "-").split("-")[0]
    return _SAME.get(primary, primary)


def language_name(code: str) -> str:
    """What people call it: `Spanish` for `es` or `es-MX`; a code without a name is quoted."""
    primary = language_code(code)
    return _NAME_OF.get(primary, f'the language "{primary}"')
