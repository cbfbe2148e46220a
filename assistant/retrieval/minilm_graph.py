"""The encoder all-MiniLM-L6-v2 as an ONNX graph, written from its weights.

The graph is Sentence-BERT's (Reimers and Gurevych 2019): BERT's layers, the mean of the token
vectors, and L2 normalisation. It uses the fused operators that ONNX Runtime has for BERT. It holds
no numbers: the weights are handed to the session beside it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import (
    ModelProto,
    NodeProto,
    StringStringEntryProto,
    TensorProto,
    ValueInfoProto,
    helper,
)

Array = NDArray[np.float32]
Read = Callable[[str], Array]
Weights = dict[str, Array]

LAYERS, HEADS, WIDTH = 6, 12, 384
_EPSILON = 1e-12
_FUSED = "com.microsoft"
_OPSETS = (("", 17), (_FUSED, 1))
_IR_VERSION = 8
_CONSTANTS = (
    helper.make_tensor("second", TensorProto.INT64, [1], [1]),
    helper.make_tensor("tiny", TensorProto.FLOAT, [], [_EPSILON]),
)


@dataclass(frozen=True, slots=True)
class Graph:
    """``model`` names its weights; ``weights`` holds them, laid out as its operators read them."""

    model: ModelProto
    weights: Weights


def build_graph(read: Read) -> Graph:
    """The graph (``ids``, ``mask``: int32, texts × tokens) → ``vectors``: float32, texts × WIDTH.

    ``read`` gives a weight by its name in the checkpoint. Every text has at least one token under
    the mask.
    """
    weights: Weights = {}
    nodes = list(_embed(read, weights))
    hidden = "embedded"
    for layer in range(LAYERS):
        nodes += _layer(read, weights, layer, hidden)
        hidden = f"layer{layer}.hidden"
    nodes += _pool(hidden)
    graph = helper.make_graph(
        nodes,
        "all-MiniLM-L6-v2",
        [
            _value("ids", TensorProto.INT32, "texts", "tokens"),
            _value("mask", TensorProto.INT32, "texts", "tokens"),
        ],
        [_value("vectors", TensorProto.FLOAT, "texts", WIDTH)],
        initializer=[*map(_outside, weights.items()), *_CONSTANTS],
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid(*opset) for opset in _OPSETS],
        ir_version=_IR_VERSION,
    )
    return Graph(model, weights)


def _embed(read: Read, weights: Weights) -> Iterable[NodeProto]:
    """A text is one segment, so the first segment's vector is part of every position's."""
    words, positions, segments = (
        read(f"embeddings.{kind}_embeddings.weight") for kind in ("word", "position", "token_type")
    )
    weights["words"] = words
    weights["positions"] = positions + segments[0]
    for part in ("weight", "bias"):
        weights[f"embedded.{part}"] = read(f"embeddings.LayerNorm.{part}")
    inputs = ["ids", "", "words", "positions", "", "embedded.weight", "embedded.bias"]
    yield _fused("EmbedLayerNormalization", inputs, ["embedded", ""], epsilon=_EPSILON)


def _layer(read: Read, weights: Weights, layer: int, hidden: str) -> Iterable[NodeProto]:
    """Attention and the two-layer perceptron, each added to what went in and normalised."""
    source, name = f"encoder.layer.{layer}.", f"layer{layer}."

    def keep(part: str, *paths: str) -> None:
        """A checkpoint's matrix maps columns to rows; the operators multiply from the left."""
        matrices = [read(f"{source}{path}.weight").T for path in paths]
        weights[f"{name}{part}.weight"] = np.ascontiguousarray(np.concatenate(matrices, axis=1))
        weights[f"{name}{part}.bias"] = np.concatenate([read(f"{source}{p}.bias") for p in paths])

    keep("attention", *(f"attention.self.{part}" for part in ("query", "key", "value")))
    keep("joined", "attention.output.dense")
    keep("wide", "intermediate.dense")
    keep("narrow", "output.dense")
    for norm, path in (("attended", "attention.output"), ("hidden", "output")):
        for part in ("weight", "bias"):
            weights[f"{name}{norm}.{part}"] = read(f"{source}{path}.LayerNorm.{part}")

    def multiply(left: str, part: str) -> NodeProto:
        return helper.make_node("MatMul", [left, f"{name}{part}.weight"], [f"{name}{part}"])

    def add(part: str, skip: str, norm: str) -> NodeProto:
        inputs = [f"{name}{part}", skip, f"{name}{norm}.weight", f"{name}{norm}.bias"]
        inputs.append(f"{name}{part}.bias")
        return _fused("SkipLayerNormalization", inputs, [f"{name}{norm}"], epsilon=_EPSILON)

    attention = [hidden, f"{name}attention.weight", f"{name}attention.bias", "mask"]
    yield _fused("Attention", attention, [f"{name}heads"], num_heads=HEADS)
    yield multiply(f"{name}heads", "joined")
    yield add("joined", hidden, "attended")
    yield multiply(f"{name}attended", "wide")
    yield _fused("BiasGelu", [f"{name}wide", f"{name}wide.bias"], [f"{name}bent"])
    yield multiply(f"{name}bent", "narrow")
    yield add("narrow", f"{name}attended", "hidden")


def _pool(hidden: str) -> Iterable[NodeProto]:
    """The sum of a text's token vectors, at unit length: their mean points the same way."""
    node = helper.make_node
    yield node("Cast", ["mask"], ["weighing"], to=TensorProto.FLOAT)
    yield node("Unsqueeze", ["weighing", "second"], ["weighing_row"])
    yield node("MatMul", ["weighing_row", hidden], ["sum_row"])
    yield node("Squeeze", ["sum_row", "second"], ["sum"])
    yield node("ReduceL2", ["sum"], ["length"], axes=[1], keepdims=1)
    yield node("Max", ["length", "tiny"], ["divisor"])
    yield node("Div", ["sum", "divisor"], ["vectors"])


def _fused(kind: str, inputs: list[str], outputs: list[str], **attributes: Any) -> NodeProto:
    return helper.make_node(kind, inputs, outputs, domain=_FUSED, **attributes)


def _value(name: str, kind: int, *shape: str | int) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def _outside(weight: tuple[str, Array]) -> TensorProto:
    """A weight's name and shape; its numbers are kept outside the graph."""
    name, values = weight
    return TensorProto(
        name=name,
        data_type=TensorProto.FLOAT,
        dims=values.shape,
        data_location=TensorProto.EXTERNAL,
        external_data=[StringStringEntryProto(key="location", value="weights")],
    )
