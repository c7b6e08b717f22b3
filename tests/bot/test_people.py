"""Who somebody is, asked of GitHub at the moment of deciding."""

import pytest

from bot.gateway.commanding import CommandGateway
from bot.people import Several, Unknown, standing
from tests.bot.gateway.scene import REPOSITORY, Scene

ROLES = {"ml-lead": ["Alice", "@acme/ML-Leads"], "model-risk": ["@acme/risk"]}


@pytest.fixture
def reads(here: Scene) -> CommandGateway:
    here.github.role(REPOSITORY, "alice", "triage")
    here.github.team("acme", "ml-leads", {"bob": "member"})
    here.github.role(REPOSITORY, "bob", "write")
    rights = {"metadata": "read", "members": "read", "issues": "write"}
    return CommandGateway.of(here.as_token(here.github.token(REPOSITORY, **rights)))


def who(here: Scene, login: str) -> int:
    return here.github.user(login).id


def test_a_level_and_only_the_roles_that_are_asked_about(reads: CommandGateway, here: Scene) -> None:
    found = standing(reads, who(here, "alice"), "alice", {"write", "ml-lead"}, ROLES)
    assert (found.level, found.roles) == ("triage", {"ml-lead"})
    assert standing(reads, who(here, "alice"), "alice", {"write"}, ROLES).roles == frozenset()


def test_az_05_a_team_is_asked_about_the_one_person_whatever_its_size(reads: CommandGateway, here: Scene) -> None:
    here.github.team("acme", "risk", {f"person-{number}": "member" for number in range(130)} | {"zoe": "member"})
    here.github.role(REPOSITORY, "zoe", "read")
    here.github.forget_requests()
    assert standing(reads, who(here, "zoe"), "zoe", {"model-risk"}, ROLES).roles == {"model-risk"}
    assert standing(reads, who(here, "bob"), "bob", {"model-risk"}, ROLES).roles == frozenset()
    assert len(here.github.requests) == 4


def test_az_04_a_member_is_found_in_whatever_case_the_policy_writes_it(reads: CommandGateway, here: Scene) -> None:
    assert standing(reads, who(here, "bob"), "bob", {"ml-lead"}, {"ml-lead": ["bOb"]}).roles == {"ml-lead"}


def test_az_04_a_name_that_belongs_to_another_account_now_is_nobody(reads: CommandGateway) -> None:
    with pytest.raises(Unknown, match="another account"):
        standing(reads, 999_999, "alice", {"ml-lead"}, ROLES)


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 404}])
def test_az_01_an_answer_that_does_not_come_is_neither_yes_nor_no(
    reads: CommandGateway, here: Scene, fault: dict[str, int]
) -> None:
    here.github.fail("status", "GET", "/permission", times=None, **fault)
    with pytest.raises(Unknown):
        standing(reads, who(here, "alice"), "alice", set(), ROLES)


def test_az_01_a_token_that_may_not_ask_knows_nothing(reads: CommandGateway, here: Scene) -> None:
    here.github.fail("permission", "GET", "/permission", times=None)
    with pytest.raises(Unknown):
        standing(reads, who(here, "alice"), "alice", set(), ROLES)


def test_az_01_a_team_that_cannot_be_asked_about_is_unknown_too(reads: CommandGateway, here: Scene) -> None:
    here.github.fail("status", "GET", "/teams/", times=None, status=502)
    with pytest.raises(Unknown):
        standing(reads, who(here, "bob"), "bob", {"ml-lead"}, ROLES)


def test_az_02_the_association_of_an_author_is_never_asked(reads: CommandGateway, here: Scene) -> None:
    here.github.team("acme", "everybody", {"carol": "maintainer"})
    here.github.role(REPOSITORY, "carol", "read")
    found = standing(reads, who(here, "carol"), "carol", {"write"}, ROLES)
    assert not found.may("write")


@pytest.mark.parametrize("role", ["read", "triage", "write", "maintain", "admin"])
def test_az_03_every_level_is_told_apart(reads: CommandGateway, here: Scene, role: str) -> None:
    here.github.role(REPOSITORY, "dan", role)
    assert standing(reads, who(here, "dan"), "dan", set(), {}).level == role


def test_several_people_are_one_request_and_who_is_not_listed_is_asked_for_alone(reads: CommandGateway, here: Scene) -> None:
    here.github.user("zoe")
    here.github.forget_requests()
    several = Several(reads)
    found = [standing(several, who(here, login.lower()), login, set(), {}).level for login in ("alice", "BOB", "zoe")]
    assert found == ["triage", "write", "read"]
    assert [str(each).split(" ", 1)[1].rpartition("/repos/acme/flights/")[2] for each in here.github.requests] == [
        "collaborators -> 200", "collaborators/zoe/permission -> 200",
    ]  # fmt: skip
    assert standing(several, who(here, "bob"), "bob", {"ml-lead"}, ROLES).roles == {"ml-lead"}


@pytest.mark.parametrize("kind, more", [("permission", {}), ("status", {"status": 502})])
def test_az_01_where_they_cannot_be_listed_each_is_asked_for(
    reads: CommandGateway, here: Scene, kind: str, more: dict[str, int]
) -> None:
    here.github.fail(kind, "GET", "/collaborators$", times=None, **more)
    assert standing(Several(reads), who(here, "alice"), "alice", set(), {}).level == "triage"


def test_az_04_a_listed_name_that_belongs_to_another_account_now_is_nobody(reads: CommandGateway) -> None:
    with pytest.raises(Unknown, match="another account"):
        standing(Several(reads), 999_999, "alice", {"ml-lead"}, ROLES)


@pytest.mark.parametrize("role", ["read", "triage", "write", "maintain", "admin"])
def test_az_03_every_level_is_told_apart_in_a_list_too(reads: CommandGateway, here: Scene, role: str) -> None:
    here.github.role(REPOSITORY, "dan", role)
    (found,) = [each for each in reads.collaborators() if each.login == "dan"]
    assert (found.id, found.level) == (who(here, "dan"), role)
