"""The card as a repository has it, and the digests behind its model."""

from pathlib import Path

import pytest

from actions.registry import card
from actions.registry.register import model_of, policy_at
from actions.repository import Repository
from policy.problems import UserProblem
from tests.registry import Release


def test_a_card_is_read_as_it_is_and_what_is_no_text_is_refused(released: Release) -> None:
    path = f"cards/{released.model}.md"
    with Repository.open(released.repo.root) as repository:
        assert card.existing(repository, released.model) == card.existing(repository, "no/path") == ""
        Path(released.repo.root, "cards").mkdir()
        Path(released.repo.root, path).write_bytes(b"a\r\nb")
        assert card.existing(repository, released.model) == "a\r\nb"
        assert card.existing(repository, released.model, released.head) == ""
    with pytest.raises(UserProblem, match="no UTF-8"):
        card.decoded(b"\xff", path)


def test_what_a_model_was_made_of_is_what_the_lock_says(released: Release) -> None:
    with Repository.open(released.repo.root) as repository:
        model = model_of(policy_at(repository, released.head))
        made = card.made_of(repository, model, released.head)
        assert made.digest.removeprefix("md5:") in released.repo.run("md5sum", "model.txt")
        assert set(made.data) == {"data/raw.csv", "data/prepared.csv"} and made.origin is None
        with pytest.raises(UserProblem, match="no lock names it"):
            card.made_of(repository, model.model_copy(update={"artifact": "README.md"}), released.head)


def test_the_facts_say_what_the_locks_of_two_commits_say(released: Release) -> None:
    with Repository.open(released.repo.root) as repository:
        model = model_of(policy_at(repository, released.head))
        told = card.facts(repository, model, released.base, released.head, ["dvc.lock"])
        made = card.made_of(repository, model, released.head)
        assert told.head is not None and told.head.digest == made.digest and told.head.data == made.data
        unchanged = card.facts(repository, model, released.base, released.head, ["README.md"])
        assert unchanged.base == unchanged.head == told.head
        unknown = card.facts(
            repository, model.model_copy(update={"artifact": "none.txt"}), released.base, released.head, ["dvc.lock"]
        )
        assert unknown.base is unknown.head is None and not unknown.problem
        outside = card.facts(
            repository, model.model_copy(update={"artifact": "../x"}), released.base, released.head, ["dvc.lock"]
        )
        assert outside.problem
