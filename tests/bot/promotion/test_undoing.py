"""What a rollback is decided on is read of GitHub and the registry, and only of what is ours."""

from bot.promotion import undoing
from bot.promotion.asked import Asked
from bot.promotion.undoing import Scene
from policy import document
from tests.bot.promotion.court import POLICY, Court
from tests.bot.promotion.test_rolling import SAID, ran

PARSED = document.read(POLICY)


def test_the_ground_is_what_ran_there_and_who_asks_now(there: Court) -> None:
    ran(there, 1, 2)
    comment = there.chat.comment(SAID, "alice")
    alice = there.chat.here.github.user("alice").id
    asked = Asked("flight-delay", 1, "production", "alice", alice, comment.number, f"{comment.id}-0", True)
    word = undoing.word(there.chat.around, asked, PARSED)
    assert word and word.because == "production answers nothing since noon"
    for other in ({"model": "m"}, {"environment": "staging"}, {"by_id": 1}, {"where": 404}, {"key": "x"}, {"key": "0-0"}):
        assert undoing.word(there.chat.around, Asked(**{**vars(asked), **other}), PARSED) is None
    there.shelf.origins[1] = None
    registry = there.chat.around.registry
    assert registry
    scene = Scene(PARSED, there.gateway.deployments(), registry.lineage("flight-delay@latest"), "production")
    found = undoing.ground(there.chat.around, scene, word, asked.key)
    assert found.who and found.who.roles == {"model-risk"} and found.runs == 2 and not found.used
    assert [each.version for each in found.promotions] == ["1", "2"] and found.kept == {1}
    nowhere = undoing.ground(there.chat.around, Scene(PARSED, [], scene.lineage, "staging"), word, asked.key)
    assert nowhere.who is None and nowhere.runs is None and nowhere.kept == frozenset()
