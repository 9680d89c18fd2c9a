from tmam.catalog.words import all_of, document_literal, query_words, word_condition, words_of


def test_words_lose_case_and_accents() -> None:
    assert words_of("Über ALLES: L'Orfeo, Años 80!") == ["uber", "alles", "l", "orfeo", "anos", "80"]


def test_words_of_other_scripts_stay() -> None:
    assert words_of("東京 Ночь") == ["東京", "ночь"]


def test_a_document_counts_places_through_all_weights() -> None:
    assert document_literal({"A": ["Noche, noche"], "C": ["Madrid"]}) == "'madrid':3C 'noche':1A,2A"


def test_nothing_in_a_document_can_leave_its_quotes() -> None:
    assert document_literal({"A": ["O'Neil \\ ':*' & | !"]}) == "'neil':2A 'o':1A"


def test_a_word_is_kept_a_bounded_number_of_times() -> None:
    literal = document_literal({"D": ["la " * 500]})
    assert literal.count("D") == 200


def test_little_words_are_left_out_unless_there_is_nothing_else() -> None:
    assert query_words("the tickets for Jazz in Madrid, jazz", words_max=8) == ["jazz", "madrid"]
    assert query_words("the the", words_max=8) == ["the"]
    assert query_words("a1 b2 c3", words_max=2) == ["a1", "b2"]


def test_long_words_also_find_what_they_begin() -> None:
    assert word_condition("beeth") == "'beeth':*"
    assert word_condition("art") == "'art'"
    assert word_condition("ar", is_last=True) == "'ar':*"
    assert word_condition("madrid", "C") == "'madrid':*C"
    assert word_condition("b", "A") == "'b':A"


def test_conditions_are_joined() -> None:
    assert all_of(["'a'", "'b':*"]) == "('a') & ('b':*)"
    assert all_of([]) is None
