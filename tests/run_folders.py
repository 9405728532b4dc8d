"""Run folders made by hand: results as `autograder grade` keeps them, and one of a student who means harm."""

from __future__ import annotations

import json
from pathlib import Path

MARKUP = (
    "<script>window.pwned = 1</script><img src=x onerror=window.pwned=2><svg/onload=window.pwned=3>"
    "<style>*{display:none}</style><a href=javascript:window.pwned=4>click</a><base href=https://evil.example/>"
    '" onmouseover="window.pwned=5" autofocus onfocus="window.pwned=6'
)
BYTES = "\x1b[31m\x00\x0b\ud800\ufffe\u202e\u2066 ]]> -->  {{ 7*7 }} {% raw %} & \"'"
HOSTILE = f"{BYTES}{MARKUP}{BYTES}"
FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" aria-label="wrong at x &lt; 0" onload="window.pwned=7">'
    "<script>window.pwned=8</script><image href='https://evil.example/'/></svg>"
)
MISTAKE = "You took the sum, and a mean was asked for."


def entry(id: str, status: str, score: float = 0.0, **more) -> dict:
    claims = [{"claim": "stays finite", "verdict": "holds" if status == "passed" else "fails", "witness": ""}]
    base = {"id": id, "status": status, "score": score, "held": 0.0, "max": 2, "seconds": 0.25, "claims": claims}
    return base | {"misconception": None, "message": f"The message about {id}."} | more


def save(folder: Path, stem: str, student: str, entries: list[dict], **more) -> None:
    total, top = (sum(one[key] for one in entries) for key in ("score", "max"))
    data = {"student": student, "total": total, "held": sum(one["held"] for one in entries), "max": top,
            "percent": round(100 * total / top, 2), "exercises": entries} | more  # fmt: skip
    (folder / "results").mkdir(exist_ok=True)
    (folder / "results" / f"{stem}.json").write_text(json.dumps(data))  # as \uXXXX: lone surrogates survive


def small_class(folder: Path) -> Path:
    """Five students and two exercises: everything that can happen, the last student with malice."""
    save(folder, "ada", "Ada Lovelace", [entry("sigmoid", "passed", 2), entry("softmax", "passed", 2)])
    save(folder, "bob", "Bob", [entry("sigmoid", "partial", 1, misconception=MISTAKE), entry("softmax", "timeout")])
    save(folder, "cy", "Cy 李", [entry("sigmoid", "failed", misconception=MISTAKE), entry("softmax", "killed")])
    save(folder, "dot", "Dot", [entry("sigmoid", "undecided", held=2), entry("softmax", "not_attempted")])
    save(
        folder, "evil #1?", HOSTILE,
        [entry("sigmoid", "error", message=HOSTILE, misconception=HOSTILE, figure=FIGURE,
               claims=[{"claim": HOSTILE, "verdict": HOSTILE, "witness": HOSTILE}]),
         entry("softmax", HOSTILE), entry("softmax_vjp", "undecided", held=2, message=HOSTILE),
         entry("tanh", "passed", 2, message=f"Decided.\n{HOSTILE}", decided={"reason": HOSTILE})],
        notes=[HOSTILE], declared=HOSTILE[::-1],
    )  # fmt: skip
    record = {
        "seed": 7, "isolation": "strict", "isolation_layers": {"landlock": True, "seccomp": False}, "complete": True,
        "versions": {"numpy": "2.4.6"}, "submissions": 5, "graded": 5, "time_limit": 10.0, "memory_mb": 1024,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(record))
    return folder


def large_class(folder: Path, students: int) -> Path:
    """So many students, every exercise of the course, four outcomes in turn."""
    from autograder import registry

    kinds = (("passed", 2.0, None), ("failed", 0.0, MISTAKE), ("partial", 1.0, None), ("not_attempted", 0.0, None))
    for number in range(students):
        entries = []
        for place, id in enumerate(registry.exercises()):
            status, score, misconception = kinds[(number * 7 + place * place) % 4]
            entries.append(entry(id, status, score, misconception=misconception))
        save(folder, f"s{number:04d}", f"Student {number:04d}", entries)
    return folder
