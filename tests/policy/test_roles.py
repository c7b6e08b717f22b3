"""Levels hold each other, members are people once, and what is no level is held by nobody."""

import pytest

from policy import document
from policy.document import PolicyProblem
from policy.roles import LEVELS, Standing, at_least, is_bot, level_of, named, teams, users


def test_az_03_each_level_holds_those_before_it_and_none_after() -> None:
    for index, level in enumerate(LEVELS):
        held = [wanted for wanted in LEVELS[1:] if at_least(level, wanted)]
        assert held == list(LEVELS[1 : index + 1])


def test_what_is_no_level_is_held_by_nobody() -> None:
    assert not any(at_least(level, wanted) for level in LEVELS for wanted in ("none", "", "owner", "WRITE"))


def test_az_03_a_custom_role_is_worth_what_its_flags_say() -> None:
    assert level_of({"pull", "triage", "push"}, "ml-reviewer", "write") == "write"
    assert level_of({"pull"}, "ml-reader", "read") == "read"
    assert level_of({"pull", "triage", "push", "maintain"}, "release", "write") == "maintain"


def test_without_flags_the_role_counts_where_it_is_a_level_and_else_the_older_permission() -> None:
    assert level_of((), "triage", "read") == "triage"
    assert level_of((), "ml-reviewer", "write") == "write"
    assert level_of((), "ml-reviewer", "something") == "none"


def test_az_04_a_member_named_twice_in_another_case_is_one() -> None:
    assert users(["Alice", "alice", "@acme/ml", "BOB"]) == ["alice", "bob"]
    assert teams(["@Acme/ML", "@acme/ml", "alice"]) == [("acme", "ml")]


def test_a_refusal_names_who_could() -> None:
    roles = {"ml-lead": ["alice", "@acme/ml"]}
    assert named("write", roles) == "write permission or more"
    assert named("ml-lead", roles) == "the role ml-lead (alice, the team acme/ml)"
    assert named("model-risk", roles) == "the role model-risk, which nobody has"


def test_a_person_may_by_level_or_by_role() -> None:
    person = Standing(7, "alice", "triage", frozenset({"ml-lead"}))
    assert person.may("triage") and person.may("ml-lead")
    assert not person.may("write") and not person.may("model-risk")


@pytest.mark.parametrize(("login", "kind"), [("assay[bot]", "Bot"), ("renovate[bot]", "User"), ("acme", "Organization")])
def test_az_08_what_is_no_person_is_a_bot(login: str, kind: str) -> None:
    assert is_bot(login, kind)
    assert not is_bot("alice", "User")


def test_roles_and_commands_stand_in_the_policy() -> None:
    text = (
        "version: 1\nroles: {ml-lead: ['@acme/ml', alice]}\ncommands: {who: {waive: ml-lead, train: write}, waivers_last: 14}\n"
    )
    policy = document.read(text)
    assert policy.roles == {"ml-lead": ["@acme/ml", "alice"]}
    assert policy.commands is not None and policy.commands.who["waive"] == "ml-lead" and policy.commands.waivers_last == 14


@pytest.mark.parametrize("line", ["roles: {Lead: [alice]}", "roles: {lead: ['al ice']}", "roles: {lead: ['@acme']}"])
def test_a_role_or_member_that_cannot_be_one_is_refused_on_its_line(line: str) -> None:
    with pytest.raises(PolicyProblem, match=r"assay\.yml:2"):
        document.read(f"version: 1\n{line}\n")


def test_az_11_a_command_bound_to_a_role_that_does_not_exist_is_refused() -> None:
    with pytest.raises(PolicyProblem, match="no role is called 'ml-leed'"):
        document.read("version: 1\nroles: {ml-lead: [alice]}\ncommands: {who: {waive: ml-leed}}\n")
