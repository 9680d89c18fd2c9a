"""What can be wrong with a timetable's files. Each names the file and, where there is one, the line (the head is 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tmam.kernel.errors import TmamError


@dataclass(frozen=True)
class TimetableError(TmamError):
    """Base: something about a timetable. `line` is 0 where the whole file is meant."""

    status: ClassVar[int] = 422
    file: str
    line: int = 0


@dataclass(frozen=True)
class SourceUnreadableError(TimetableError):
    """It is neither a folder nor a sound ZIP file without a password, or a text in no encoding we know."""

    code: ClassVar[str] = "timetables.source_unreadable"


@dataclass(frozen=True)
class FileMissingError(TimetableError):
    """A file that the import needs is not there."""

    code: ClassVar[str] = "timetables.file_missing"


@dataclass(frozen=True)
class ColumnMissingError(TimetableError):
    """The head of a file lacks a column that is needed."""

    code: ClassVar[str] = "timetables.column_missing"
    column: str = ""


@dataclass(frozen=True)
class TooLargeError(TimetableError):
    """More than any timetable holds, or a ZIP file that unpacks to absurd sizes. `most` is in the unit that `what` names."""

    code: ClassVar[str] = "timetables.too_large"
    most: int = 0
    what: str = "MB"


@dataclass(frozen=True)
class EncodingGuessedError(TimetableError):
    """A line is not UTF-8; it was read as Windows-1252. A notice: nothing is left out."""

    code: ClassVar[str] = "timetables.encoding_guessed"


@dataclass(frozen=True)
class RowUnreadableError(TimetableError):
    """A line is not a row of this table: too few or too many fields, an open quotation mark, or not text."""

    code: ClassVar[str] = "timetables.row_unreadable"


@dataclass(frozen=True)
class ValueMissingError(TimetableError):
    """A field that must be filled is empty."""

    code: ClassVar[str] = "timetables.value_missing"
    column: str = ""


@dataclass(frozen=True)
class ValueWrongError(TimetableError):
    """A field holds something that its column does not allow."""

    code: ClassVar[str] = "timetables.value_wrong"
    column: str = ""
    value: str = ""


@dataclass(frozen=True)
class ReferenceUnknownError(TimetableError):
    """A field names something that is in no other file, or was refused there."""

    code: ClassVar[str] = "timetables.reference_unknown"
    column: str = ""
    value: str = ""


@dataclass(frozen=True)
class RepeatedError(TimetableError):
    """A second row with the same key; the first one counts."""

    code: ClassVar[str] = "timetables.repeated"
    column: str = ""
    value: str = ""


@dataclass(frozen=True)
class TripUnusableError(TimetableError):
    """A trip that cannot be sold as told: times missing or running backwards, fewer than two stops, a refused row."""

    code: ClassVar[str] = "timetables.trip_unusable"
    trip: str = ""


@dataclass(frozen=True)
class FaresMissingError(TimetableError):
    """Neither the timetable nor the sale file says what tickets cost."""

    code: ClassVar[str] = "timetables.fares_missing"


@dataclass(frozen=True)
class FeedTakenError(TimetableError):
    """A line of this name of feed belongs to another organizer."""

    code: ClassVar[str] = "timetables.feed_taken"
    feed: str = ""


@dataclass(frozen=True)
class TripSoldError(TimetableError):
    """A trip changed in the file, but places on it are sold or reserved: it stays as it was sold."""

    code: ClassVar[str] = "timetables.trip_sold"
    trip: str = ""
    day: str = ""
