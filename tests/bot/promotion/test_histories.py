"""Whatever happens in whatever order, an alias only moves where a far simpler reading of the same history approves of it.

A run of the suite plays the same histories each time. `ASSAY_HISTORIES=500` plays that many others.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.playing import Job, Playing
from tests.bot.promotion.reading import TEAM, Rules, Said
from tests.bot.promotion.town import Town, town
from tests.loopback.state import Comment

T = TypeVar("T")
SLIPS = st.sampled_from(["", "", "edited", "deleted"])
"""What becomes of what was said just now, before anybody hears of it."""
BETWEEN = ("nothing", "policy", "evidence", "alias", "time")
"""What may come between the leave and the move."""
EXAMPLES, STEPS = 30, 24
SEVERAL = (("carol", "dan", "alice", "bob"), ("dan", "bob"), ("dan",), ("mona", "alice", "dan"), ("carol", "alice"))
PEOPLE = ("carol", "dan", "alice", "bob", "mona", "eve")
LEAVES = (
    "requested", "approved", "rejected", "promoted", "superseded", "expired",
    "leave", "refused", "busy", "lapsed", "finished", "lost", "strayed",
)  # fmt: skip
"""What has to have happened in some history of every run of the suite, so that it says something."""
ROUNDS = 4
"""How often they are played at most, each time others."""
RULES = (
    Rules(), Rules(), Rules(leads=("dan",)), Rules(risks=(TEAM,)), Rules(risks=("alice",)), Rules(days=3), Rules(revert=True),
)  # fmt: skip
HEARD = st.sampled_from([*["heard"] * 6, "lost", *[(n, late) for n in range(4) for late in (False, True)][:3]])
"""Whether the webhook of what was said comes: then perhaps the process that handles it dies over its nth write."""
LIVES = st.sampled_from([None] * 4 + [(number, late) for number in range(8) for late in (False, True)])
"""Whether a step of a promotion lives on, or dies before or after which of its writes."""


def pick(data: st.DataObject, among: Sequence[T]) -> T:
    """One of them, by its place, which is all that a failure shows."""
    return among[data.draw(st.integers(0, len(among) - 1))]


class Histories(Playing):
    """Everything that people and machines may do."""

    @initialize(
        versions=st.sampled_from([(1, 1), (2, 2), (3, 3), (1, 2)]),
        by=st.sampled_from(["mona", "mona", "dan"]),
        far=st.sampled_from([0, 1, 1, 1, 2, 3]),
        what=st.sampled_from(BETWEEN),
    )
    def begin(self, versions: tuple[int, int], by: str, far: int, what: str) -> None:
        """Two are asked for, and the first of them mostly goes on its way; then something comes between."""
        for version, environment in zip(versions, ("staging", "production"), strict=True):
            self.ask(version, environment, by, "heard")
        if far:
            self.agreed(min(self.reading.wishes), SEVERAL[0], far, None)
        for job in self.at("promote"):
            self.between(job, what, 1)
            self.step(job, None)

    # --- what people do ---

    @rule(
        version=st.integers(1, 4),
        environment=st.sampled_from(["staging", "production"]),
        by=st.sampled_from(["mona", "dan"]),
        how=HEARD,
    )
    def ask(self, version: int, environment: str, by: str, how: Any) -> None:
        """Somebody asks for a promotion."""
        self.hear(self.write(1, f"/promote flight-delay@{min(version, len(self.reading.made))} to {environment}", by), how)

    @rule(data=st.data(), by=st.sampled_from(PEOPLE), how=HEARD)
    def approve(self, data: st.DataObject, by: str, how: Any) -> None:
        """By the code that the card shows now, whatever it stands for by now, or by one that it showed once."""
        number = self.one(data)
        known = sorted(self.meanings) or ["0" * 12]
        code = self.code(number) or pick(data, known)
        if data.draw(st.integers(0, 2)) == 0:
            code = pick(data, known)
        self.vote(number, "approve", f"/approve {code}", by, how, self.meanings.get(code))

    @rule(data=st.data(), who=st.sampled_from(SEVERAL), far=st.sampled_from([1, 1, 2, 3, 3]), life=LIVES, slip=SLIPS)
    def agree(self, data: st.DataObject, who: Sequence[str], far: int, life: Any, slip: str) -> None:
        """Several approve, which chance alone hardly ever does, some take a liberty with that, and a run goes that far."""
        self.agreed(self.one(data), who, far, life, slip)

    @rule(environment=st.sampled_from(["staging", "staging", "production"]), life=LIVES)
    def agree_once_more(self, environment: str, life: Any) -> None:
        """The same, for one environment and all the way."""
        for number in [each for each, wish in self.reading.wishes.items() if self.open(each) and wish.environment == environment]:
            self.agreed(number, SEVERAL[0], 3, life)

    def agreed(self, number: int, who: Sequence[str], far: int, life: Any, slip: str = "") -> None:
        """Do that; the last step dies, if any does."""
        self.refresh(number)
        for by in who:
            if code := self.code(number):
                self.vote(number, "approve", f"/approve {code}", by, "heard", self.meanings.get(code))
        for each in [each for each in self.comments[-len(who) :] if slip and not each[0].deleted]:
            self.meddled(*each, slip, "lost")
        self.start(number, life if far == 1 else None)
        job = self.jobs[-1]
        for step in range(2, far + 1):
            if job.stage in ("promote", "record"):
                self.step(job, life if far == step else None)

    @rule(data=st.data(), by=st.sampled_from(PEOPLE[:4]), kind=st.sampled_from(["reject", "reject", "revoke"]), how=HEARD)
    def object_or_revoke(self, data: st.DataObject, by: str, kind: str, how: Any) -> None:
        """Somebody objects, or takes back what they said."""
        self.vote(
            self.one(data), kind, '/reject because "of the night flights"' if kind == "reject" else "/revoke", by, how, None
        )

    @precondition(lambda self: any(not said.deleted for said, _, _ in self.comments))
    @rule(data=st.data(), act=st.sampled_from(["edited", "edited", "deleted"]), how=HEARD)
    def meddle(self, data: st.DataObject, act: str, how: Any) -> None:
        """Somebody edits or deletes what was said; an edit may also make a vote of what was none."""
        self.meddled(*pick(data, [each for each in self.comments if not each[0].deleted]), act, how)

    def meddled(self, said: Said, comment: Comment, number: int, act: str, how: Any) -> None:
        """Do that to one of them."""
        event, payload = self.place.github.event(REPOSITORY, comment, act)
        if act == "deleted":
            del self.place.repository.comments[comment.id]
            said.deleted = True
        else:
            before, said.edited = comment.body, True
            if said.kind == "nothing":
                code = self.code(number) or "0" * 12
                said.kind, said.about, comment.body = "approve", self.meanings.get(code), f"/approve {code}"
            comment.updated_at = (self.place.clock + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
            event, payload = self.place.github.event(REPOSITORY, comment, act)
            payload["changes"] = {"body": {"from": before}}
        self.hear((event, payload), how, number if said.kind != "nothing" else None)

    @rule(data=st.data(), by=st.sampled_from(PEOPLE))
    def chat(self, data: st.DataObject, by: str) -> None:
        """Somebody says what is no vote, yet."""
        self.vote(self.one(data), "nothing", "looks good to me", by, "heard", None)

    @rule(data=st.data(), how=HEARD)
    def edit_the_request(self, data: st.DataObject, how: Any) -> None:
        """Somebody adds to the text of a request, or takes that out again."""
        number = self.one(data)
        issue, wish, more = self.place.repository.issues[number], self.reading.wishes[number], "\n\nand the night flights"
        issue.body = (issue.body or "").removesuffix(more) if (issue.body or "").endswith(more) else f"{issue.body}{more}"
        wish.text = crc32(issue.body.encode())
        self.hear(self.place.github.event(REPOSITORY, issue, "edited"), how, number)

    @rule(rules=st.sampled_from(RULES))
    def change_policy(self, rules: Rules) -> None:
        """Also back to what it was. No event tells of it."""
        if rules != self.reading.rules:
            self.place.commit({"assay.yml": rules.text}, {"mona"})
            self.reading.commits.append({"mona"})
            self.reading.rules = rules

    @rule(who=st.sets(st.sampled_from(["bob", "dan", "carol"]), max_size=3))
    def change_team(self, who: set[str]) -> None:
        """Somebody leaves the team, or joins it."""
        self.place.github.state.teams["acme/risk"].members = dict.fromkeys(sorted(who), "member")
        self.reading.team = who

    @rule(who=st.sets(st.sampled_from(["mona", "carol", "alice"]), min_size=1, max_size=2))
    def push(self, who: set[str]) -> None:
        """A change is merged, and registered as a version."""
        self.place.register(self.place.commit({"code.py": f"version = {len(self.reading.commits)}\n"}, who))
        self.reading.commits.append(who)
        self.reading.made.append(len(self.reading.commits) - 1)
        self.reading.evidence.append(0)

    @rule(data=st.data(), evidence=st.integers(0, 2))
    def swap_the_evidence(self, data: st.DataObject, evidence: int) -> None:
        """Somebody who may write to the registry puts other facts in the place of a version's."""
        self.swapped(self.reading.wishes[self.one(data)].version, evidence)

    def swapped(self, version: int, evidence: int) -> None:
        """Do that, where it is not so already."""
        if evidence != self.reading.evidence[version - 1]:
            self.place.swap(version, evidence)
            self.reading.evidence[version - 1] = evidence

    @rule(environment=st.sampled_from(["staging", "production"]), version=st.integers(1, 3))
    def move_by_hand(self, environment: str, version: int) -> None:
        """Somebody moves an alias around the process."""
        if self.place.models.pointing.get(environment) != version:
            self.place.models.pointing[environment] = self.strays[environment] = version
            self.found.add("strayed")

    @rule(hours=st.sampled_from([0.2, 1, 80, 170, 170]))
    def wait(self, hours: float) -> None:
        """Time goes by."""
        self.place.clock += timedelta(hours=hours)

    # --- what machines do ---

    @rule(data=st.data())
    def deliver_again(self, data: st.DataObject) -> None:
        """GitHub tells of something once more, perhaps much later; the second time in a row nothing more is written."""
        event, payload = pick(data, self.events)
        known, whole = self.standing(), id(payload) in self.handled
        self.hear((event, payload), "heard", kept=True)
        if whole:
            over = known - self.standing()
            assert all("is over" in self.place.card(each) for each in over), "what was handled before ended another request"
            assert not self.standing() - known, "what was handled before opened another request"
        before = self.place.everything()
        self.hear((event, payload), "heard", kept=True)
        assert self.place.everything() == before, "the same event again wrote something"

    @rule(data=st.data(), by_hand=st.booleans(), life=LIVES)
    def start_a_run(self, data: st.DataObject, by_hand: bool, life: Any) -> None:
        """A run of the workflow that the bot started, or that somebody started by hand."""
        self.start(self.one(data), life, by_hand)

    @precondition(lambda self: self.at("promote", "record"))
    @rule(data=st.data(), life=LIVES)
    def go_on(self, data: st.DataObject, life: Any) -> None:
        """The next step of a run."""
        self.step(pick(data, self.at("promote", "record")), life)

    @precondition(lambda self: self.at("promote"))
    @rule(data=st.data(), what=st.sampled_from(BETWEEN), by=st.integers(1, 2))
    def interfere(self, data: st.DataObject, what: str, by: int) -> None:
        """Something comes between the leave and the move, and then the run goes on."""
        job = pick(data, self.at("promote"))
        self.between(job, what, by)
        self.step(job, None)

    def between(self, job: Job, what: str, by: int) -> None:
        """Something changes that the second step of a run has to see; the run has not gone on yet."""
        wish = self.reading.wishes[job.number]
        if what == "policy":
            self.change_policy(Rules(days=by))
        elif what == "evidence":
            self.swapped(wish.version, (self.reading.evidence[wish.version - 1] + by) % 3)
        elif what == "alias":
            self.move_by_hand(wish.environment, wish.version % 3 + 1)
        elif what == "time":
            self.wait(by / 1.5)

    @precondition(lambda self: self.at("promote", "record"))
    @rule(data=st.data(), life=LIVES)
    def go_through(self, data: st.DataObject, life: Any) -> None:
        """All that is left of a run: what mostly happens."""
        job = pick(data, self.at("promote", "record"))
        while job.stage in ("promote", "record"):
            self.step(job, life if job.stage == "record" else None)

    @precondition(lambda self: self.at("dead", "over"))
    @rule(data=st.data(), life=LIVES)
    def run_again(self, data: st.DataObject, life: Any) -> None:
        """Somebody re-runs all jobs of a run that is over, or died."""
        job = pick(data, self.at("dead", "over"))
        died, job.stage = job.stage == "dead", "authorize"
        self.step(job, life)
        if died and job.leave and job.stage == "promote":
            self.found.add("finished")

    @rule()
    def sweep(self) -> None:
        """The schedule, in a process that remembers nothing: what was lost is taken up."""
        self.swept()


@pytest.fixture(scope="module")
def place() -> Iterator[Town]:
    """One GitHub for all histories."""
    with town() as made:
        yield made


@pytest.mark.slow
def test_no_history_moves_an_alias_that_a_simple_reading_does_not_approve_of(place: Town) -> None:
    many, tally = int(os.environ.get("ASSAY_HISTORIES", "0")), Counter[str]()
    how = settings(
        max_examples=many or EXAMPLES,
        stateful_step_count=STEPS,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    # What is played also depends on what else of the product is loaded: where something has not happened yet, more is played.
    for number in range(ROUNDS):
        run_state_machine_as_test(seed(number)(partial(Histories, place, tally)), settings=how)
        if all(tally[each] for each in LEAVES):
            break
    print(dict(tally))
    assert not [each for each in LEAVES if not tally[each]], tally
