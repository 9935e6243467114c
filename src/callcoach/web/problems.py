"""Why a request is not answered as asked, each with its status and what to do next. Knows nothing of how it is shown."""

from collections.abc import Iterable

from callcoach.domain.people import PersonRole

ROLE_WORDS = {
    PersonRole.REP: "reps",
    PersonRole.MANAGER: "managers",
    PersonRole.ENABLEMENT: "enablement",
    PersonRole.EXECUTIVE: "executives",
    PersonRole.ADMIN: "admins",
}


class Problem(Exception):
    """A page that says what is wrong and what next."""

    status = 400
    title = "This did not work"

    def __init__(self, sentence: str, *, status: int | None = None, title: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status or self.status
        self.title = title or self.title


class NotSignedIn(Problem):
    """Nobody is signed in."""

    status = 401
    title = "Sign in first"

    def __init__(self) -> None:
        super().__init__("You are not signed in, or your session is over. Sign in and try again.")


class PasswordDue(Problem):
    """The password is one that somebody else gave."""

    status = 403
    title = "Choose your own password first"

    def __init__(self) -> None:
        super().__init__("Your password was given to you by somebody else. Choose your own on the account page, then go on.")


class NotPermitted(Problem):
    """The role does not cover this."""

    status = 403
    title = "Not for your role"

    def __init__(self, role: PersonRole, wanted: Iterable[PersonRole]) -> None:
        names = [ROLE_WORDS[one] for one in PersonRole if one in set(wanted)]
        told = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        super().__init__(f"This page is for {told}, and your account's role is {role.value}. An admin can change roles.")


class NotHere(Problem):
    """There is no such thing, or it is not for this reader: the two are never told apart."""

    status = 404
    title = "Not found"

    def __init__(self, sentence: str = "There is nothing at this address, or it is not yours to see.") -> None:
        super().__init__(sentence)


class Conflict(Problem):
    """Somebody else changed it meanwhile."""

    status = 409
    title = "Somebody else was faster"


class Unusable(Problem):
    """What was sent cannot be used as it is."""

    status = 422
    title = "This cannot be used as it is"
