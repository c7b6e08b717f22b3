"""Owners of data that differs are asked, once, and never the author."""

from bot.commands.assign_reviewers import Arguments, Present, decide, look
from bot.effects import RequestReviewers
from policy import document
from policy.reasons import Reason
from tests.bot.commands.asking import reply, request

POLICY = document.read("""\
version: 1
data:
  - {path: data/flights.parquet, owner: "@acme/data"}
  - {path: data/weather, owner: wanda}
  - {path: data/private.csv, owner: ada}
  - {path: data/other.csv, owner: "@elsewhere/team"}
""")


def asked(*files: str, **changed: object) -> list[object]:
    return decide(request(policy=POLICY, **changed), Arguments(), Present(files))


def test_the_owner_of_what_differs_itself_or_by_its_dvc_file() -> None:
    assert asked("data/flights.parquet.dvc")[0] == RequestReviewers(7, (), ("data",))
    assert asked("data/weather/january.csv")[0] == RequestReviewers(7, ("wanda",), ())


def test_outs_of_stages_change_with_the_lock() -> None:
    assert asked("dvc.lock")[0] == RequestReviewers(7, ("wanda",), ("data",))


def test_the_author_and_who_is_asked_already_are_left_out() -> None:
    assert len(asked("data/private.csv.dvc")) == 1
    assert len(asked("data/weather/x.csv", reviewers=("Wanda",))) == 1


def test_where_no_data_differs_nobody_is_asked() -> None:
    assert reply(asked("README.md")).result.reason is Reason.NO_OWNERS


def test_the_files_are_those_of_the_pull_request() -> None:
    class Files:
        def changed_files(self, number: int) -> list[str]:
            return [f"of {number}"]

    assert look(Files(), request(), Arguments()) == Present(("of 7",))
