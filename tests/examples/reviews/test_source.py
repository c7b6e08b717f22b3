"""The reviews are always the same, and what a bad export leaves is as bad as it says."""

from pathlib import Path

import polars as pl

from examples.reviews import source


def test_reviews_differ_from_each_other_and_are_the_same_every_time() -> None:
    found = source.reviews(0, 900)
    assert len({text for _, text in found}) == 900 and [number for number, _ in found] == list(range(900))
    assert source.reviews(600, 900) == found[600:]
    assert not {text for _, text in source.reviews(0, 500, hotels=True)} & {text for _, text in found}


def test_they_are_written_as_a_table(tmp_path: Path) -> None:
    source.write(tmp_path / "data/reviews.csv", [(1, 'one, "two"')])
    assert pl.read_csv(tmp_path / "data/reviews.csv").rows() == [(1, 'one, "two"')]


def test_a_bad_export_garbles_accents_and_adds_what_does_not_belong() -> None:
    rows = [(0, "the café was shut"), (1, "the café was open")]
    texts = [text for _, text in source.damaged(rows)]
    assert texts[:2] == ["the café was shut", "the cafÃ© was open"]
    assert texts[-2:] == ["We", "THE CAFÉ WAS SHUT"] and "Koffer" in texts[3]
    assert len({number for number, _ in source.damaged(rows)}) == len(texts)
