"""What somebody keeps on the workbench while they change a rubric. Knows nothing of files and databases."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricDraft:
    """A text that is not in its file yet. base: the digest of what the file held when the person began from it."""

    name: str
    text: str
    base: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """What a write replaced, and the digest of what it wrote: it can be put back for as long as the file still holds that."""

    text: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """The calls on which somebody watches what a change does."""

    call_ids: tuple[str, ...]
