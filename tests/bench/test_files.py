from tmam.bench.files import BARE, MAKERS, file_lines, measure_files, poppler_ms


def test_every_kind_of_file_is_measured_and_accessible_ones_beside_typst_alone() -> None:
    rates = measure_files(0.001)
    assert [rate.name for rate in rates] == list(MAKERS)
    assert all(rate.per_s > 0 and rate.size > 300 for rate in rates)
    assert {rate.name for rate in rates if rate.share} == {
        name for name, maker in MAKERS.items() if maker.against == BARE
    }
    drawn_in_ms = poppler_ms()
    assert drawn_in_ms
    lines = file_lines(rates, drawn_in_ms)
    assert lines[2].startswith(f"| {BARE} | ")
    assert lines[-1].startswith("Poppler draws the PDF at 150 dpi in ")
    assert len(file_lines(rates, None)) == 2 + len(rates)
