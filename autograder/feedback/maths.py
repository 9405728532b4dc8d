r"""The TeX between dollar signs in hints and sentences, as it reads in a terminal: $\sigma(e^{-x})$ as σ(e⁻ˣ).

Notebook and book typeset it; plain text, Gradescope and the pages of a report cannot.
"""

from __future__ import annotations

import re
from unicodedata import normalize

_NAMES = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "varepsilon": "ε", "epsilon": "ε", "theta": "θ",
    "kappa": "κ", "lambda": "λ", "mu": "μ", "pi": "π", "sigma": "σ", "Sigma": "Σ", "Phi": "Φ", "phi": "φ",
    "varphi": "φ", "tau": "τ", "nabla": "∇", "partial": "∂", "infty": "∞", "cdot": "·", "times": "×", "cdots": "…",
    "ldots": "…", "dots": "…", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈",
    "sim": "~", "pm": "±", "in": "∈", "to": "→", "mapsto": "↦", "Rightarrow": "⇒", "sum": "Σ", "prod": "Π", "int": "∫",
    "top": "T", "odot": "⊙", "mathbb": "", "mathrm": "", "operatorname": "", "text": "", "left": "", "right": "",
    "bigl": "", "bigr": "", "qquad": " ", "quad": " ", "prime": "'", "lvert": "|", "rvert": "|", "mid": "|",
}  # fmt: skip
_UP = dict(zip("0123456789+-=()nixkT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱˣᵏᵀ", strict=True))
_DOWN = dict(zip("0123456789+-=()ijkxnm", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ᵢⱼₖₓₙₘ", strict=True))
_GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"


def readable(text: str) -> str:
    """`text` with every `$...$` in it turned into characters; what is not TeX stays as it is."""
    return re.sub(r"\$\$?([^$\n]+)\$\$?", lambda formula: _formula(formula.group(1)), text)


def _formula(tex: str) -> str:
    tex = re.sub(rf"\\(?:d|t)?frac\s*{_GROUP}\s*{_GROUP}", lambda m: f"{_term(m.group(1))}/{_term(m.group(2))}", tex)
    tex = re.sub(r"\\(?:d|t)?frac\s*(\d)\s*(\d)", r"\1/\2", tex)
    tex = re.sub(r"\\hat\s*(?:\{(\w)\}|(\w))", lambda m: normalize("NFC", (m.group(1) or m.group(2)) + "\u0302"), tex)
    tex = re.sub(rf"\\sqrt\s*{_GROUP}", lambda m: f"√{_term(m.group(1))}", tex)
    tex = re.sub(r"\\[,;:! ]", " ", tex).replace(r"\{", "{").replace(r"\}", "}")
    tex = re.sub(r"\\([A-Za-z]+)( ?)", _named, tex)
    for sign, table in (("^", _UP), ("_", _DOWN)):
        tex = re.sub(
            rf"\{sign}(?:{_GROUP}|(\S))", lambda m, s=sign, t=table: _shifted(m.group(1) or m.group(2), s, t), tex
        )
    tex = re.sub(r" +", " ", tex.replace("{", "").replace("}", ""))
    return re.sub(r"(?<=\w) (?=\(|[⁻⁰¹²³⁴-⁹])", "", tex).strip()


def _named(command: re.Match) -> str:
    """A symbol, with its space where it stands between two things; a function's name, apart from what follows."""
    symbol = _NAMES.get(command.group(1))
    if symbol is None:
        apart = " " if command.string[: command.start()].rstrip()[-1:].isalnum() else ""
        return f"{apart}{command.group(1)} "
    return symbol if symbol.isalpha() else symbol + command.group(2)


def _term(tex: str) -> str:
    inner = _formula(tex)
    return inner if re.fullmatch(r"[\w.]+|\w+\([^()]*\)", inner) else f"({inner})"


def _shifted(inner: str, sign: str, table: dict[str, str]) -> str:
    """Small characters where there are some for all of it, otherwise the sign and brackets."""
    if all(letter in table for letter in inner):
        return "".join(table[letter] for letter in inner)
    return f"{sign}{inner}" if len(inner) == 1 else f"{sign}({inner})"
