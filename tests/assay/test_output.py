"""Files are written whole or not at all."""

import sys
from pathlib import Path

import pytest

from assay.output import write, write_all
from policy.facts.plots import PlotFact, PlotSeries
from reports.plots import Picture
from tests.reports import samples


def test_a_file_is_replaced_by_its_new_content(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    write(file, b"old")
    write(file, b"new")
    assert file.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [file]


def test_a_stop_in_the_middle_leaves_the_old_content_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "facts.json"
    write(file, b"old")

    def interrupted(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(file, b"new")
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_everyone_who_may_read_the_folder_may_read_the_file(tmp_path: Path) -> None:
    write(tmp_path / "report.html", b"")
    assert (tmp_path / "report.html").stat().st_mode & 0o777 == 0o644


CURVE = PlotFact(title="Curve of the model", series=[PlotSeries(side="head", x=[0, 1], y=[0, 1])])


def test_plots_of_the_facts_and_images_stand_in_the_page(tmp_path: Path) -> None:
    facts = samples.facts().model_copy(update={"plots": [CURVE], "plots_total": 1})
    image = Picture("Picture of the model", "data:image/png;base64,AA")
    html = write_all(tmp_path, facts, samples.verdict(), {}, [image]).page.read_text()
    assert html.index("Curve of the model") < html.index("data:image/svg+xml") < html.index("data:image/png;base64,AA")


def test_without_the_extra_the_page_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    facts = samples.facts().model_copy(update={"plots": [CURVE], "plots_total": 1})
    html = write_all(tmp_path, facts, samples.verdict(), {}).page.read_text()
    assert "Curve of the model" in html and "drawing charts needs vl-convert. install assay[charts]" in html


def test_without_plots_the_converter_is_not_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "vl_convert", raising=False)
    write_all(tmp_path, samples.facts(), samples.verdict(), {})
    assert "vl_convert" not in sys.modules
