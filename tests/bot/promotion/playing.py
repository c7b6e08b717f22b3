"""A history that is being played: what is done for each thing that happens, and what must hold after it and in the end."""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from actions.repository import ledger as branch
from bot import dispatching, sweeping
from bot.gateway.records import IssueComment
from bot.promotion import asked, outside, weighing
from bot.promotion.asked import LABEL
from bot.promotion.authorizing import authorize
from bot.promotion.recording import record
from policy import authorization, grounds, ledger, ledger_history, ledger_registry
from policy.authorization import LEASE, Authorization, Outcome
from policy.problems import UserProblem
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.reading import Form, Said, Wish
from tests.bot.promotion.town import Killed, Life, Town
from tests.loopback.state import Comment, Json


@dataclass
class Job:
    """A run of the workflow, at the step that is next."""

    run: int
    number: int
    stage: str = "authorize"
    leave: Authorization | None = None
    held: bool = False
    form: Form | None = None
    outcome: Outcome | None = None

    def alive(self, now: datetime) -> bool:
        """Whether it may have the lock, and may act on its leave."""
        return self.leave is not None and self.stage != "over" and now - self.leave.at <= LEASE


class Playing(RuleBasedStateMachine):
    """One repository, three versions at first, two environments, and what is known of them here."""

    def __init__(self, place: Town, tally: Counter[str]) -> None:
        super().__init__()
        self.place, self.tally, self.found = place, tally, set[str]()
        self.reading = place.reset(self.moved)
        self.events: list[tuple[str, Json]] = []
        self.handled = set[int]()
        """Which of them were handled whole, by the identity of the payload."""
        self.comments: list[tuple[Said, Comment, int]] = []
        self.jobs: list[Job] = []
        self.acting: Job | None = None
        self.meanings: dict[str, Form] = {}
        self.files: list[bytes] = []
        self.right: dict[str, int] = {}
        """Where each alias was moved by the process, last."""
        self.strays: dict[str, int] = {}

    # --- what must hold ---

    @invariant()
    def no_alias_points_anywhere_else(self) -> None:
        """Than where the process moved it, or somebody by hand."""
        assert self.place.models.pointing == {**self.right, **self.strays}

    @invariant()
    def the_ledger_holds_and_only_grows(self) -> None:
        """By the check of `assay audit verify`."""
        files = self.place.ledger()
        if files != self.files:
            assert files[: len(self.files)] == self.files, "an entry is not what it was"
            assert (fault := ledger.check(files, grounds.table()).fault) is None, fault
            self.files = files

    def teardown(self) -> None:
        """In the end everything is finished, and whoever knows nothing comes to the same."""
        try:
            if sys.exc_info()[0] is None:
                self.ended()
                self.tally.update(self.found)
                self.tally["histories"] += 1
        finally:
            self.place.clear()

    def ended(self) -> None:
        """Let all that died be done again, and look at it all."""
        self.place.clock += LEASE + timedelta(minutes=1)
        for job in self.jobs:
            if job.stage != "over":
                died, job.stage = job.stage == "dead", "authorize"
                self.step(job, None)
                while job.stage in ("promote", "record"):
                    self.step(job, None)
                if died and job.outcome and job.outcome.state == "promoted":
                    self.found.add("finished")
        self.swept()
        self.swept()
        once = self.place.everything()
        self.swept()
        assert self.place.everything() == once, "from scratch it comes to something else"
        self.the_ledger_holds_and_only_grows()
        self.the_whole_history_holds()
        self.all_is_entered()
        self.without_our_views_it_comes_to_the_same()

    def the_whole_history_holds(self) -> None:
        """As `assay audit verify` walks it, with the registry, as far as nobody went around the process."""
        history = branch.read(self.place.repository.path, offline=True)
        walked = ledger_history.walk(history.steps, history.contents)
        assert walked.fault is None, walked.fault
        found = ledger.check((history.contents[each] for each in walked.blobs), grounds.table())
        assert found.fault is None, found.fault
        if not self.strays and self.right == dict(self.stood):
            pointing = self.place.models.pointing
            assert ledger_registry.compare((each.entry for each in found.entries), lambda _, __, name: pointing.get(name)) is None

    def all_is_entered(self) -> None:
        """Each promotion once, after the approvals of at least one, and what was asked for."""
        entries = [ledger.read(each).entry for each in self.files]
        told = Counter((each.decision.value, each.subject.number) for each in entries)
        self.found |= {each.decision.value for each in entries}
        moves = Counter(str(each.inputs["approved"]) for each in entries if each.decision == "promoted")
        for made in self.place.repository.deployments.values():
            assert moves[made.payload["digest"]] == 1, "a deployment that is not entered once"
            assert told["approved", made.payload["issue"]] >= 1, "a promotion whose approvals are not entered"
        for each in entries:
            if each.decision == "superseded":
                old, new = (self.reading.wishes[int(str(one))] for one in (each.subject.number, each.inputs["by"]))
                assert old.asked < new.asked, "ended by what was asked for before it"
        for number in self.reading.wishes:
            assert told["requested", number] in ((1,) if self.open(number) else (0, 1)), "what was asked for is not entered once"

    def without_our_views_it_comes_to_the_same(self) -> None:
        """The card, assignees and answers are views: where they are taken away, they come back."""
        requests = [each for each in self.reading.wishes if self.open(each)]
        before = {each: self.shown(each) for each in requests}
        one = self.place.repository
        for number in requests:
            one.issues[number].assignees = []
            for each in self.place.github.comments(REPOSITORY, number):
                if each.author.type == "Bot":
                    del one.comments[each.id]
        self.swept()
        after = {each: self.shown(each) for each in requests if self.open(each)}
        assert after == before, (before, after)

    def shown(self, number: int) -> tuple[Any, ...]:
        """What a request shows, but for what it remembers of forms before this one."""
        issue, card = self.place.repository.issues[number], self.place.card(number)
        told = [line for line in card.split("<details>")[0].split("\n") if not line.startswith("<!--")]
        # Who was asked to approve is left as it was once it is approved.
        asked_of = [] if self.holds(number) else sorted(each.login for each in issue.assignees)
        return issue.state, issue.labels, asked_of, told

    # --- what was seen ---

    @property
    def stood(self) -> list[tuple[str, int]]:
        """The promotions that GitHub has, the oldest first."""
        made = sorted(self.place.repository.deployments.values(), key=lambda each: each.id)
        return [(each.environment, each.payload["version"]) for each in made]

    def holds(self, number: int) -> bool:
        """Whether the simple reading approves of a request now."""
        return self.reading.holds(number, self.stood, self.place.clock)

    def open(self, number: int) -> bool:
        """Whether a request is open."""
        return self.place.repository.issues[number].state == "open"

    def one(self, data: st.DataObject) -> int:
        """A request, rather one that is open."""
        every = [each for each in self.reading.wishes if self.open(each)] or list(self.reading.wishes)
        number: int = data.draw(st.sampled_from(every))
        return number

    def at(self, *stages: str) -> list[Job]:
        """The runs at these stages."""
        return [each for each in self.jobs if each.stage in stages]

    def standing(self) -> set[int]:
        """The requests that are open."""
        return {each for each in self.reading.wishes if self.open(each)}

    def code(self, number: int) -> str:
        """What the card asks to say."""
        card = self.place.card(number)
        return card.split("/approve ")[1][:12] if "\n/approve " in card else ""

    def moved(self, alias: str, number: int) -> None:
        """An alias is about to be moved by something of ours: it has to be right."""
        if self.acting is None:
            assert number == dict(self.stood).get(alias), f"{alias} is set back to what was not promoted there last"
            self.strays.pop(alias)
            return
        job, now = self.acting, self.place.clock
        assert job.leave and job.held and job.form, "moved without a decision that held"
        wish = self.reading.wishes[job.number]
        assert (wish.environment, wish.version) == (alias, number), "moved to something else than was approved"
        assert now - job.leave.at <= LEASE, "moved by a leave that is over"
        same = self.reading.form(job.number)
        assert (same.evidence, same.rules) == (job.form.evidence, job.form.rules), "moved though it is not what was approved"
        assert self.place.models.pointing.get(alias) == job.leave.expected, "moved although somebody moved it meanwhile"
        others = [each for each in self.jobs if each is not job and each.alive(now) and each.leave]
        assert not any(each.leave.subject.environment == alias for each in others if each.leave), "moved by two at once"
        entries = [ledger.read(each).entry for each in self.place.ledger()]
        assert any(each.decision == "approved" and each.subject.number == job.number for each in entries), "nothing is entered"
        self.right[alias] = number
        self.strays.pop(alias, None)

    # --- doing ---

    def write(self, number: int, body: str, by: str) -> tuple[str, Json]:
        """Somebody comments; the event that tells of it."""
        self.place.clock += timedelta(seconds=1)
        return self.place.github.event(REPOSITORY, self.place.github.comment(REPOSITORY, number, body, by), "created")

    def vote(self, number: int, kind: str, body: str, by: str, how: Any, about: Form | None) -> None:
        """Somebody says something on a request."""
        event = self.write(number, body, by)
        comment = self.place.repository.comments[event[1]["comment"]["id"]]
        said = Said(kind, by, about)
        self.reading.wishes[number].said.append(said)
        self.comments.append((said, comment, number))
        if about is not None and about != self.reading.form(number):
            self.found.add("lapsed")
        self.hear(event, how, number if kind != "nothing" else None)

    def hear(self, event: tuple[str, Json], how: Any, number: int | None = None, kept: bool = False) -> None:
        """The bot hears of something, or not; or dies over it."""
        if not kept:
            self.events.append(event)
        if how == "lost":
            self.found.add("lost")
            return
        life = self.place.bot.gateway._transport.life = Life() if how == "heard" else Life(*how)  # type: ignore[attr-defined]
        try:
            dispatching.handle(self.place.bot, *event)
        except Killed:
            self.place.bot = self.place.around()
        else:
            self.handled.add(id(event[1]))
        self.look()
        if number is not None and not life.dead:
            self.compare(number)

    def refresh(self, number: int) -> None:
        """A request is weighed by a process that remembers nothing."""
        weighing.refresh(self.place.around(), number)
        self.look()
        self.compare(number)

    def look(self) -> None:
        """See what is new: requests, and codes on cards, which were drawn just now and stand for what is asked for now."""
        for number, issue in self.place.repository.issues.items():
            if LABEL in issue.labels and number not in self.reading.wishes:
                told, opened = asked.read(issue.body or ""), datetime.fromisoformat(issue.created_at)
                assert told, "a request that nobody can read"
                text = crc32((issue.body or "").encode())
                self.reading.wishes[number] = Wish(
                    number, told.version, told.environment, told.by, int(told.key.split("-")[0]), opened, text
                )
        for number in self.reading.wishes:
            if (code := self.code(number)) and code not in self.meanings:
                self.meanings[code] = self.reading.form(number)

    def compare(self, number: int) -> None:
        """The card of a request that was weighed just now says what the simple reading says."""
        if not self.open(number):
            return
        card, holds, form = self.place.card(number), self.holds(number), self.reading.form(number)
        heading = next(line for line in card.split("\n") if line.startswith("### "))
        assert ("may be promoted" in heading) == holds, (heading, self.reading)
        known, code = {about: each for each, about in self.meanings.items()}, self.code(number)
        assert len(known) == len(self.meanings), "the same thing has two codes"
        assert not code or self.meanings[code] == form, "the card shows the code of something else"
        assert not holds or self.runs(number, known.get(form, "")) or number in self.promoted, "no run was started"

    @property
    def promoted(self) -> list[int]:
        """The requests that a deployment came of."""
        return [each.payload["issue"] for each in self.place.repository.deployments.values()]

    def runs(self, number: int, code: str = "") -> list[int]:
        """The runs that the bot started for a request."""
        every = self.place.repository.runs.values()
        return [each.id for each in every if f"{number}-{code}" in (each.title or "")]

    def swept(self) -> None:
        """A sweep by a fresh process."""
        around = self.place.around()
        sweeping.sweep(around, _Hands(around))
        self.place.bot = self.place.around()
        self.look()
        for number in self.reading.wishes:
            self.compare(number)
        wanted = Counter((each.environment) for number, each in self.reading.wishes.items() if self.open(number))
        assert all(each == 1 for each in wanted.values()), "two requests for one environment"

    def start(self, number: int, life: Any, by_hand: bool = False) -> None:
        """A run begins with its first step."""
        used = [each.run for each in self.jobs]
        waiting = [each for each in self.runs(number) if each not in used]
        job = Job(9_000 + len(self.jobs) if by_hand or not waiting else waiting[0], number)
        self.jobs.append(job)
        self.step(job, life)

    def step(self, job: Job, life: Any) -> None:
        """The next step of a run, in a process of its own."""
        self.place.clock += timedelta(seconds=1)
        stage, self.acting = job.stage, job
        try:
            {"authorize": self._authorize, "promote": self._promote, "record": self._record}[stage](job, Life(*life or ()))
        except Killed:
            job.stage = "record" if stage == "promote" and life and life[0] % 2 else "dead"
            if stage == "record":  # its move is behind it, and the lock may be given back
                job.leave = None
        finally:
            self.acting = None

    def _authorize(self, job: Job, life: Life) -> None:
        wish, held, busy = self.reading.wishes[job.number], self.holds(job.number), self._busy(job)
        job.leave, job.outcome, job.form = None, None, self.reading.form(job.number)
        again = job.number in self.promoted
        try:
            leave = authorize(self.place.around(life), job.number, job.run)
        except UserProblem:
            job.stage = "over"
            assert not held or busy or again or not self.open(job.number), "no leave, although it is approved"
            self.found.add("busy" if held and busy else "refused")
            return
        assert self.open(job.number) and (held or again), "leave without a decision that holds"
        assert not busy, "leave while another has the lock"
        assert (leave.subject.environment, leave.version) == (wish.environment, wish.version)
        job.leave, job.held, job.stage = authorization.authorization(leave.model_dump_json().encode()), held, "promote"
        self.found.add("leave")

    def _busy(self, job: Job) -> bool:
        """Whether another run has the lock of the environment of this one's request."""
        environment = self.reading.wishes[job.number].environment
        raw = self.place.file("assay-locks", f"{environment}.json")
        if raw is None:
            return False
        told = json.loads(raw)
        until = datetime.fromisoformat(told["until"]) if told["until"] else None
        return told["owner"] not in ("", f"run {job.run}") and (until is None or until > self.place.clock)

    def _promote(self, job: Job, life: Life) -> None:
        assert job.leave

        def note(found: Outcome) -> None:
            job.outcome = found

        job.outcome = self.place.promote(job.leave, job.run, note, life)
        job.stage = "record"
        self.found.add("refused" if job.outcome.state == "refused" else "moved")

    def _record(self, job: Job, life: Life) -> None:
        assert job.leave
        try:
            found = record(self.place.around(life), job.number, job.run, job.leave, job.outcome)
        except UserProblem:
            job.stage = "over"
            return
        job.stage = "over"
        if found.state == "promoted":
            assert self.stood[-1:] and job.number in self.promoted and not self.open(job.number)


class _Hands:
    """Sees to what the sweep found, at once."""

    def __init__(self, around: Any) -> None:
        self.around = around

    def answer(self, comment: IssueComment, on_pull: bool) -> object:
        """See `bot.sweeping.Hands`."""
        return sweeping.finish(self.around, comment.number, comment.id, on_pull)

    def judge(self, number: int) -> object:
        """There are no pull requests."""

    def tell(self, number: int) -> object:
        """There are no pull requests."""

    def weigh(self, number: int) -> object:
        """See `bot.sweeping.Hands`."""
        return weighing.refresh(self.around, number)

    def watch(self) -> object:
        """See `bot.sweeping.Hands`."""
        return outside.look(self.around)
