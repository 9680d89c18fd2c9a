from __future__ import annotations

from pathlib import Path

import pytest

from tmam.timetables.lines import Line
from tmam.timetables.sale import Coaches, SaleFileError, parse_seats, read_sale, terms_for

FILE = """
currency = "EUR"
capacity = 300
types = [
  { name = { en = "Adult" }, price = "30", steps = [[100, "9.50"], [50, "5.00"]] },
  { name = { en = "Child" }, price = "15", zones = { "B A" = "2" } },
]
[lines.R2]
seats = "2x10x4"
title = { en = "Hill line", es = "Línea de la sierra" }
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "sale.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_lines_are_sold_as_the_file_says(tmp_path: Path) -> None:
    sale = read_sale(write(tmp_path, FILE))
    coast = terms_for(Line("R1", "C1", "train", "Coast", ()), sale, None)
    hills = terms_for(Line("R2", "C2", "train", "Hills", ()), sale, None)
    assert coast is not None
    assert hills is not None
    assert (coast.capacity, coast.is_seated) == (300, False)
    assert (hills.capacity, hills.coaches, hills.title["en"]) == (80, Coaches(2, 10, 4), "Hill line")
    assert coast.types[0].fares == {"by": "distance", "steps": [[50, 500], [100, 950]]}
    assert coast.types[1].fares == {"by": "zones", "prices": {"A B": 200}}


@pytest.mark.parametrize(
    "text",
    [
        "currency = ",
        "colour = 'red'",
        "seats = 'many'",
        "types = [{ name = { en = 'A' }, price = 'free' }]",
        "types = [{ name = { en = 'A' }, price = '1', zones = { A = '2' } }]",
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(SaleFileError, match=r"sale\.toml cannot be used"):
        read_sale(write(tmp_path, text))


@pytest.mark.parametrize("text", ["0x1x1", "99x999x9", "6", "1x1x27"])
def test_impossible_seats(text: str) -> None:
    with pytest.raises(ValueError, match="coaches x rows x seats"):
        parse_seats(text)
