"""Who answers for data that differs is named, by login or by team, unless they are asked already."""

from bot.reviewing import Reviewers, reviewers
from policy import document

DATA = document.read("""\
version: 1
data:
  - {path: data/flights.parquet, owner: "@acme/data"}
  - {path: data/weather, owner: wanda}
  - {path: data/other.csv, owner: "@elsewhere/team"}
""").data


def asked(*files: str, aside: tuple[str, ...] = ()) -> Reviewers:
    return reviewers(DATA, files, "Acme/flights", aside)


def test_people_are_asked_by_login_and_teams_of_the_organisation_by_slug() -> None:
    found = asked("data/flights.parquet.dvc", "data/weather/january.csv")
    assert (found.users, found.teams, found.any) == (("wanda",), ("data",), True)


def test_a_team_of_another_organisation_owns_and_is_not_asked() -> None:
    found = asked("data/other.csv.dvc")
    assert found.owners == ("@elsewhere/team",) and not found.any


def test_who_is_asked_already_is_not_asked_again_in_whatever_case() -> None:
    found = asked("dvc.lock", aside=("Wanda", "DATA"))
    assert len(found.owners) == 3 and not found.any


def test_what_nobody_owns_asks_nobody() -> None:
    assert asked("README.md") == Reviewers((), (), ())


def test_who_owns_images_owns_what_names_their_classes() -> None:
    data = document.read("version: 1\ndata: [{path: pictures, owner: ada, images: {labels: data/classes.csv}}]\n").data
    for file in ("data/classes.csv", "data/classes.csv.dvc", "pictures/1.png"):
        assert reviewers(data, [file], "acme/pets", ()).users == ("ada",)
    assert not reviewers(data, ["data/classes.txt"], "acme/pets", ()).any
