"""From a comment to what comes of it: reads the commands, finds out who asks, decides all of them, and writes.

All of a comment is done or nothing. A comment that was handled before is handled again to the same end: reactions and the answer
are what they were, and what was started is looked for before it is started again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import experiments, judging, people, perform, said
from bot.around import Around
from bot.commands import COMMANDS, DECLARED, asked
from bot.commands.command import Command, Request
from bot.effects import AskFor, Dispatch, Effect, Enter, GoBack, Judge, Reply, StartAgain, Weigh, refused
from bot.gateway.commanding import Content
from bot.gateway.problems import NotThere, Refused
from bot.gateway.records import IssueComment, PullRequest
from bot.grammar import spoken
from bot.grammar.names import Prefix
from bot.promotion import asking, rolling
from bot.promotion.votes import KINDS
from bot.said import Answer
from bot.sticky import Marker
from policy import document
from policy.document import FILE_NAME, Policy
from policy.ledger import Comment
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.roles import Standing, is_bot
from reports import approval
from reports.markdown import Markdown, join


@dataclass(frozen=True)
class Asking:
    """A comment, or a click that stands for one. `comment` is its id where it is a comment; `key` names it either way."""

    number: int
    on_pull: bool
    body: str
    actor_id: int
    actor_login: str
    actor_type: str
    at: str
    key: int
    comment: int | None = None


def converse(around: Around, asking: Asking) -> Reason:
    """Do what a comment asks for. The answer is a reason code for logs and metrics."""
    if is_bot(asking.actor_login, asking.actor_type):
        return Reason.IGNORED_BOT
    found = spoken.read(asking.body, DECLARED, Prefix(mandatory=around.prefix))
    if not found:
        return Reason.NO_COMMAND
    return _Conversation(around, asking, found).run()


@dataclass(frozen=True)
class _Planned:
    """One line of the comment, and what comes of it."""

    line: str
    effects: list[Effect]

    @property
    def reply(self) -> Reply:
        """The last reply."""
        return next(each for each in reversed(self.effects) if isinstance(each, Reply))


class _Conversation:
    """One comment in hand."""

    def __init__(self, around: Around, asking: Asking, found: spoken.Spoken) -> None:
        self.around, self.asking, self.found = around, asking, found
        self.gateway = around.gateway
        self.comments: tuple[IssueComment, ...] | None = None

    def run(self) -> Reason:
        """Everything, in order."""
        if self._only_a_slip() and not self._known_person():
            return Reason.UNKNOWN_COMMAND
        again = False
        if self.asking.comment is not None and not self._only_votes():
            try:
                again = not self.gateway.react(self.asking.comment, "eyes")
            except NotThere:
                return Reason.COMMENT_GONE
        planned = self._plan(again)
        if any(not each.reply.done for each in planned):
            planned = [each if not each.reply.done else _together(each) for each in planned]
        planned = [self._carry_out(each) for each in planned]
        self._answer(planned)
        if again and any(isinstance(effect, Dispatch) for each in planned for effect in each.effects):
            # It was begun before, so a run may have told of itself while there was no answer to write that under.
            experiments.tell(self.around, self.asking.number, self.asking.at)
        wrong = [each.reply.result.reason for each in planned if not each.reply.done]
        self._react("confused" if wrong else "rocket")
        # What keeps the others from being done tells more than that they were not.
        return next((each for each in wrong if each is not Reason.NOT_TOGETHER), planned[-1].reply.result.reason)

    def _only_a_slip(self) -> bool:
        """Whether there is nothing in it but names that resemble ours: worth a word to who may command, none to a stranger."""
        return not self.found.refused and not any(each.name for each in self.found.said)

    def _only_votes(self) -> bool:
        """Whether all of it is votes, which are as good as answered when they are seen, and start nothing that is looked for."""
        return not self.found.refused and all(each.name in KINDS for each in self.found.said)

    def _known_person(self) -> bool:
        try:
            return self._standing({"triage"}, Policy(version=1)).may("triage")
        except people.Unknown:
            return False

    # --- deciding ---

    def _plan(self, again: bool) -> list[_Planned]:
        if self.found.refused:
            return [_Planned("the comment", [refused(Reason.TOO_MANY_COMMANDS, self.found.refused)])]
        if self.found.mistakes:
            # Nothing is looked up for what will not be done.
            return [_unread(each) for each in self.found.said]
        modules = [COMMANDS[each.name] for each in self.found.commands]
        pull = self._pull(modules)
        try:
            policy, policy_digest = self._policy(pull, modules)
            wanted = {self._who(policy, each.name) for each in self.found.commands}
            actor = self._standing(wanted, policy) if wanted != {"read"} else self._anybody()
        except people.Unknown as unknown:
            no = refused(Reason.PERMISSION_UNKNOWN, actor=self.asking.actor_login, detail=str(unknown))
            return [_Planned(each.line.text, [no]) for each in self.found.commands]
        except UserProblem as problem:
            base = pull.base_ref if pull else self.around.repository.default_branch
            no = refused(Reason.POLICY_BROKEN, path=FILE_NAME, base=base, detail=problem.what)
            return [_Planned(each.line.text, [no]) for each in self.found.commands]
        request = Request(
            line="",
            key="",
            actor=actor,
            number=self.asking.number,
            repository=self.around.repository,
            pull=pull,
            policy=policy,
            today=self.around.today,
            now=self.around.clock(),
            again=again,
            registry=self.around.registry,
            comment=self._comment(),
            at=self.asking.at,
            policy_digest=policy_digest,
        )
        names = tuple(each.name for each in self.found.commands)
        return [
            self._decide(replace(request, line=each.line.text, key=f"{self.asking.key}-{index}", before=names[:index]), each)
            for index, each in enumerate(self.found.commands)
        ]

    def _decide(self, request: Request, command: spoken.Command) -> _Planned:
        module = COMMANDS[command.name]
        if (no := asked.refusal(module, request, self._who(request.policy, command.name))) is not None:
            return _Planned(request.line, [no])
        present = module.look(self.gateway, request, command.arguments)
        return _Planned(request.line, module.decide(request, command.arguments, present))

    def _who(self, policy: Policy, name: str) -> str:
        default = COMMANDS[name].WHO
        return policy.commands.who.get(name, default) if policy.commands else default

    def _pull(self, modules: Sequence[Command]) -> PullRequest | None:
        needed = any(module.WHERE == "pull request" for module in modules)
        return self.gateway.pull_request(self.asking.number) if self.asking.on_pull and needed else None

    def _policy(self, pull: PullRequest | None, modules: Sequence[Command]) -> tuple[Policy, str]:
        """The base's policy and its digest; not read where everybody may say all of it, and empty where there is none."""
        if all(module.WHO == "read" for module in modules):
            return Policy(version=1), ""
        ref = pull.base_ref if pull else self.around.repository.default_branch
        raw = self.gateway.file(FILE_NAME, ref)
        if raw is None:
            return Policy(version=1), ""
        text = raw.decode("utf-8", "replace")
        return document.read(text), document.digest(text)

    def _comment(self) -> Comment | None:
        """The comment as the ledger names it."""
        body = hashlib.sha256(self.asking.body.encode()).hexdigest()
        return Comment(id=self.asking.comment, digest=body) if self.asking.comment is not None else None

    def _standing(self, wanted: set[str], policy: Policy) -> Standing:
        return people.standing(self.gateway, self.asking.actor_id, self.asking.actor_login, wanted, policy.roles)

    def _anybody(self) -> Standing:
        """Whoever may comment may read."""
        return Standing(self.asking.actor_id, self.asking.actor_login, "read")

    # --- writing ---

    def _carry_out(self, planned: _Planned) -> _Planned:
        """Write what was decided. What GitHub refuses becomes the answer; what fails outside is tried again as a whole."""
        missing: list[Markdown] = []
        try:
            for effect in planned.effects:
                if isinstance(effect, Enter):
                    missing += self._not_entered(effect)
                elif (reply := self._do(effect)) is not None:
                    return _Planned(planned.line, [reply])
        except (NotThere, Refused) as problem:
            return _Planned(planned.line, [_not_written(effect, problem)])
        except UserProblem as problem:
            advice = Markdown(f"```text\n{problem.next}\n```") if "permissions:" in problem.next else Markdown("")
            return _Planned(planned.line, [refused(Reason.NOT_WRITTEN, advice, what=problem.what)])
        if not missing:
            return planned
        detail = join([each for each in (planned.reply.detail, *missing) if each], "\n\n")
        return _Planned(planned.line, [*planned.effects, replace(planned.reply, detail=detail, quiet=False)])

    def _do(self, effect: Effect) -> Reply | None:
        """Carry out one effect; the reply, where what came of it is that."""
        match effect:
            case Judge(number):
                judging.judge(self.around, number)
            case AskFor():
                return asking.ask(self.around, effect)
            case GoBack():
                return rolling.go_back(self.around, effect)
            case StartAgain():
                asking.start_again(self.around, effect)
            case Weigh(number):
                return asking.vote(self.around, number, self.asking.comment)
            case Reply():
                pass
            case _:
                perform.perform(self.gateway, [effect])
        return None

    def _not_entered(self, effect: Enter) -> list[Markdown]:
        """Enter a decision; in words why it is not, for it stands all the same."""
        try:
            perform.perform(self.gateway, [effect])
        except UserProblem as problem:
            return [approval.without_entry(problem.what)]
        return []

    def _answer(self, planned: Sequence[_Planned]) -> None:
        text = said.text_of(self.asking.actor_login, [Answer(each.line, each.reply) for each in planned])
        if not text:
            return
        if self.comments is None:
            self.comments = tuple(self.gateway.comments(self.asking.number))
        where = Marker(self.around.repository.id, self.asking.number, said.KIND, "0" * 16, "")
        section = said.Section(self.asking.key, self.asking.actor_id, self.asking.at, text)
        perform.perform(self.gateway, said.effects(self.comments, self.gateway.identity(), where, section))

    def _react(self, content: Content) -> None:
        if self.asking.comment is not None:
            try:
                self.gateway.react(self.asking.comment, content)
            except NotThere:  # it was deleted meanwhile; what it asked for is done
                return


def _unread(each: spoken.Command | spoken.Mistake) -> _Planned:
    line = each.line.text
    if isinstance(each, spoken.Mistake):
        return _Planned(line, [refused(Reason.COMMAND_MISTAKEN if each.name else Reason.UNKNOWN_COMMAND, each.told)])
    return _Planned(line, [refused(Reason.NOT_TOGETHER, command=line)])


def _together(planned: _Planned) -> _Planned:
    return _Planned(planned.line, [refused(Reason.NOT_TOGETHER, command=planned.line)])


def _not_written(effect: Effect, problem: UserProblem) -> Reply:
    if isinstance(effect, Dispatch) and isinstance(problem, NotThere):
        return refused(Reason.NO_WORKFLOW, workflow=effect.workflow)
    if isinstance(effect, Dispatch):
        return refused(Reason.INPUTS_REFUSED, workflow=effect.workflow, detail=problem.what)
    return refused(Reason.NOT_WRITTEN, what=problem.what)
