"""A model that turns texts into vectors: BERT's encoder with the mean of its outputs, as sentence-transformers keeps it on disk.

It is read as data (safetensors, JSON and a list of pieces) and computed with NumPy, so that neither PyTorch nor any code of the
model's package runs. Devlin and others, "BERT", 2018; Reimers and Gurevych, "Sentence-BERT", 2019.
"""

import json
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actions.texts.wordpiece import pieces
from policy.problems import UserProblem

Floats = NDArray[np.float32]
LONGEST = 256
"""Pieces of a text that are read, where the model does not say fewer."""
TOGETHER = 32
"""Texts that are computed at once."""
_HEADER = 100_000_000
_TYPES: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2")}
_NEXT = "Name a model of the kind of all-MiniLM-L6-v2 (BERT with mean pooling, in safetensors)"


@dataclass(frozen=True)
class Encoder:
    """A model that was read."""

    vocabulary: dict[str, int]
    weights: dict[str, Floats]
    layers: int
    heads: int
    epsilon: float
    lower: bool
    longest: int

    def encode(self, texts: Sequence[str]) -> Floats:
        """A row of length 1 for each text."""
        read = [pieces(text, self.vocabulary, lower=self.lower, most=self.longest) for text in texts]
        order = sorted(range(len(read)), key=lambda at: len(read[at]))
        vectors = np.zeros((len(read), self.weights["embeddings.word_embeddings.weight"].shape[1]), dtype=np.float32)
        for start in range(0, len(order), TOGETHER):
            some = order[start : start + TOGETHER]
            vectors[some] = self._vectors([read[at] for at in some])
        return vectors

    def _vectors(self, read: Sequence[Sequence[int]]) -> Floats:
        length = max(map(len, read))
        numbers = np.array([[*each, *[0] * (length - len(each))] for each in read])
        known = np.arange(length) < np.array([len(each) for each in read])[:, None]
        state = self._embedded(numbers)
        for layer in range(self.layers):
            state = self._layer(state, known, f"encoder.layer.{layer}.")
        mean = (state * known[:, :, None]).sum(axis=1) / known.sum(axis=1)[:, None]
        return np.asarray(mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12), dtype=np.float32)

    def _embedded(self, numbers: NDArray[np.int64]) -> Floats:
        weights = self.weights
        state = weights["embeddings.word_embeddings.weight"][numbers]
        state = state + weights["embeddings.position_embeddings.weight"][: numbers.shape[1]]
        return self._normed(state + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")

    def _layer(self, state: Floats, known: NDArray[np.bool_], name: str) -> Floats:
        """Attention, then two dense layers, each added to what went in."""
        texts, length, width = state.shape
        size = width // self.heads

        def split(part: str) -> Floats:
            dense = self._dense(state, f"{name}attention.self.{part}")
            return dense.reshape(texts, length, self.heads, size).transpose(0, 2, 1, 3)

        scores = split("query") @ split("key").transpose(0, 1, 3, 2) / np.float32(math.sqrt(size))
        scores = np.where(known[:, None, None, :], scores, np.float32(-1e9))
        attention = np.exp(scores - scores.max(axis=-1, keepdims=True))
        attention /= attention.sum(axis=-1, keepdims=True)
        seen = (attention @ split("value")).transpose(0, 2, 1, 3).reshape(texts, length, width)
        state = self._normed(state + self._dense(seen, f"{name}attention.output.dense"), f"{name}attention.output.LayerNorm")
        inner = _gelu(self._dense(state, f"{name}intermediate.dense"))
        return self._normed(state + self._dense(inner, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _dense(self, state: Floats, name: str) -> Floats:
        weight = self.weights[f"{name}.weight"]
        flat = state.reshape(-1, state.shape[-1]) @ weight.T  # one large product is many times as fast as one for each text
        return np.asarray((flat + self.weights[f"{name}.bias"]).reshape(*state.shape[:-1], len(weight)), dtype=np.float32)

    def _normed(self, state: Floats, name: str) -> Floats:
        centred = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(self.epsilon))
        return np.asarray(centred / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"], dtype=np.float32)


def _gelu(values: Floats) -> Floats:
    """x times the normal distribution's share below x; erf by Abramowitz and Stegun 7.1.26, wrong by at most 1.5e-7."""
    x = np.abs(values) / np.float32(math.sqrt(2))
    t = 1 / (1 + np.float32(0.3275911) * x)
    terms = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
    total = np.zeros_like(t)
    for factor in reversed(terms):
        total = (total + np.float32(factor)) * t
    erf = np.copysign(1 - total * np.exp(-x * x), values)
    return np.asarray(values * (1 + erf) / 2, dtype=np.float32)


def load(folder: Path) -> Encoder:
    """Read a model.

    Raises UserProblem where it is none, or is of another kind.
    """
    try:
        config, sentence = _json(folder / "config.json"), _json(folder / "sentence_bert_config.json")
        tokenizer, pooling = _json(folder / "tokenizer_config.json"), _json(folder / "1_Pooling" / "config.json")
        if (
            config.get("model_type") != "bert"
            or config.get("hidden_act") != "gelu"
            or not pooling.get("pooling_mode_mean_tokens")
        ):
            raise UserProblem("the model is of a kind that is not known here", folder.name, _NEXT)
        lines = (folder / "vocab.txt").read_text("utf-8").split("\n")
        found = Encoder(
            vocabulary={line: number for number, line in enumerate(lines) if line},
            weights=_weights(folder / "model.safetensors"),
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            epsilon=float(config["layer_norm_eps"]),
            lower=bool(tokenizer.get("do_lower_case", True)),
            longest=min(LONGEST, int(sentence.get("max_seq_length", LONGEST)), int(config["max_position_embeddings"])),
        )
        found.encode(["a"])
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error) as error:
        raise UserProblem(f"the model cannot be read: {error}", folder.name, _NEXT) from None
    return found


def _json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


def _weights(path: Path) -> dict[str, Floats]:
    """The tensors of a safetensors file: the length of a header, the header in JSON, then the bytes."""
    with path.open("rb") as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        if length > _HEADER:
            raise ValueError("its header is too long")
        header = json.loads(stream.read(length))
        data = stream.read()
    return {name: _tensor(about, data) for name, about in header.items() if name != "__metadata__" and about["dtype"] in _TYPES}


def _tensor(about: dict[str, Any], data: bytes) -> Floats:
    begin, end = about["data_offsets"]
    flat = np.frombuffer(data[begin:end], dtype=_TYPES[about["dtype"]])
    return np.asarray(flat.reshape([int(size) for size in about["shape"]]), dtype=np.float32)
