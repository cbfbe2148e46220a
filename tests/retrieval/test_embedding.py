"""Texts → unit vectors by the hashing embedder, and by a model that is named in the settings."""

from pathlib import Path

import numpy as np
import pytest

from assistant.consultation import make_embedder
from assistant.errors import EmbedderError
from assistant.retrieval.embedding import HashingEmbedder
from assistant.retrieval.minilm import MiniLmEmbedder
from assistant.retrieval.sentence_transformers import SentenceTransformerEmbedder
from assistant.settings import Settings

TEXTS = ["Blood patch.", "A much longer text about lying flat after a blood patch " * 5, "MRI"]


def test_the_hashing_embedder_gives_each_text_its_own_unit_vector() -> None:
    embedder = HashingEmbedder()
    vectors = embedder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    for row, text in enumerate(TEXTS):
        assert np.allclose(embedder.encode([text])[0], vectors[row], atol=1e-5)
    assert embedder.encode([]).shape[0] == 0
    assert np.array_equal(embedder.encode(TEXTS), vectors)


def test_the_settings_name_the_embedder(tmp_path: Path) -> None:
    assert isinstance(make_embedder(Settings()), MiniLmEmbedder)
    assert isinstance(make_embedder(Settings(embedder="hashing")), HashingEmbedder)
    other = make_embedder(Settings(embedder=str(tmp_path)))
    assert isinstance(other, SentenceTransformerEmbedder)


def test_a_folders_identity_names_it_and_its_weights(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    identity = SentenceTransformerEmbedder(str(tmp_path)).identity
    assert identity == f"{tmp_path.name}@9a129038d9a00aed"


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="holds no model weights"):
        SentenceTransformerEmbedder(str(tmp_path)).encode(["text"])


@pytest.mark.slow
def test_a_model_that_is_not_here_is_not_downloaded() -> None:
    embedder = SentenceTransformerEmbedder("no-such-model")
    assert embedder.identity == "no-such-model"
    with pytest.raises(EmbedderError, match="nothing is downloaded"):
        embedder.encode(["text"])
