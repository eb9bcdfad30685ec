"""What can go wrong when knowledge is read in. Nothing has been changed when one of these is raised."""

from collections.abc import Sequence
from typing import ClassVar

from bothands.kit import Conflict, Invalid, TooLarge
from bothands.knowledge.model import Trouble

TROUBLES_SAID_MAX = 5


class ImportRefused(Invalid):
    """Some of the files cannot be read; every trouble is in `troubles`."""

    code: ClassVar[str] = "import-refused"
    title: ClassVar[str] = "The import was refused"

    def __init__(self, name: str, troubles: Sequence[Trouble]) -> None:
        self.troubles = tuple(troubles)
        said = " ".join(str(trouble) for trouble in self.troubles[:TROUBLES_SAID_MAX])
        more = len(self.troubles) - TROUBLES_SAID_MAX
        if more > 0:
            said += f" And {more} more"
        super().__init__(f"import of {name}", f"nothing was changed. {said.rstrip('.')}", "")


class ImportTooLarge(TooLarge):
    """More than one import may carry."""

    code: ClassVar[str] = "import-too-large"
    title: ClassVar[str] = "Too much for one import"


class ImportOvertaken(Conflict):
    """Other imports kept changing the same knowledge while this one was being prepared."""

    code: ClassVar[str] = "import-overtaken"
    title: ClassVar[str] = "Another import came first"
