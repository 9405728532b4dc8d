"""python -m solutions.fast.gelu_fit: the coefficients in gelu.py, found again.

The best P / Q of given degrees, in the sense of the largest relative error, by least squares: at points crowded towards
both ends, P - R Q is made small; dividing by the Q of the round before makes that the error of the quotient, and where
the error is largest, the next round looks harder. At 80 digits, since the equations hardly differ from one another.
"""

from __future__ import annotations

from mpmath import mp, mpf

from solutions.fast.gelu import FITS

END = 39  # e^(-39²/2) is less than the smallest subnormal
DIGITS = 80
MIDDLE, POINTS, ROUNDS = mpf(4), 120, 14


def tail(a: mpf) -> mpf:
    """R(a), the tail of the normal distribution over e^(-a²/2)."""
    return mp.exp(a * a / 2) * mp.erfc(a / mp.sqrt(2)) / 2


def points() -> list[mpf]:
    """Chebyshev points of (a - 4) / (a + 4), which brings the long right end nearer."""
    last = (END - MIDDLE) / (END + MIDDLE)
    at = [-1 + (last + 1) * (1 - mp.cos(mp.pi * (2 * i + 1) / (2 * POINTS))) / 2 for i in range(POINTS)]
    return [MIDDLE * (1 + t) / (1 - t) for t in at]


def quotient(p: list[mpf], q: list[mpf], a: mpf) -> mpf:
    return mp.polyval(p[::-1], a) / mp.polyval(q[::-1], a)


def fit(degree: int) -> tuple[list[mpf], list[mpf]]:
    """P of one degree less than Q, which has 1 in front; both from the constant upwards."""
    at = points()
    values = list(map(tail, at))
    scales, weights = [mpf(1)] * POINTS, [mpf(1)] * POINTS
    for number in range(ROUNDS):
        rows, right = mp.matrix(POINTS, 2 * degree), mp.matrix(POINTS, 1)
        for i, (a, value) in enumerate(zip(at, values, strict=True)):
            size = weights[i] / (value * scales[i])
            for k in range(degree):
                rows[i, k], rows[i, degree + k] = size * a**k, -size * value * a ** (k + 1)
            right[i] = size * value
        found = list(mp.qr_solve(rows, right)[0])
        p, q = found[:degree], [mpf(1), *found[degree:]]
        scales = [mp.polyval(q[::-1], a) for a in at]
        if number >= 3:
            errors = [abs(quotient(p, q, a) / value - 1) for a, value in zip(at, values, strict=True)]
            weights = [w * mp.sqrt(error / max(errors) + mpf("1e-3")) for w, error in zip(weights, errors, strict=True)]
            weights = [w / max(weights) for w in weights]
    return p, q


def times(p: list[mpf], q: list[mpf]) -> list[mpf]:
    return [sum(p[i] * q[k - i] for i in range(len(p)) if 0 <= k - i < len(q)) for k in range(len(p) + len(q) - 1)]


def halves(polynomial: list[mpf]) -> tuple[list[mpf], list[mpf]]:
    """Two factors of a polynomial of degree 2 n - 1 that has one real root, of degrees n - 1 and n, both with 1 in front."""
    roots = mp.polyroots(polynomial[::-1], maxsteps=500, extraprec=400)
    [real] = [root for root in roots if not mp.im(root)]
    pairs = sorted((root for root in roots if mp.im(root) > 0), key=mp.im)
    first, second = [mpf(1)], [mpf(1), -1 / real]
    for number, root in enumerate(pairs):
        factor = [mpf(1), -2 * mp.re(1 / root), abs(1 / root) ** 2]
        if number % 2:
            second = times(second, factor)
        else:
            first = times(first, factor)
    return first, second


def factors(p: list[mpf], q: list[mpf]) -> list[list[float]]:
    """The rows of FITS for P and Q."""
    (p1, p2), (q1, q2) = halves(p), halves(q[1:])
    rows = [coefficient * q[1] / p[0] for coefficient in q1], [*p1[1:], 0], q2[1:], p2[1:]
    return [list(map(float, row)) for row in rows]


if __name__ == "__main__":
    mp.dps = DIGITS
    for dtype, rows in FITS.items():
        p, q = fit(2 * len(rows[0]))
        error = max(abs(quotient(p, q, mpf(END * i) / 500) / tail(mpf(END * i) / 500) - 1) for i in range(501))
        print(f"{dtype}, degree {len(q) - 1}, relative error {mp.nstr(error, 2)}")
        for row in factors(p, q):
            print("   ", row)
