"""A gateway to every repository, by the right token, under the right name, as the right account."""

import logging
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.app.gateways import Gateways
from bot.app.installations import NotInstalled
from bot.app.permissions import EVERYDAY, WRITING
from bot.gateway.problems import Forbidden, NotThere
from bot.gateway.records import ACTIONS, Identity
from bot.gateway.wider import WiderGateway
from policy.problems import Problem, UserProblem
from tests.bot.app.scene import NAME, Scene


def test_a_gateway_works_as_the_apps_bot(there: Scene) -> None:
    gateways = there.gateways()
    gateway = gateways.gateway(there.installation.id, NAME, there.id)
    made = gateway.create_comment(there.number, "hello")
    assert gateway.identity() == Identity("assay[bot]", there.app.bot.id, there.app.id) == gateways.identity()
    assert gateway.owns(made) and made.app_id == there.app.id
    asked = there.asked()
    gateways.gateway(there.installation.id, NAME, there.id).create_comment(there.number, "again")
    assert there.asked()[len(asked) :] == [f"POST /repos/{NAME}/issues/{there.number}/comments"]
    assert gateway.requests == 1


def test_ap_06_a_gateway_has_a_token_for_its_repository_and_no_more_than_asked(there: Scene) -> None:
    gateways = there.gateways()
    gateways.gateway(there.installation.id, NAME, there.id)
    writing = WiderGateway.of(gateways.gateway(there.installation.id, NAME, there.id, WRITING))
    assert [each["permissions"] for each in there.minted()] == [dict(EVERYDAY), dict(WRITING)]
    assert all(each["repository_ids"] == [there.id] for each in there.minted())
    writing.create_ref("heads/pictures", str(writing.ref("heads/main")))
    with pytest.raises(Forbidden):
        gateways.gateway(there.installation.id, NAME, there.id).create_blob(b"x")


def test_without_an_installation_github_is_asked_which_reaches_the_repository(there: Scene) -> None:
    gateways = there.gateways()
    for _ in range(2):
        assert gateways.gateway(None, NAME).repository().id == there.id
    assert there.asked().count(f"GET /repos/{NAME}/installation") == 1
    with pytest.raises(NotInstalled, match="not installed"):
        gateways.gateway(None, "acme/none")


@pytest.mark.parametrize("why", ["unknown", "suspended", "elsewhere", "removed"])
def test_wh_20_where_the_app_cannot_work_is_told_with_the_reason(there: Scene, why: str) -> None:
    number, repository = there.installation.id, there.id
    if why == "unknown":
        number = 404_404
    elif why == "suspended":
        there.github.suspend(there.installation)
    elif why == "elsewhere":
        repository = there.github.repository("globex/planes").id
    else:
        there.github.uninstall(there.installation)
    with pytest.raises(NotInstalled) as caught:
        there.gateways().gateway(number, NAME, repository)
    assert caught.value.why == ("unknown" if why == "removed" else why)
    assert there.waits == []


def test_wh_20_a_suspension_counts_at_once_where_it_is_told(there: Scene) -> None:
    gateways = there.gateways()
    gateways.gateway(there.installation.id, NAME, there.id)
    there.github.suspend(there.installation)
    gateways.forget(there.installation.id)
    with pytest.raises(NotInstalled, match="suspended"):
        gateways.gateway(there.installation.id, NAME, there.id)
    there.github.unsuspend(there.installation)
    assert gateways.gateway(there.installation.id, NAME, there.id).repository().id == there.id


def test_wh_20_a_renamed_repository_is_found_by_its_number(there: Scene) -> None:
    gateways = there.gateways()
    before = gateways.gateway(there.installation.id, NAME, there.id)
    there.github.rename(NAME, "acme/planes")
    number = there.id
    assert gateways.gateway(there.installation.id, "acme/planes", number).full_name == "acme/planes"
    late = gateways.gateway(there.installation.id, NAME, number)
    assert late.full_name == "acme/planes"
    assert before.file("assay.yml", "main") == b"version: 1\n"  # made before, and led on


def test_wh_20_a_name_that_another_repository_took_is_not_mistaken(there: Scene) -> None:
    number = there.id
    there.github.rename(NAME, "acme/planes")
    there.github.commit(NAME, {"assay.yml": "version: 1\nmallory: true\n"})
    assert there.gateways().gateway(there.installation.id, NAME, number).full_name == "acme/planes"
    by_token = Gateways.of(there.github.url, token=there.github.token("acme/planes", "write"))
    assert by_token.gateway(None, NAME, number).full_name == "acme/planes"


def test_permissions_that_were_not_granted_are_left_out_and_learned_once(there: Scene) -> None:
    there.installation.permissions = {"metadata": "read", "issues": "write", "pull_requests": "write", "checks": "read"}
    other = there.github.commit("acme/other", {"a": "a"})
    there.installation.repositories.append("acme/other")
    gateways = there.gateways()
    gateway = gateways.gateway(there.installation.id, NAME, there.id)
    gateway.create_comment(there.number, "hello")
    gateways.gateway(there.installation.id, "acme/other", there.github.repository("acme/other").id)
    first, second, third = there.minted()
    assert first["permissions"] == dict(EVERYDAY)
    assert second["permissions"] == third["permissions"] == there.installation.permissions
    assert there.asked().count(f"GET /app/installations/{there.installation.id}") == 1
    with pytest.raises(Forbidden):
        gateway.create_status(other, "x", "success", "y")


def test_ap_05_a_token_that_ends_in_the_middle_is_replaced_and_the_request_made_once_more(there: Scene) -> None:
    gateway = there.gateways().gateway(there.installation.id, NAME, there.id)
    gateway.repository()
    for token in there.github.state.tokens.values():
        token.expires_at = time.time() - 1
    made = gateway.create_comment(there.number, "hello")
    assert [each.id for each in there.github.comments(NAME, there.number)] == [made.id]
    assert len(there.minted()) == 2 and there.waits == []
    there.github.state.tokens.clear()
    with ThreadPoolExecutor(20) as pool:
        assert {each.id for each in pool.map(lambda _: gateway.repository(), range(20))} == {there.id}
    assert len(there.minted()) == 3


def test_ap_05_a_fresh_token_that_is_refused_too_is_the_end(there: Scene) -> None:
    gateway = there.gateways().gateway(there.installation.id, NAME, there.id)
    there.github.forget_requests()
    there.github.fail("status", "GET", f"/repos/{NAME}$", times=None, status=401, message="Bad credentials")
    with pytest.raises(Forbidden, match="not valid"):
        gateway.repository()
    assert there.asked().count(f"GET /repos/{NAME}") == 2 and len(there.minted()) == 1


def test_ap_03_what_is_known_of_one_installation_is_never_used_for_another(there: Scene) -> None:
    there.github.commit("globex/planes", {"a": "a"})
    second = there.github.install(there.app, ["globex/planes"])
    gateways = there.gateways()
    gateways.gateway(there.installation.id, NAME, there.id).file("assay.yml", "main")
    there.github.forget_requests()
    theirs = gateways.gateway(second.id, "globex/planes", there.github.repository("globex/planes").id)
    theirs._transport.send("GET", f"/repos/{NAME}/contents/assay.yml?ref=main")
    assert there.github.requests[-1].status == 200
    assert not any("if-none-match" in seen.headers for seen in there.github.requests)


def test_ap_03_a_gateway_asked_for_again_still_knows_what_it_saw(there: Scene) -> None:
    gateways = there.gateways()
    for _ in range(2):
        assert gateways.gateway(there.installation.id, NAME, there.id).file("assay.yml", "main") == b"version: 1\n"
    assert there.github.requests[-1].status == 304


def test_ap_09_writes_of_an_installation_keep_their_distance_across_gateways_and_threads(there: Scene) -> None:
    other = there.github.repository("acme/other")
    there.github.commit("acme/other", {"a": "a"})
    issue = there.github.issue("acme/other").number
    there.installation.repositories.append("acme/other")
    gateways = there.gateways(spacing=0.05, pause=time.sleep)
    work = [
        (gateways.gateway(there.installation.id, NAME, there.id), there.number),
        (gateways.gateway(there.installation.id, NAME, there.id, WRITING), there.number),
        (gateways.gateway(there.installation.id, "acme/other", other.id), issue),
    ]
    began = time.monotonic()
    with ThreadPoolExecutor(9) as pool:
        list(pool.map(lambda at: work[at % 3][0].create_comment(work[at % 3][1], f"comment {at}"), range(9)))
    assert time.monotonic() - began >= 8 * 0.05
    assert len(there.github.comments(NAME, there.number)) + len(there.github.comments("acme/other", issue)) == 9


def test_ap_09_installations_do_not_wait_for_one_another(there: Scene) -> None:
    there.github.commit("globex/planes", {"a": "a"})
    issue = there.github.issue("globex/planes").number
    second = there.github.install(there.app, ["globex/planes"])
    now = time.time()
    gateways = there.gateways(spacing=1.0, clock=lambda: now)  # a clock that stands still, so that any second write waits
    ours = gateways.gateway(there.installation.id, NAME, there.id)
    theirs = gateways.gateway(second.id, "globex/planes", there.github.repository("globex/planes").id)
    ours.create_comment(there.number, "a")
    theirs.create_comment(issue, "b")
    assert there.waits == []
    ours.create_comment(there.number, "c")
    assert there.waits == [1.0]


def test_ap_04_what_is_left_of_the_hour_is_known_to_all_gateways_of_an_installation(there: Scene) -> None:
    gateways = there.gateways()
    one = gateways.gateway(there.installation.id, NAME, there.id)
    other = gateways.gateway(there.installation.id, NAME, there.id, WRITING)
    for token in there.github.state.tokens.values():
        token.remaining = 400
    one.repository()
    assert one.budget_low and other.budget_low


def test_one_token_stands_in_for_an_app_everywhere(there: Scene) -> None:
    gateways = Gateways.of(there.github.url + "/", token=f" {there.github.token(NAME, 'write')}\n", spacing=0.0)
    assert gateways.identity() is None and gateways.deliveries is None and list(gateways.installations()) == []
    for installation in (None, 404_404):
        gateway = gateways.gateway(installation, NAME, there.id)
        assert gateway.repository().id == there.id and gateway.identity().login == ACTIONS.login
    assert there.asked().count("GET /user") == 1 and there.asked().count(f"GET /repositories/{there.id}") == 1
    assert [(each, found.full_name) for each, found in gateways.everywhere()] == [(None, NAME)]
    with pytest.raises(NotInstalled, match="does not reach"):
        gateways.gateway(None, "acme/gone", 404_404)
    person = Gateways.of(there.github.url, token=there.github.user_token("ada"))
    assert person.gateway(None, NAME).identity().login == "ada"
    assert list(person.everywhere()) == []


def test_with_nothing_configured_the_problem_says_what_is_missing(there: Scene) -> None:
    for nothing in (Gateways.of(there.github.url), Gateways.of(there.github.url, app_id=7), Gateways.of(private_key=" ")):
        with pytest.raises(UserProblem, match=r"neither an App nor a token.*assay app create"):
            nothing.gateway(1, NAME)
    assert there.asked() == []


def test_a_wrong_app_is_told_before_its_installations_are_doubted(there: Scene) -> None:
    with pytest.raises(UserProblem, match="knows no App 404404"):
        there.gateways(app_id=404_404).gateway(there.installation.id, NAME)
    with pytest.raises(UserProblem, match="does not take the App's key"):
        there.gateways(private_key=there.github.app("other").private_key).gateway(there.installation.id, NAME)


def test_every_repository_is_listed_with_the_installation_that_reaches_it(there: Scene) -> None:
    there.github.commit("globex/planes", {"a": "a"})
    second = there.github.install(there.app, ["globex/planes"])
    third = there.github.install(there.app, ["initech/trains"])
    there.github.suspend(third)
    gateways = there.gateways()
    found = [(number, each.full_name) for number, each in gateways.everywhere()]
    assert found == [(there.installation.id, NAME), (second.id, "globex/planes")]
    assert [each.suspended for each in gateways.installations()] == [False, False, True]


@pytest.mark.parametrize("kind", ["api", "enterprise"])
def test_ap_07_an_enterprise_server_is_spoken_to_under_its_prefix(there: Scene, kind: str) -> None:
    base = there.github.url if kind == "api" else f"{there.github.enterprise_url}/"
    gateway = there.gateways(base=base).gateway(there.installation.id, NAME, there.id)
    for number in range(130):
        there.github.comment(NAME, there.number, f"comment {number}")
    assert len(gateway.comments(there.number)) == 130
    there.github.rename(NAME, "acme/planes")
    assert gateway.pull_request(there.number).number == there.number


def test_ap_08_no_key_and_no_token_is_in_any_log_problem_or_repr(there: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    gateways = there.gateways()
    gateway = gateways.gateway(there.installation.id, NAME, there.id)
    gateway.create_comment(there.number, "hello")
    shown = [repr(gateways), repr(vars(gateways)), repr(vars(gateways._app)), repr(gateway), repr(vars(gateway))]
    shown += [repr(vars(gateway._transport))]
    there.github.fail("status", "GET", "/pulls/", times=None, status=500)
    there.github.fail("status", "GET", f"/repos/{NAME}$", times=None, status=401)
    acts = (
        lambda: gateway.pull_request(there.number),
        gateway.repository,
        lambda: gateways.gateway(404_404, NAME),
        lambda: there.gateways(app_id=404_404).gateway(1, NAME),
        lambda: there.gateways(base="http://localhost:9").gateway(1, NAME),
        lambda: gateway.file("none", "none") or gateway.commit_parents("none"),
    )
    for act in acts:
        with pytest.raises(Problem) as caught:
            act()
        shown.append("".join(traceback.format_exception(caught.value)))
    text = "\n".join([*shown, caplog.text])
    secrets = [*there.github.state.tokens, *there.app.private_key.splitlines()[1:-1], "eyJ", "PRIVATE KEY"]
    assert "/access_tokens" in text  # the log was on
    assert [secret for secret in secrets if secret in text] == []


def test_a_gateway_that_was_made_outlives_a_removal_as_a_problem(there: Scene) -> None:
    gateway = there.gateways().gateway(there.installation.id, NAME, there.id)
    there.github.uninstall(there.installation)
    with pytest.raises(NotThere):
        gateway.repository()
