"""Rev.ai's transcript JSON (`monologues[].elements[]`). Knows no other format."""

from collections.abc import Iterator

from callcoach.domain.call import Transcript
from callcoach.intake.transcripts.asked import Asked
from callcoach.intake.transcripts.joining import said, transcript_of
from callcoach.intake.transcripts.json_node import Node
from callcoach.intake.transcripts.speakers import Voice
from callcoach.intake.transcripts.word_times import Spoken

NAME = "rev-ai"
GLUE = ("-", "‑", "'", "’", "/", "&", "@", "_")


def is_this(root: Node) -> bool:
    """Whether JSON has Rev.ai's monologues."""
    return root.holds_list("monologues")


def parse(root: Node, asked: Asked) -> Transcript:
    """A voice per speaker number, known by `speaker_info.display_name` where it is set; times (`ts`, `end_ts`) are seconds."""
    return transcript_of(
        [
            piece
            for monologue in root.rows("monologues")
            for piece in said(_voice(monologue), list(_spoken(list(monologue.rows("elements")))))
        ],
        asked,
    )


def _voice(monologue: Node) -> Voice:
    return Voice(f"speaker {monologue.name('speaker')}", monologue.at("speaker_info").optional_text("display_name"))


def _spoken(elements: list[Node]) -> Iterator[Spoken]:
    """Spaces and marks are elements of their own: a mark joins the word before, a hyphen also the one after (`twenty-one`)."""
    glued = False
    before: Spoken | None = None
    for element in elements:
        value = element.text("value")
        is_mark = element.optional_text("type") == "punct"
        span = element.span("ts", "end_ts")
        if is_mark and not value.strip():
            pass
        elif before is not None and (glued or is_mark):
            joined = (before.span[0], max(before.span[1], span[1])) if before.span and span else before.span or span
            before = before._replace(text=before.text + value.rstrip(), span=joined)
        else:
            if before is not None:
                yield before
            before = Spoken(value, span, element.probability("confidence"))
        glued = is_mark and value in GLUE
    if before is not None:
        yield before
