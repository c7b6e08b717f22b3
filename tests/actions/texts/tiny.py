"""A model of a few thousand numbers, laid out on disk as sentence-transformers does it."""

import json
from pathlib import Path
from typing import Any

import numpy as np

PIECES = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "the",
    "flight",
    "was",
    "late",
    "hotel",
    "room",
    "dirty",
    "un",
    "##like",
    "##ly",
    "!",
]
WIDTH, INNER, HEADS = 8, 16, 2
CONFIG: dict[str, Any] = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "num_hidden_layers": 2,
    "num_attention_heads": HEADS,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": 16,
}


def shapes() -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(PIECES), WIDTH),
        "embeddings.position_embeddings.weight": (16, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
    }
    for layer in range(2):
        parts = {
            **{f"attention.self.{part}": (WIDTH, WIDTH) for part in ("query", "key", "value")},
            "attention.output.dense": (WIDTH, WIDTH),
            "attention.output.LayerNorm": (WIDTH,),
            "intermediate.dense": (INNER, WIDTH),
            "output.dense": (WIDTH, INNER),
            "output.LayerNorm": (WIDTH,),
        }
        for part, shape in parts.items():
            found[f"encoder.layer.{layer}.{part}.weight"] = shape
            found[f"encoder.layer.{layer}.{part}.bias"] = shape[:1]
    return found


def weights() -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    """Random, and always the same."""
    source = np.random.default_rng(7)
    return {name: source.normal(size=shape).astype("<f4") for name, shape in shapes().items()}


def model(folder: Path, **changes: object) -> Path:
    """Write the model; `changes` are of its configuration."""
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "modules.json").write_text("[]")
    (folder / "config.json").write_text(json.dumps(CONFIG | changes))
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 12}')
    (folder / "tokenizer_config.json").write_text('{"do_lower_case": true}')
    (folder / "1_Pooling/config.json").write_text('{"pooling_mode_mean_tokens": true}')
    (folder / "vocab.txt").write_text("\n".join(PIECES) + "\n")
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    data = b""
    for name, tensor in weights().items():
        end = len(data) + tensor.nbytes
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), end]}
        data += tensor.tobytes()
    text = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + data)
    return folder


def package(site: Path, name: str = "tiny-model") -> Path:
    """The model as a package that is installed in `site`."""
    folder = name.replace("-", "_")
    model(site / folder / "model")
    about = site / f"{folder}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (about / "RECORD").write_text(f"{folder}/model/config.json,,\n{folder}/model/modules.json,,\n")
    return site
