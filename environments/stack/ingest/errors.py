"""How ingestion fails, by what helps: wait and try again, put in another key, fix our request, or nothing to fix."""

from environments.errors import LabsError


class IngestError(LabsError):
    """Whatever stops one stream or one source."""


class KeyRefused(IngestError):
    """401: this key opens nothing any more. Retrying cannot help, so no request follows."""


class NotAllowed(IngestError):
    """403: the key is good, but not for this resource. The other streams go on."""


class BadRequest(IngestError):
    """400 and its kin: our request is wrong, and would be wrong again."""


class NoData(IngestError):
    """404 of an export: nothing was uploaded in these hours. Not a failure."""


class TooMuch(IngestError):
    """The vendor cannot answer so large a question (too big, or it gave up on it); a smaller one may do."""


class Passing(IngestError):
    """Something that passes by itself: 429, 5xx, a dropped connection, half an answer.
    `wait` is what the vendor asks for, in seconds."""

    def __init__(self, message: str, wait: float = 0.0):
        super().__init__(message)
        self.wait = wait


class Truncated(Passing):
    """The answer ends before its end. None of it may be loaded."""
