"""The encoder: texts to tokens, tokens to vectors. It blocks; embedding.py keeps it off the loop."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bothands.kit import Unavailable

Precision = Literal["fp32", "int8"]
Vectors = NDArray[np.float32]
Tokens = list[int]

WEIGHTS = Path(__file__).parent / "weights"
DIMENSIONS = 384
TOKENS_MAX = 256  # what the model was trained for; longer texts are cut
TEXT_CHARS_MAX = 20_000  # cut before tokenising, so that a huge text costs no more than a long one
BATCH_TEXTS_MAX = 32
BATCH_TOKENS_MAX = 2_048  # padding included: keeps one batch, hence the wait behind it, short
BATCH_TOKENS_WORTH = 10  # what a batch of its own costs beyond its texts, in padded tokens of one
TOKENS_OF_NOTHING = 2  # the start and end marks alone


class WeightsMissing(Unavailable):
    """The encoder's files are not beside the code."""

    code = "weights-missing"
    title = "The encoder's weights are missing"


class Encoder:
    """A tokenizer and an onnxruntime graph. Loading takes half a second, so it waits for a text."""

    def __init__(self, *, threads: int, precision: Precision, folder: Path = WEIGHTS) -> None:
        self._threads = threads
        self._graph_file = folder / f"minilm.{precision}.onnx"
        self._tokenizer_file = folder / "tokenizer.json"
        self._graph: Any = None
        self._tokenizer: Any = None
        for file in (self._graph_file, folder / "minilm.weights", self._tokenizer_file):
            if not file.is_file():
                raise WeightsMissing(
                    "the encoder's weights",
                    f"{file.name} is not in {folder}",
                    "run `make setup`, which builds them",
                )

    def tokenize(self, text: str) -> Tokens:
        self._load()
        ids: Tokens = self._tokenizer.encode(in_whole_characters(text[:TEXT_CHARS_MAX])).ids
        return ids

    def encode(self, batch: Sequence[Tokens]) -> Vectors:
        """Vectors of length one; a text without a single token gets the zero vector, near to nothing."""
        self._load()
        ids = np.zeros((len(batch), max(map(len, batch))), np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        vectors: Vectors = self._graph.run(None, {"ids": ids, "mask": mask})[0]
        vectors[[len(tokens) <= TOKENS_OF_NOTHING for tokens in batch]] = 0
        return vectors

    def _load(self) -> None:
        if self._graph is not None:
            return
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # every batch has another shape
        options.log_severity_level = 3  # errors
        tokenizer = Tokenizer.from_file(str(self._tokenizer_file))
        tokenizer.no_padding()  # the file pads every text to 128 tokens
        tokenizer.enable_truncation(TOKENS_MAX)
        self._tokenizer = tokenizer
        self._graph = onnxruntime.InferenceSession(
            str(self._graph_file), options, providers=["CPUExecutionProvider"]
        )


def in_whole_characters(text: str) -> str:
    """With a mark for each half character (a lone surrogate): tokenizers refuse a whole text for one."""
    return text.encode("utf-8", "replace").decode()


def cut_into_batches(lengths: Sequence[int]) -> list[list[int]]:
    """Positions sorted by length and cut where padding would cost more than another batch."""
    batches: list[list[int]] = []
    longest = 0
    for position in sorted(range(len(lengths)), key=lambda position: lengths[position]):
        batch, length = (batches[-1] if batches else []), lengths[position]
        is_full = len(batch) >= BATCH_TEXTS_MAX or length * (len(batch) + 1) > BATCH_TOKENS_MAX
        if not batch or is_full or len(batch) * (length - longest) > BATCH_TOKENS_WORTH:
            batches.append([position])
        else:
            batch.append(position)
        longest = length
    return batches
