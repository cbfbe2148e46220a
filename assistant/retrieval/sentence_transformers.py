"""Any sentence-transformers model, through torch: for a model other than the default one."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.errors import EmbedderError
from assistant.retrieval.embedding import Vectors, digest_files

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_FEW = 4


class SentenceTransformerEmbedder:
    """A sentence-transformers model by folder, or by name where it is already on this machine.

    The weights are read on first use.
    """

    def __init__(self, model: str, batch_size: int = 32) -> None:
        self._name = model
        self._batch_size = batch_size
        self._model: SentenceTransformer | None = None
        self._identity: str | None = None

    @property
    def identity(self) -> str:
        if self._identity is None:
            self._identity = self._identify()
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

    def _identify(self) -> str:
        folder = Path(self._name)
        if not folder.is_dir():
            return self._name
        weights = sorted(folder.glob("*.safetensors")) + sorted(folder.glob("pytorch_model*.bin"))
        if not weights:
            raise EmbedderError(
                f"{folder} holds no model weights (*.safetensors). Give the folder of a "
                "sentence-transformers model in the setting 'embedder'."
            )
        return f"{folder.name}@{digest_files(weights)[:16]}"

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
                self._model = SentenceTransformer(self._name, device="cpu", local_files_only=True)
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
