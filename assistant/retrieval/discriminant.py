"""What tells one statement's questions from another's, learned from the library's own questions.

Fisher's linear discriminant (1936; for many classes, Rao 1948) over vectors: a statement with the
questions that it answers is a class. The directions in which questions of one statement differ are
shrunk, those in which statements differ are kept. It is a closed form, so the same library always
gives the same figures, and a library on any subject learns its own.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.embedding import Vectors
from assistant.retrieval.table import Numbers, Rows, best_of_each

# Of 48 to 160 directions and 0.02 to 0.3 of shrinkage the best, on 488 questions that were written
# apart from the library's own.
DIRECTIONS = 128
SHRINKAGE = 0.1
# Fewer classes than this for each direction say little of how statements differ.
_CLASSES_EACH = 2
# How sharply a nearer vector outweighs a farther one.
SHARPNESS = 20.0
LEAST_SHARE = -15.0


@dataclass(frozen=True, slots=True)
class Discriminant:
    """``projection``: dimensions × directions. ``bank``: a unit row for every statement, then for
    every question, as projected; ``owner`` is the statement of each row."""

    projection: NDArray[np.float32]
    bank: Vectors
    owner: Rows

    @classmethod
    def learn(cls, statements: Vectors, questions: Vectors, asked: Rows) -> "Discriminant | None":
        """From every statement's vector and every question's with the statement it belongs to;
        None where too few statements bring questions."""
        classes = len(np.unique(asked))
        directions = min(DIRECTIONS, classes // _CLASSES_EACH)
        if not directions:
            return None
        count = len(statements)
        rows = np.concatenate([statements, questions]).astype(np.float64)
        owner = np.concatenate([np.arange(count), asked])
        means = np.zeros_like(rows[:count])
        np.add.at(means, owner, rows)
        means /= np.bincount(owner, minlength=count)[:, None]
        apart = rows - means[owner]
        within = apart.T @ apart / max(1, len(rows) - count)
        size = within.shape[0]
        whiten = _inverse_root(within + SHRINKAGE * np.trace(within) / size * np.eye(size))
        _, axes = np.linalg.eigh(whiten @ np.cov(means.T) @ whiten)
        projection = (whiten @ axes[:, -directions:]).astype(np.float32)
        return cls(projection, _unit(rows.astype(np.float32) @ projection), owner)

    def tell(self, vectors: Vectors, among: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
        """For a question's wordings, of every statement the best cosine with it or its questions,
        and the log of its share in all that are ``among`` the candidates."""
        cosines = (self.bank @ _unit(vectors @ self.projection).T).max(axis=1)
        count = len(among)
        nearest = best_of_each(cosines, self.owner, count, -1.0)
        odds = np.zeros(count)
        np.add.at(odds, self.owner, np.exp(SHARPNESS * (cosines.astype(np.float64) - 1)))
        share = np.log(odds + 1e-300) - np.log(odds[among].sum() + 1e-300)
        return nearest, np.maximum(share, LEAST_SHARE).astype(np.float32)


def _inverse_root(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    values, axes = np.linalg.eigh(matrix)
    root: NDArray[np.float64] = (axes / np.sqrt(np.maximum(values, 1e-12))) @ axes.T
    return root


def _unit(rows: Vectors) -> Vectors:
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return np.asarray(rows / lengths, dtype=np.float32)
