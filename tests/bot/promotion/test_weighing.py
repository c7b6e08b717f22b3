"""A request is weighed anew each time, from what GitHub and the registry say now, and its card says what came of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.promotion import weighing
from bot.promotion.asked import LABEL
from bot.promotion.deciding import NoRequest
from bot.promotion.weighing import weigh
from policy.approvals import State
from policy.problems import OutsideProblem, UserProblem
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.court import POLICY, Court
from tests.policy.test_origin import SOME


def state(there: Court, number: int) -> State:
    found = weigh(there.chat.around, number)
    assert found
    return found.decision.state


def test_a_request_waits_for_those_whom_the_policy_names(there: Court) -> None:
    number = there.ask()
    assert "waits for approvals" in there.state(number)
    assert "carol" in there.card(number) and f"/approve {there.code(number)}" in there.card(number)


def test_it_is_approved_once_each_rule_has_its_people(there: Court) -> None:
    there.promoted("staging", 3)
    number = there.ask("/promote flight-delay to production")
    assert there.approve(number, "carol") is Reason.VOTE_HEARD
    assert state(there, number) is State.PENDING
    assert there.approve(number, "alice") is Reason.VOTE_HEARD
    assert state(there, number) is State.APPROVED and "may be promoted to" in there.state(number)
    assert there.chat.reactions() == ["rocket"]


def test_weighing_again_writes_nothing(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    there.chat.here.github.forget_requests()
    weigh(there.chat.around, number)
    assert not [each for each in there.chat.asked if not each.startswith("GET")]


def test_those_who_can_still_approve_are_the_assignees(there: Court) -> None:
    there.promoted("staging", 3)
    number = there.ask("/promote flight-delay to production")
    assert set(there.gateway.issue(number).assignees) == {"carol", "dan", "alice", "bob"}
    there.approve(number, "carol")
    assert set(there.gateway.issue(number).assignees) == {"alice", "bob"}


@pytest.mark.parametrize("by", ["mona", "tim"])
def test_a_stranger_and_whoever_has_no_role_approves_nothing(there: Court, by: str) -> None:
    number = there.ask(by="alice")
    assert there.approve(number, by) in (Reason.VOTE_NO_ROLE, Reason.VOTE_OWN_WORK)
    assert state(there, number) is State.PENDING and there.chat.reactions() == ["confused"]


def test_az_06_nobody_approves_what_they_asked_for_or_wrote(there: Court) -> None:
    there.policy(POLICY.replace("[carol, dan]", "[carol, mona]"))
    number = there.ask(by="carol")
    assert there.approve(number, "carol") is Reason.VOTE_OWN_WORK
    assert there.approve(number, "mona") is Reason.VOTE_OWN_WORK
    assert state(there, number) is State.PENDING


def test_az_06_a_second_author_of_an_earlier_commit_since_the_last_promotion_has_a_part_too(there: Court) -> None:
    there.promoted("staging", 1)
    github = there.chat.here.github
    message = f"more\n\nCo-authored-by: D <{github.user('dan').id}+dan@users.noreply.github.com>"
    github.commit(REPOSITORY, {"a": "1"}, author="mona", message=message)
    there.shelf.origins.append(SOME.model_copy(update={"code_sha": github.commit(REPOSITORY, {"b": "2"}, author="mona")}))
    number = there.ask()
    assert there.approve(number, "dan") is Reason.VOTE_OWN_WORK
    assert there.approve(number, "carol") is Reason.VOTE_HEARD


def test_az_06_an_author_whom_github_does_not_know_takes_one_approver_more(there: Court) -> None:
    sha = there.chat.here.github.commit(REPOSITORY, {"a": "1"}, email="who@example.com")
    there.shelf.origins.append(SOME.model_copy(update={"code_sha": sha}))
    number = there.ask()
    there.approve(number, "carol")
    assert state(there, number) is State.PENDING
    there.approve(number, "dan")
    assert state(there, number) is State.APPROVED


def test_az_08_a_bot_never_counts(there: Court) -> None:
    number = there.ask()
    there.chat.here.github.user("carol[bot]", type="Bot")
    assert there.approve(number, "carol[bot]") is Reason.IGNORED_BOT
    assert state(there, number) is State.PENDING


def test_az_09_whoever_lost_the_role_after_voting_does_not_count_any_more(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    assert state(there, number) is State.APPROVED
    there.policy(POLICY.replace("[carol, dan]", "[dan]"))
    assert state(there, number) is State.PENDING


def test_az_13_and_az_14_what_was_revoked_does_not_count_and_an_objection_holds_it_up(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    there.chat.say("/revoke", "carol", number)
    assert state(there, number) is State.PENDING
    there.approve(number, "dan")
    assert state(there, number) is State.APPROVED
    there.chat.say('/reject because "the night flights got worse"', "carol", number)
    assert state(there, number) is State.REJECTED
    there.chat.say("/revoke", "carol", number)
    assert state(there, number) is State.APPROVED


def test_an_edited_approval_is_void_whoever_edited_it(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    comment = there.comment(number, "carol")
    comment.updated_at = "2030-01-01T00:00:00Z"
    there.chat.happen(comment, "edited", changes={"body": {"from": "hello"}})
    assert "waits for approvals" in there.state(number) and "was edited" in there.card(number)


def test_an_old_comment_edited_into_an_approval_is_none(there: Court) -> None:
    number = there.ask()
    comment = there.chat.comment("looks fine", "carol", number)
    comment.body, comment.updated_at = f"/approve {there.code(number)}", "2030-01-01T00:00:00Z"
    assert state(there, number) is State.PENDING


def test_a_deleted_approval_is_gone(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    comment = there.comment(number, "carol")
    del there.chat.here.github.repository(REPOSITORY).comments[comment.id]
    there.chat.happen(comment, "deleted")
    assert "waits for approvals" in there.state(number)


def test_az_10_and_tt_06_a_policy_that_changed_voids_every_vote_and_the_card_says_what_changed(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    before = there.comment(number, "carol").body
    there.policy(POLICY + "# more\n")
    assert state(there, number) is State.PENDING
    assert before.split()[1] != there.code(number)
    assert "since then changed: policy" in there.card(number)


def test_az_21_a_text_that_was_edited_is_another_request(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    issue = there.chat.here.github.repository(REPOSITORY).issues[number]
    issue.body = (issue.body or "") + "\nand more"
    there.chat.happen(issue, "edited")
    assert "waits for approvals" in there.state(number) and "text of the request" in there.card(number)


def test_tt_12_an_approval_of_one_version_is_none_of_another(there: Court) -> None:
    first = there.ask("/promote flight-delay@2 to staging")
    code = there.code(first)
    second = there.ask("/promote flight-delay@3 to staging")
    assert there.chat.say(f"/approve {code}", "carol", second) is Reason.VOTE_OTHER_CODE
    assert state(there, second) is State.PENDING


def test_tt_06_evidence_that_was_swapped_after_the_approval_voids_it(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    there.shelf.origins[2] = SOME.model_copy(
        update={"code_sha": there.shelf.origins[2].code_sha, "facts_digest": f"sha256:{'9' * 64}"}  # type: ignore[union-attr]
    )
    assert state(there, number) is State.PENDING and "facts" in there.card(number)


def test_az_15_a_request_past_its_time_is_closed(there: Court) -> None:
    there.promoted("staging", 3)
    number = there.ask("/promote flight-delay to production")
    later = replace(there.chat.around, clock=lambda: there.chat.around.clock() + timedelta(days=8))
    found = weigh(later, number)
    assert found and found.decision.state is State.EXPIRED
    assert there.gateway.issue(number).state == "closed"
    assert weigh(later, number) is None
    assert there.approve(number, "carol") is Reason.REQUEST_CLOSED


def test_az_19_labels_and_reactions_approve_nothing(there: Court) -> None:
    number = there.ask()
    there.gateway.add_label(number, "approved")
    assert state(there, number) is State.PENDING


def test_production_asks_for_staging_before(there: Court) -> None:
    number = there.ask("/promote flight-delay to production")
    there.approve(number, "carol")
    there.approve(number, "alice")
    assert state(there, number) is State.BLOCKED
    there.promoted("staging", 3)
    assert state(there, number) is State.APPROVED


def test_an_emergency_goes_past_the_rules_and_is_red(there: Court) -> None:
    number = there.ask("/promote flight-delay to production")
    line = f'/break-glass {there.code(number)} because "production answers nothing since noon today"'
    assert there.chat.say(line, "carol", number) is Reason.VOTE_NO_ROLE
    assert there.chat.say(line, "alice", number) is Reason.VOTE_HEARD
    assert state(there, number) is State.APPROVED and "broke glass" in there.card(number)


def test_an_issue_that_somebody_else_opened_is_no_request(there: Court) -> None:
    number = there.ask()
    copied = there.chat.here.github.issue(REPOSITORY, body=there.gateway.issue(number).body, author="mona")
    there.gateway.add_label(copied.number, LABEL)
    with pytest.raises(NoRequest):
        weigh(there.chat.around, copied.number)
    assert there.chat.say(f"/approve {there.code(number)}", "carol", copied.number) is Reason.REQUEST_NONE


def test_az_18_a_card_that_somebody_else_wrote_is_left_alone(there: Court) -> None:
    number = there.ask()
    there.chat.comment(there.card(number).replace("waits for", "has all"), "mona", number)
    there.approve(number, "carol")
    cards = [each for each in there.chat.here.github.comments(REPOSITORY, number) if " approval v1 " in each.body]
    assert [each.author.login for each in cards] == ["github-actions[bot]", "mona"]
    assert "may be promoted" in cards[0].body


@pytest.mark.parametrize(
    "raw, told", [(None, "there is no policy"), ("version: 1\nenvironments: {staging: {}}\n", "approved_if")]
)
def test_az_11_without_a_policy_that_can_be_read_nothing_is_approved(there: Court, raw: str | None, told: str) -> None:
    number = there.ask()
    there.approve(number, "carol")
    there.chat.here.github.commit(REPOSITORY, {"assay.yml": raw})
    with pytest.raises(UserProblem, match=told):
        weigh(there.chat.around, number)
    assert there.chat.say(f"/approve {there.code(number)}", "dan", number) is Reason.REQUEST_UNWEIGHED


def test_az_11_an_environment_that_the_policy_lost_approves_nothing(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    there.policy("version: 1\nmodel: {name: flight-delay, artifact: model/}\n")
    assert state(there, number) is State.BLOCKED


def test_a_version_whose_origin_cannot_be_read_any_more_is_not_weighed(there: Court) -> None:
    number = there.ask()
    there.shelf.origins[2] = None
    with pytest.raises(UserProblem, match="missing"):
        weigh(there.chat.around, number)
    assert weighing.refresh(there.chat.around, number) is Reason.REQUEST_UNWEIGHED


def test_without_a_registry_nothing_is_weighed(there: Court) -> None:
    number = there.ask()
    with pytest.raises(UserProblem, match="MLFLOW_TRACKING_URI"):
        weigh(replace(there.chat.around, registry=None), number)


def test_az_01_where_roles_cannot_be_found_out_an_approval_waits_and_is_no_denial(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    there.chat.here.github.fail("status", path="/collaborators/carol/", times=None, status=500)
    found = weigh(there.chat.around, number)
    assert found and found.decision.state is State.PENDING
    assert [each.reason for each in found.decision.void] == [Reason.VOTE_UNKNOWN]


def test_where_github_does_not_answer_nothing_is_decided(there: Court) -> None:
    number = there.ask()
    there.chat.here.github.fail("status", path="/deployments", times=None, status=502)
    with pytest.raises(OutsideProblem):
        weigh(there.chat.around, number)


@pytest.mark.parametrize("before, most", [(2, 9), (None, 10)])
def test_an_approval_takes_nine_requests_and_before_the_first_promotion_one_more(
    there: Court, before: int | None, most: int
) -> None:
    there.promoted("staging", 3)
    if before is not None:
        there.promoted("production", before)
    number = there.ask("/promote flight-delay to production")
    code = there.code(number)
    there.chat.here.github.forget_requests()
    there.chat.say(f"/approve {code}", "carol", number)
    assert len(there.chat.asked) <= most, there.chat.asked


def test_those_who_do_not_answer_are_reminded_once_and_then_their_lead(there: Court) -> None:
    there.policy(
        POLICY.replace("[{role: ml-lead}]}", "[{role: ml-lead}], remind: 1 day, lead: {role: model-risk, after: 2 days}}")
    )
    number = there.ask()

    def reminders(days: float) -> list[str]:
        weigh(replace(there.chat.around, clock=lambda: there.chat.around.clock() + timedelta(days=days)), number)
        every = there.chat.here.github.comments(REPOSITORY, number)
        return [each.body.split("\n")[1].split(":")[0] for each in every if " remind-" in each.body]

    assert reminders(0.5) == []
    assert reminders(1.1) == reminders(1.2) == ["@carol, @dan"]
    assert reminders(2.1) == reminders(2.2) == ["@carol, @dan", "@alice, @bob"]
    assert there.approve(number, "carol") is Reason.VOTE_HEARD
    assert len(reminders(3)) == 2


def test_az_06_before_the_first_promotion_the_authors_of_every_version_have_a_part(there: Court) -> None:
    github = there.chat.here.github
    own = [github.commit(REPOSITORY, {"a": "1"}, author="dan"), github.commit(REPOSITORY, {"b": "2"}, author="mona")]
    there.shelf.origins[:] = [SOME.model_copy(update={"code_sha": sha, "pull_request": None}) for sha in own]
    number = there.ask(by="alice")
    assert there.approve(number, "dan") is Reason.VOTE_OWN_WORK
    assert there.approve(number, "carol") is Reason.VOTE_HEARD


def test_after_a_rollback_what_runs_there_is_what_was_promoted_last(there: Court) -> None:
    github = there.chat.here.github
    sha = github.commit(REPOSITORY, {"a": "1"}, author="dan")
    there.shelf.origins[2:] = [SOME.model_copy(update={"code_sha": sha, "pull_request": None})]
    for version, day in ((3, 1), (1, 2)):
        there.promoted("staging", version)
        newest = max(github.repository(REPOSITORY).deployments.values(), key=lambda each: each.id)
        newest.created_at = f"2026-01-0{day}T00:00:00Z"
    there.shelf.origins.append(SOME.model_copy(update={"code_sha": github.commit(REPOSITORY, {"b": "2"}, author="mona")}))
    number = there.ask(by="alice")
    assert there.approve(number, "dan") is Reason.VOTE_OWN_WORK, "version 3 was taken back, so its author has a part in version 4"


def test_where_github_lists_not_every_file_a_rule_about_files_keeps_it_back(there: Court) -> None:
    rules = '[{role: ml-lead}, {when: {changed: ["contracts/**"]}, then: [{role: model-risk}]}]'
    there.policy(POLICY.replace("staging: {approved_if: [{role: ml-lead}]}", f"staging: {{approved_if: {rules}}}"))
    there.promoted("staging", 3)
    many = {f"a/{number:03}": "1" for number in range(301)}
    there.shelf.origins.append(
        SOME.model_copy(update={"code_sha": there.chat.here.github.commit(REPOSITORY, many, author="mona")})
    )
    number = there.ask()
    there.approve(number, "carol")
    assert state(there, number) is State.BLOCKED
