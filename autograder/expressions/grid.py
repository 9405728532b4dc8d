"""Small matrices of exact or high-precision entries, for the evaluator and the prover alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations
from typing import Any


class ShapeError(ValueError):
    """Matrices whose shapes do not fit together."""


@dataclass(frozen=True)
class Grid:
    """A matrix as rows of entries; the entries only need + and *."""

    rows: tuple[tuple[Any, ...], ...]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])

    @property
    def entries(self) -> list:
        return [entry for row in self.rows for entry in row]

    def map(self, function: Callable) -> Grid:
        return Grid(tuple(tuple(function(entry) for entry in row) for row in self.rows))

    def __add__(self, other: Grid) -> Grid:
        if self.shape != other.shape:
            raise ShapeError(f"a {_shown(self)} matrix plus a {_shown(other)} matrix")
        pairs = zip(self.rows, other.rows, strict=True)
        return Grid(tuple(tuple(a + b for a, b in zip(*rows, strict=True)) for rows in pairs))

    def __matmul__(self, other: Grid) -> Grid:
        if self.shape[1] != other.shape[0]:
            raise ShapeError(f"a {_shown(self)} matrix times a {_shown(other)} matrix")
        columns = list(zip(*other.rows, strict=True))
        return Grid(tuple(tuple(_dot(row, column) for column in columns) for row in self.rows))

    @property
    def transposed(self) -> Grid:
        return Grid(tuple(zip(*self.rows, strict=True)))

    @property
    def trace(self) -> Any:
        self._need_square("the trace")
        return _total([self.rows[i][i] for i in range(len(self.rows))])

    @property
    def determinant(self) -> Any:
        """By permutations: these matrices are tiny, and no division means no pivot to worry about."""
        self._need_square("the determinant")
        if len(self.rows) > 5:
            raise ShapeError("a determinant of more than 5 rows is beyond this course")
        terms = []
        for order in permutations(range(len(self.rows))):
            term = -1 if sum(a > b for i, a in enumerate(order) for b in order[i + 1 :]) % 2 else 1
            for i, j in enumerate(order):
                term = self.rows[i][j] * term
            terms.append(term)
        return _total(terms)

    @property
    def adjugate(self) -> Grid:
        """Transposed cofactors: adjugate @ matrix = determinant times identity."""
        self._need_square("the inverse")
        n = len(self.rows)
        if n == 1:
            return Grid(((1,),))
        return Grid(tuple(tuple(self._cofactor(j, i) for j in range(n)) for i in range(n)))

    @property
    def diagonal(self) -> Grid:
        """A column or row as a diagonal matrix, a square matrix as the column of its diagonal."""
        if 1 in self.shape:
            n = len(self.entries)
            return Grid(tuple(tuple(self.entries[i] if i == j else 0 for j in range(n)) for i in range(n)))
        self._need_square("the diagonal")
        return Grid(tuple((self.rows[i][i],) for i in range(len(self.rows))))

    def _cofactor(self, i: int, j: int) -> Any:
        minor = Grid(tuple(row[:j] + row[j + 1 :] for k, row in enumerate(self.rows) if k != i))
        return minor.determinant * (-1) ** (i + j)

    def _need_square(self, what: str) -> None:
        if self.shape[0] != self.shape[1]:
            raise ShapeError(f"{what} of a {_shown(self)} matrix, which is not square")


def _shown(grid: Grid) -> str:
    return "{}x{}".format(*grid.shape)


def _dot(row: tuple, column: tuple) -> Any:
    return _total([a * b for a, b in zip(row, column, strict=True)])


def _total(terms: list) -> Any:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total
