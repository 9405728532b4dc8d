"""The points at which accuracy is measured. They are committed; this module made them, and reads them.

    python -m tests.accuracy.points

writes those of tests/data/points/*.npy that are missing: from fixed seeds, but NumPy's streams may change, hence the
files. Tests only read.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from tests.accuracy import crossings

FOLDER = Path(__file__).parent.parent / "data" / "points"
# width of a row: how many rows of that width
ROWS = {1: 100, 2: 3700, 3: 3000, 5: 1500, 10: 800, 17: 200, 100: 20, 1000: 3}
CROSSED = {2: 1500, 3: 800, 5: 400, 10: 160}  # the same for rows in which everything cancels
MIXED = {1: 50, 2: 3600, 3: 2600, 5: 1300, 10: 500, 100: 10}  # the same for pairs of distributions
KINKS = (1.0, 1.5, 2.0, 3.0, 6.0)
# close to -x where the slopes of silu, gelu, gelu_tanh and mish vanish
ROOTS = (1.2784645427610738, 0.7517915246935645, 0.752461422071016, 1.1924312145154266)
# the nearest floats to -x where they do, and that of hard_swish
CROSSINGS = (1.2784645427610737, 0.7517915246935645, 0.7524614220710163, 1.1924312145154952, 1.5)
THRESHOLDS = (
    *(0.5, 0.6931471805599453, 0.84375, 1.25, 4.0, 5.0, 5.5, 8.0, 8.317, 9.0, 9.01, 9.7, 10.4, 11.09, 12.0, 12.5),
    *(
        13.2,
        13.86,
        14.0,
        14.4,
        16.0,
        16.635532,
        17.0,
        17.32,
        17.328679,
        18.0,
        18.36,
        18.714974,
        19.06,
        20.0,
        20.1,
        22.0,
    ),
    *(26.54, 27.2, 28.0, 33.3, 36.04, 36.7, 36.7368005696771, 37.0, 37.42, 37.5, 38.0, 38.4, 38.48, 38.57, 40.0),
    *(43.3, 43.67, 44.0, 50.0, 51.9, 64.0, 87.33654475, 88.0, 88.02969193, 88.7, 88.72283905, 89.0, 100.0, 103.2789),
    *(103.97208, 104.0, 128.0, 177.4, 186.0, 350.0, 354.2, 354.891356, 355.0, 372.5, 500.0, 700.0, 708.3964185322641),
    *(709.0, 709.08956571282, 709.782712893384, 710.0, 710.4758600739439, 720.0, 744.4400719213812, 745.0),
    *(745.1332191019412, 746.0, 800.0, 1000.0, 1024.0, 2048.0, 1e4, 32752.0, 65504.0, 1e8, 1e16, 1.8446743e19),
    *(1e-3, 1e-4, 1.22e-4, 3.45e-4, 1e-5, 1e-7, 5.96e-8, 1e-8, 1.49e-8, 1e-12, 1.11e-16, 2.22e-16, 1e-19, 1e-30),
    *(1e102, 5.6e102, 1e153, 1.34e154, 1e155, 1e-102, 1e-154, 1.5e-154, 1e-155, 2.2e-162, 1e-300, 1e300),
)


@cache
def points(name: str) -> np.ndarray:
    """The committed array of this name."""
    return np.load(FOLDER / f"{name}.npy", allow_pickle=False)


def blocks(flat: np.ndarray, counts: dict[int, int]) -> list[np.ndarray]:
    """A flat array as matrices, one for each width of row."""
    sizes = [width * count for width, count in counts.items()]
    parts = np.split(flat, np.cumsum(sizes)[:-1])
    return [part.reshape(count, width) for part, (width, count) in zip(parts, counts.items(), strict=True)]


def line(rng: np.random.Generator, dtype: type) -> np.ndarray:
    """Points of the whole floating-point line, both signs of all of them."""
    limits = np.finfo(dtype)
    smallest, largest = float(limits.smallest_subnormal), float(limits.max)
    reach = {"float64": (746.0, 40.0), "float32": (105.0, 20.0)}[limits.dtype.name]
    spaced = np.exp2(np.linspace(np.log2(smallest), np.log2(largest), 900)[:-1])
    dense = [rng.uniform(0, reach[0], 700), rng.uniform(0, reach[1], 700), rng.uniform(0, 6, 600)]
    small = 10 ** rng.uniform(-20, 0, 250)
    around = np.concatenate([near(point, dtype) for point in (*KINKS, *ROOTS, *THRESHOLDS) if point < largest])
    closing_in = [root * (1 + sign * 10.0 ** -np.arange(1, 16, 0.5)) for root in ROOTS for sign in (-1, 1)]
    ends = [0.0, smallest, 2 * smallest, float(limits.smallest_normal), largest, largest / 2, largest / 4]
    right = np.concatenate([spaced, *dense, small, around, *closing_in, ends, np.arange(65) / 8]).astype(dtype)
    return with_crossings(distinct(np.concatenate([right, -right]), rng), dtype)


def near(point: float, dtype: type) -> np.ndarray:
    """The point, its neighbours a few units away, and others farther off."""
    point = dtype(point)
    steps = np.array([-1000, -50, -2, -1, 0, 1, 2, 50, 1000])
    return (point.view(f"i{point.itemsize}") + steps).astype(f"i{point.itemsize}").view(dtype)


def with_crossings(x: np.ndarray, dtype: type) -> np.ndarray:
    """x, and behind it, so that every other point keeps its place, eight neighbours on both sides of each crossing."""
    crossings = np.array(CROSSINGS, dtype)[:, None].view(f"i{np.dtype(dtype).itemsize}")
    beside = (crossings + np.arange(-8, 9)).astype(crossings.dtype).view(dtype).ravel()
    both = np.concatenate([beside, -beside])
    return np.concatenate([x, both[~np.isin(both, x)]])


def distinct(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Every finite value once, -0 apart from 0, in random order so that neighbours in memory differ in size."""
    bits = np.unique(values[np.isfinite(values)].view(f"u{values.itemsize}"))
    return rng.permutation(bits).view(values.dtype)


def probabilities(rng: np.random.Generator) -> np.ndarray:
    """Numbers of [0, 1]: everywhere, close to 0, close to 1 and at both."""
    to_zero = np.exp2(np.concatenate([np.linspace(-1074, -0.01, 1800), rng.uniform(-30, -1, 1300)]))
    to_one = 1 - np.exp2(np.concatenate([np.linspace(-53, -1, 700), rng.uniform(-30, -1, 1300)]))
    around = np.concatenate([near(p, np.float64) for p in (0.5, 0.25, 0.75, 0.2928932188134524, 0.7071067811865476)])
    below_one = 1 - np.arange(0, 40) * 2.0**-53
    return distinct(np.concatenate([to_zero, to_one, rng.uniform(0, 1, 3300), around, below_one, [0.0]]), rng)


def labels(rng: np.random.Generator, count: int) -> np.ndarray:
    """Targets of a binary loss: 0, 1, and everything between."""
    return np.concatenate([
        rng.integers(0, 2, count - count // 2).astype(float),
        rng.uniform(0, 1, count // 4),
        rng.choice([0.5, 0.25, 0.75, 0.1, 0.9, 0.05, 0.95], count // 8),
        np.exp2(rng.uniform(-60, 0, count // 16)),
        1 - np.exp2(rng.uniform(-53, 0, count // 2 - count // 4 - count // 8 - count // 16)),
    ])[rng.permutation(count)]  # fmt: skip


def measured(rng: np.random.Generator) -> np.ndarray:
    """Pairs (y, y_hat): of all sizes, nearly equal ones, and ones that differ by nearly 1, by 0 or by a lot."""
    scale = 10 ** rng.uniform(-4, 4, (3000, 1))
    apart = scale * rng.normal(size=(3000, 2))
    y = rng.normal(size=2000) * 10 ** rng.uniform(-3, 3, 2000)
    close = np.stack([y, y * (1 + rng.choice([-1, 1], 2000) * np.exp2(-rng.integers(0, 53, 2000)))], axis=1)
    y = rng.integers(-64, 65, 1800) / rng.choice([1, 8, 1024], 1800)
    nudge = 1 + rng.choice([-1, 0, 1], 1800) * np.exp2(-rng.integers(1, 54, 1800))
    corner = np.stack([y, y + rng.choice([-1, 1], 1800) * rng.choice([0.5, 1, 1, 2], 1800) * nudge], axis=1)
    residual = np.concatenate([rng.uniform(-25, 25, 700), rng.uniform(-720, 720, 300), 10 ** rng.uniform(-9, 0, 500)])
    alone = np.stack([np.zeros(1500), residual], axis=1)
    sizes = np.exp2(rng.uniform(-1074, 1023.99, (1200, 2))) * rng.choice([-1, 1], (1200, 2))
    halves = np.exp2(rng.uniform(-545, 515, (800, 2))) * rng.choice([-1, 1], (800, 2))
    equal = np.repeat(rng.normal(size=(100, 1)), 2, axis=1)
    return rng.permutation(np.concatenate([apart, close, corner, alone, sizes, halves, equal]))


def logits(rng: np.random.Generator, rows: int, width: int) -> np.ndarray:
    """Rows of logits: ordinary, far apart, shifted, nearly tied, and as large as numbers get."""
    kind = rng.integers(0, 12, (rows, 1))
    normal = rng.normal(size=(rows, width))
    wide = rng.uniform(-745, 745, (rows, width))
    edge = rng.choice(THRESHOLDS[16:60], (rows, width)) * rng.choice([-1, 0, 1], (rows, width))
    sign = rng.choice([-1, 1], (rows, width))
    small = sign * 10 ** rng.uniform(-18, 0, (rows, width))
    shift = rng.choice([-1000.0, 1000.0, 300.0, -37.0], (rows, 1))
    huge = sign * np.exp2(rng.uniform(-40, 1023.9, (rows, width)))
    tied = np.round(normal) + rng.integers(-2, 3, (rows, width)) * 2.0**-50
    choices = [normal, 5 * normal, 20 * normal, 5 * normal + shift, wide, wide / 8, edge, edge + normal, small, tied,
               np.round(8 * normal) / 8, huge]  # fmt: skip
    return np.select([kind == number for number in range(len(choices))], choices)


def targets(rng: np.random.Generator, rows: int, width: int) -> np.ndarray:
    """One-hot rows, and rows of multiples of 1/64 with the sum 1, exact in every dtype."""
    hard = np.eye(width)[rng.integers(0, width, rows)]
    soft = np.stack([rng.multinomial(64, rng.dirichlet(np.full(width, 0.5))) for _ in range(rows)]) / 64
    return np.where(rng.random((rows, 1)) < 0.6, hard, soft)


def distributions(rng: np.random.Generator, rows: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of distributions: unlike, alike, nearly certain, with impossible classes and with tiny ones."""
    p = rng.dirichlet(np.full(width, 1.0), rows)
    q = rng.dirichlet(np.full(width, 1.0), rows)
    kind = rng.integers(0, 8, rows)
    q[kind == 1] = normalised(p * (1 + 10 ** rng.uniform(-12, -1, (rows, 1)) * rng.normal(size=p.shape)))[kind == 1]
    steep = normalised(np.exp2(rng.uniform(-60, 0, p.shape)))
    q[kind == 2], p[kind == 3] = steep[kind == 2], steep[kind == 3]
    deep = normalised(np.exp2(rng.uniform(-1060, 0, p.shape)))
    q[kind == 4] = deep[kind == 4]
    p[kind == 5] = np.eye(width)[rng.integers(0, width, rows)][kind == 5]
    without = np.where(np.arange(width) == rng.integers(0, width, (rows, 1)), 0.0, q + 1e-9)
    if width > 1:
        q[kind == 6] = normalised(without)[kind == 6]
        p[kind == 6] = normalised(np.where(q == 0, 0.0, p))[kind == 6]
    q[kind == 7] = p[kind == 7]
    return p, q


def normalised(weights: np.ndarray) -> np.ndarray:
    weights = np.abs(weights)
    return weights / weights.sum(axis=-1, keepdims=True)


def make() -> dict[str, np.ndarray]:
    """Every array, by name."""
    made = {"line_float64": line(np.random.default_rng(1), np.float64),
            "line_float32": line(np.random.default_rng(2), np.float32)}  # fmt: skip
    rng = np.random.default_rng(3)
    made["probabilities"] = probabilities(rng)
    made["labels"] = labels(rng, 16384)
    made["measured"] = measured(rng)
    made["logits"] = np.concatenate([logits(rng, rows, width).ravel() for width, rows in ROWS.items()])
    soft = [targets(rng, rows, width).ravel() for width, rows in ROWS.items()]
    made["targets"] = np.concatenate(soft).astype(np.float16)
    pairs = [distributions(rng, rows, width) for width, rows in MIXED.items()]
    made["distributions"] = np.stack([np.concatenate([pair[i].ravel() for pair in pairs]) for i in (0, 1)])
    return made


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, array in (make() | crossings.make(CROSSED)).items():
        path = FOLDER / f"{name}.npy"
        if not path.exists():
            np.save(path, array, allow_pickle=False)
            print(f"{name}: {array.dtype} {array.shape}, {array.nbytes} bytes")
