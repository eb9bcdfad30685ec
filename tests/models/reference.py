"""The encoder once more, in plain NumPy and full precision: slow, short, and independent of the graph."""

import json
import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
HEADS = 12
erf = np.vectorize(math.erf, otypes=[np.float32])


def read_safetensors(content: bytes) -> dict[str, Floats]:
    start = 8 + int.from_bytes(content[:8], "little")
    header = {
        name: entry for name, entry in json.loads(content[8:start]).items() if entry.get("dtype") == "F32"
    }
    return {
        name: np.frombuffer(content[slice(*(start + at for at in entry["data_offsets"]))], "<f4").reshape(
            entry["shape"]
        )
        for name, entry in header.items()
    }


def normalised(x: Floats, gain: Floats, shift: Floats) -> Floats:
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12) * gain + shift


def encode(ids: list[int], weights: Mapping[str, Floats]) -> Floats:
    """One text, no padding, no mask: token ids in, a vector of length one out."""

    def dense(x: Floats, at: str) -> Floats:
        return x @ weights[f"{at}.weight"].T + weights[f"{at}.bias"]

    def norm(x: Floats, at: str) -> Floats:
        return normalised(x, weights[f"{at}.LayerNorm.weight"], weights[f"{at}.LayerNorm.bias"])

    def heads(x: Floats) -> Floats:
        return x.reshape(len(ids), HEADS, -1).transpose(1, 0, 2)

    x = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][: len(ids)]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    x = norm(x, "embeddings")
    for layer in (f"encoder.layer.{number}" for number in range(6)):
        query, key, value = (
            heads(dense(x, f"{layer}.attention.self.{part}")) for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(query.shape[-1])
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        mixed = (shares @ value).transpose(1, 0, 2).reshape(len(ids), -1)
        x = norm(dense(mixed, f"{layer}.attention.output.dense") + x, f"{layer}.attention.output")
        inner = dense(x, f"{layer}.intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / math.sqrt(2)))
        x = norm(dense(inner, f"{layer}.output.dense") + x, f"{layer}.output")
    mean: Floats = x.mean(0)
    return mean / np.linalg.norm(mean)
