"""Every error a person can meet, each an instruction with its own exit code. Knows nothing of what raised it.

Exit codes: 2 usage, 3 something is missing, 4 bad input, 5 storage, 6 some calls failed, 7 another run, 8 not delivered.
"""


class CallcoachError(Exception):
    """The root of all errors that are meant for a person; the message is a full sentence with the next step."""

    exit_code = 1


class UsageError(CallcoachError):
    """The command was asked for something it cannot do as asked."""

    exit_code = 2


class SomethingMissing(CallcoachError):
    """A file, folder, package or model that is needed is not there."""

    exit_code = 3


class WeightsMissing(SomethingMissing):
    """A weight file is not installed."""


class WeightsAltered(SomethingMissing):
    """A weight file is there but its sha256 is not the pinned one."""


class ClusterUnusable(SomethingMissing):
    """A Ray cluster was asked for that cannot be reached, has no room, or has other software than this machine."""


class BadInput(CallcoachError):
    """What a person gave (recording, transcript, manifest, rubric) cannot be used as it is."""

    exit_code = 4


class BadAudio(BadInput):
    """A recording that cannot be decoded safely."""


class BadTranscript(BadInput):
    """A transcript file in no known format, or one that breaks its format."""


class BadManifest(BadInput):
    """A manifest, people file or sidecar with a wrong row or field."""


class BadRubric(BadInput):
    """An initiative file with a missing or wrong field."""


class EditConflict(BadInput):
    """A file or a goal that was to be written holds something else than what was checked, or is there already."""


class GoalUnfinished(BadInput):
    """A goal was to be agreed to that is not one yet, or that is closed."""


class NotYours(UsageError):
    """Something was to be changed, or read, by somebody whose it is not."""


class StoryUnfinished(BadInput):
    """An initiative whose definition is incomplete or vague was to be published."""


class SourceUnreachable(BadInput):
    """A bucket or SFTP server that calls were to be fetched from did not answer, or let nobody in."""


class BadCorpus(BadInput):
    """A folder of labelled calls that breaks the corpus format."""


class StorageError(CallcoachError):
    """The database cannot be opened, read or written."""

    exit_code = 5


class StorageAway(StorageError):
    """The database cannot be reached or used right now; the same may work in a moment."""


class AuditBroken(StorageError):
    """The audit log lacks a line, or holds one that is not as it was written."""


class TracesLeft(StorageError):
    """Something was erased, and a trace of it was found afterwards, or may be left."""


class SomeCallsFailed(CallcoachError):
    """The run ended, and at least one call in it could not be processed."""

    exit_code = 6


class NoOpinion(CallcoachError):
    """A second opinion was asked for and none can be used; the judgement stands as it is."""


class AlreadyRunning(CallcoachError):
    """A run was started while another one goes on."""

    exit_code = 7


class TakenOver(AlreadyRunning):
    """A run that gave no sign of life was taken over by another one, and may write no more."""


class NotDelivered(CallcoachError):
    """The night's work is done and the brief is written, but it could not be sent."""

    exit_code = 8
