"""Texts → unit vectors, behind one small protocol; nothing is ever downloaded."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"


class Embedder(Protocol):
    """``identity`` names the model and its weights: vectors of different identities don't mix."""

    @property
    def identity(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text: shape (len(texts), dimensions)."""
        ...


def digest_files(paths: Iterable[Path]) -> str:
    """The SHA-256 of the files' bytes, one after another. Raises OSError."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


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
