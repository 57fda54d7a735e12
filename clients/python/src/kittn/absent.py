"""Telling an argument that was left out from one that is None."""

from enum import Enum


class Absent(Enum):
    """The value of an argument that was left out; None may be a mistake, such as an unset variable."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT
