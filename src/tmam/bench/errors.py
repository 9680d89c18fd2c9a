"""What keeps a benchmark from running, in one sentence for the person at the terminal."""

from __future__ import annotations


class BenchError(Exception):
    """The benchmark cannot run or cannot go on; the text is one sentence."""
