import pytest

from callcoach.domain.call import Transcript, Turn
from callcoach.domain.languages import language_code, language_name
from callcoach.speech.language_of import with_language
from callcoach.testing import make_call

TALKS = {
    "en": "Busy. First frost, everybody wants snow tires. What do you need? / I wondered who picks up when hands are full.",
    "es": "Pues nadie, la verdad. Suena y suena. / Perdemos unas treinta llamadas al mes, más o menos.",
    "fr": "Oui, mais vite, j'ai des clients. / Qui répond quand tout le monde est occupé ?",
    "de": "Ja, aber schnell, ich habe Kundschaft. / Wer geht denn ran, wenn alle beschäftigt sind?",
    "pt": "Tenho, mas rápido, estou com cliente. / Quem atende quando todo mundo está ocupado?",
    "it": "Sì, ma in fretta, ho gente in negozio. / Chi risponde quando siete tutti occupati?",
    "nl": "Ja, maar snel, ik heb klanten. / Wie neemt er op als iedereen bezig is?",
    "pl": "Nie jestem zainteresowany, / mamy już umowę z inną firmą, dziękuję bardzo.",
    "ru": "Добрый день, это Анна из Ренфилд, / у вас есть минутка поговорить?",
    "zh": "您好,我是雷恩菲尔德公司的安娜,请问您现在方便说几句话吗? / 可以,请讲。",
    "ja": "お世話になっております。レンフィールドのアンナと申します。 / はい、何でしょうか。",
}


def call(text: str, language: str | None = None) -> Transcript:
    return Transcript(
        call_id="a", turns=tuple(Turn(speaker="unknown", text=turn) for turn in text.split(" / ")), language=language
    )


@pytest.mark.parametrize(("language", "text"), TALKS.items())
def test_two_sentences_tell_the_language(language: str, text: str) -> None:
    assert with_language(call(text)).language == language


def test_a_language_that_is_known_stays_and_the_manifests_comes_before_the_words() -> None:
    assert with_language(call(TALKS["es"], "en")).language == "en"
    assert with_language(call(TALKS["es"]), given="ca").language == "ca"


@pytest.mark.parametrize("text", ["", "Okay.", "Kowalczyk. K O W A L C Z Y K.", "Hola. / Hi. / Bonjour."])
def test_too_few_words_tell_nothing(text: str) -> None:
    assert with_language(call(text)).language is None


def test_a_mixed_call_is_in_the_language_that_most_of_it_is_in() -> None:
    assert with_language(call(f"{TALKS['es']} / {TALKS['es']} / {TALKS['en']}")).language == "es"
    assert with_language(call(f"{TALKS['es']} / {TALKS['en']} / {TALKS['en']}")).language == "en"


def test_names_and_loan_words_do_not_make_a_call_foreign() -> None:
    script = (
        "rep Señor Muñoz, buenos días! / customer Hola, yes, what is it about? / "
        "rep Your phone line, and the calls that ring out. / customer Ay, those."
    )
    assert with_language(make_call(script, language=None)).language == "en"


def test_codes_of_one_language_are_one() -> None:
    assert language_code("en-US") == language_code("EN_gb") == "en"
    assert language_code("nb") == language_code("nn-NO") == "no"
    assert language_name("es-MX") == "Spanish"
    assert language_name("haw") == "Hawaiian"
