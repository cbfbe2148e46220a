"""What is learned from the questions that stand beside statements."""

import numpy as np
import pytest

from assistant.retrieval.discriminant import LEAST_SHARE, Discriminant
from assistant.retrieval.embedding import Vectors
from assistant.retrieval.table import Rows

CLASSES, EACH, SIZE = 40, 6, 24
CHANCE = np.random.default_rng(0)


def unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def made() -> tuple[Vectors, Vectors, Rows, Vectors]:
    """Statements that differ in eight directions, questions that differ far more in the others,
    and further questions, one a statement."""
    told = np.zeros((CLASSES, SIZE), dtype=np.float32)
    told[:, :8] = CHANCE.normal(size=(CLASSES, 8))

    def ask(count: int) -> Vectors:
        noise = np.zeros((CLASSES * count, SIZE), dtype=np.float32)
        noise[:, 8:] = 3 * CHANCE.normal(size=(CLASSES * count, SIZE - 8))
        return unit(np.repeat(told, count, axis=0) + noise)

    return unit(told), ask(EACH), np.repeat(np.arange(CLASSES), EACH), ask(1)


def test_new_questions_find_their_statement_where_the_plain_cosine_does_not(
    made: tuple[Vectors, Vectors, Rows, Vectors],
) -> None:
    statements, questions, asked, new = made
    learned = Discriminant.learn(statements, questions, asked)
    assert learned is not None
    everything = np.ones(CLASSES, dtype=bool)
    right = [
        int(np.argmax(learned.tell(vector[None], everything)[0])) for vector in new
    ] == np.arange(CLASSES)
    bank = np.concatenate([statements, questions])
    owner = np.concatenate([np.arange(CLASSES), asked])
    plain = owner[np.argmax(new @ bank.T, axis=1)] == np.arange(CLASSES)
    assert right.mean() > plain.mean() + 0.2


def test_shares_are_among_the_candidates_alone(
    made: tuple[Vectors, Vectors, Rows, Vectors],
) -> None:
    statements, questions, asked, new = made
    learned = Discriminant.learn(statements, questions, asked)
    assert learned is not None
    among = np.arange(CLASSES) < 5
    nearest, share = learned.tell(new[:1], among)
    assert nearest.shape == share.shape == (CLASSES,)
    assert np.exp(share[among]).sum() == pytest.approx(1.0, abs=1e-4)
    assert share.min() >= LEAST_SHARE


def test_nothing_is_learned_from_hardly_any_questions() -> None:
    vectors = unit(CHANCE.normal(size=(5, SIZE)).astype(np.float32))
    assert Discriminant.learn(vectors, vectors[:1], np.array([2])) is None
    assert Discriminant.learn(vectors, vectors[:0], np.array([], dtype=np.intp)) is None
