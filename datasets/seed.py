"""Whose world it is: a student's id makes the seed of their own."""

import hashlib


def seed_of(student_id: str) -> int:
    """The seed of a student's own world: 1 to 2**31 - 1, the same in every process.

    ValueError when the id is empty.
    """
    if not student_id:
        raise ValueError("student_id is empty")
    return 1 + int.from_bytes(hashlib.sha256(student_id.encode()).digest()[:8]) % (2**31 - 1)
