"""The judges of our files refuse a file that is neither tagged nor archivable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from tests.delivery.outside import assert_archivable, assert_reads_aloud


@pytest.mark.parametrize("judge", [assert_archivable, assert_reads_aloud])
def test_a_plain_pdf_is_refused(judge: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "plain.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
    with pytest.raises(AssertionError):
        judge(path)
