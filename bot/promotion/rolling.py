"""Goes back at a word: opens the issue in which that stands, and has it weighed, which starts what moves the alias."""

from dataclasses import dataclass

from bot import perform
from bot.around import Around
from bot.effects import CloseIssue, CreateComment, GoBack, Reply, refused, told
from bot.gateway.requesting import Issue, RequestGateway
from bot.promotion import asked as asking
from bot.promotion import undoing, weighing, words
from bot.promotion.asked import LABEL, Asked
from bot.promotion.deciding import Begun, policy_of
from bot.promotion.undoing import Scene
from policy import rollbacks
from policy.document import Policy
from policy.reasons import Reason
from policy.rollbacks import Ground, Word
from policy.rulings import Ruled
from reports import rollbacks as drawn
from reports.markdown import Markdown, put

_NEWEST = "latest"


def go_back(around: Around, effect: GoBack) -> Reply:
    """Open the issue of a rollback and start it. The same asking opens one issue, however often it is handled.

    Raises UserProblem where the policy or the registry cannot be used.
    """
    gateway = RequestGateway.of(around.gateway)
    ours = [each for each in gateway.issues(LABEL, "all") if gateway.identity().wrote(each)]
    known = [(each, wanted) for each in ours if (wanted := asking.read(each.body)) is not None and wanted.rollback]
    made, begun = next((each for each, wanted in known if wanted.key == effect.key), None), None
    if made is None:
        found = _wanted(around, gateway, effect)
        if isinstance(found, Reply):
            return found
        wanted = found.asked
        made = gateway.open_issue(drawn.title(wanted.model, wanted.version, wanted.environment), found.text, [LABEL])
        begun = Begun(made, found.policy, found.scene.deployments)
        same = [each for each, one in known if (one.model, one.environment) == (wanted.model, wanted.environment)]
        for each in same:
            _replace(gateway, each, made.number)
    weighing.weigh(around, made.number, begun)
    return told(Reason.REQUEST_OPENED, put("See #{}.", Markdown(str(made.number))), title=made.title)


@dataclass(frozen=True)
class _Wanted:
    """What is to be asked for, its issue's text, and what was read for that; the policy with its digest."""

    asked: Asked
    text: str
    policy: tuple[Policy, str]
    scene: Scene


def _wanted(around: Around, gateway: RequestGateway, effect: GoBack) -> _Wanted | Reply:
    """What is to be asked for, or why it is refused."""
    found = words.word(around, effect.number, effect.key)
    if found is None:
        return refused(Reason.ROLLBACK_NO_WORD)
    said, model = found
    policy, digest = policy_of(around, gateway)
    if policy.model is None or policy.model.name != model:
        return refused(Reason.MODEL_UNKNOWN, model=model)
    name = rollbacks.place(policy.environments, said.environment)
    if name is None:
        known = ", ".join(policy.environments) or "none"
        return refused(Reason.ENVIRONMENT_NOT_THERE, environment=said.environment or "production", known=known)
    if around.registry is None:
        return refused(Reason.REGISTRY_NONE)
    scene = Scene(policy, gateway.deployments(), around.registry.lineage(f"{model}@{_NEWEST}"), name)
    judged = _judged(scene, undoing.ground(around, scene, said, effect.key), said, effect)
    return judged if isinstance(judged, Reply) else _Wanted(*judged, (policy, digest), scene)


def _judged(scene: Scene, ground: Ground, said: Word, effect: GoBack) -> tuple[Asked, str] | Reply:
    """The asking and its issue's text, or why it is refused. Pure."""
    model, name = scene.lineage.model, scene.name
    version = rollbacks.target(said, ground.promotions, name, ground.runs)
    every = rollbacks.conditions(said, scene.policy.environments[name], name, version, ground)
    if (bad := next((each for each in every if each.state is Ruled.ERROR), None)) is not None:
        return refused(bad.reason, **bad.values)
    if version is None:
        return refused(Reason.ROLLBACK_NOTHING, environment=name)
    asked = Asked(model, version, name, said.login, said.author, effect.number, effect.key, rollback=True)
    text = drawn.body(model, version, name, said.login, effect.number, said.because, ground.runs)
    return asked, f"{asking.marked(asked)}\n{text.source}"


def _replace(gateway: RequestGateway, old: Issue, by: int) -> None:
    if old.state == "open":
        close = CloseIssue(old.number, "not_planned")
        perform.perform(gateway, [CreateComment(old.number, f"#{by} asks for it anew."), close])
