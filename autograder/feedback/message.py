"""What a tutor would say about a judgement: the verdict, one fact, the likely cause, what to try."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.exercise import Exercise
from autograder.feedback.maths import readable
from autograder.feedback.untrusted import plain
from autograder.judges.judgement import FAILS, HOLDS, UNDECIDED, Facts, Judgement

ANSWER_KINDS = frozenset("AM")  # here the expected value is the whole answer, so it is never shown

STOPPED = {
    "not_attempted": "Not attempted yet",
    "error": "Stopped by an error",
    "timeout": "No answer within the time limit",
    "memory": "Stopped: it asked for more memory than is allowed",
    "killed": "Stopped: the process it ran in died",
    "invalid_output": "Not something that can be judged",
    "unreadable": "Could not be read",
    "undecided": "Left for a person to decide",
}
_TRY = {
    "timeout": "Is there a loop whose condition never becomes false? Operations on whole arrays need no loop.",
    "memory": "Look at the shapes on the way: an outer product of two long arrays is the usual surprise.",
    "killed": "Run it once in a cell of its own; recursion without an end is the usual reason.",
    "unreadable": "Open the file once in JupyterLab, save it again, and hand that in.",
    "undecided": "Nothing to do: these points are neither lost nor given until your teacher has looked.",
}
TELLING = ("proved", "your gradient is right")  # evidence that begins like this is worth a sentence


@dataclass(frozen=True)
class Message:
    """The parts of a message, each one or two sentences of plain text; any but the verdict may be empty.

    quiet: one line on the claims that passed.
    """

    verdict: str
    fact: str = ""
    cause: str = ""
    next_step: str = ""
    quiet: str = ""

    @property
    def text(self) -> str:
        """The parts one below the other, the empty ones left out, formulas in characters."""
        parts = (self.verdict, self.fact, readable(self.cause), self.next_step, self.quiet)
        return "\n".join(part for part in parts if part)


def message(exercise: Exercise, judgement: Judgement) -> Message:
    """The message for `judgement`. It never holds the reference; whatever a student wrote in it is cleaned."""
    status = judgement.status
    if status == "passed":
        return Message(_verdict(judgement), _proof(judgement), quiet=_quiet(judgement))
    if status == "not_attempted":
        return Message(_verdict(judgement), next_step=_hint(exercise, "To get going"))
    return Message(
        _verdict(judgement),
        _fact(exercise, judgement),
        _cause(judgement),
        _TRY.get(status) or _next_step(exercise, judgement),
        _quiet(judgement),
    )


def _verdict(judgement: Judgement) -> str:
    claims = len(judgement.findings)
    held = sum(finding.verdict == HOLDS for finding in judgement.findings)
    if judgement.status == "passed":
        return f"Right: {'the claim holds' if claims == 1 else f'all {claims} claims hold'}."
    if judgement.status in STOPPED:
        return STOPPED[judgement.status] + "."
    opening = "Partly right" if judgement.earned > 0 else "Not yet"
    return f"{opening}: {held} of {claims} claims {'holds' if held == 1 else 'hold'}."


def _fact(exercise: Exercise, judgement: Judgement) -> str:
    """What failed, and the one place where it shows best."""
    if judgement.status in STOPPED and judgement.status != "undecided":
        return _shown(exercise, judgement)  # why it stopped says it all; no claim was really put to the test
    failing = judgement.told_failure or _first(judgement, UNDECIDED)
    claim = f"{_state(failing.verdict)}: {_sentence(plain(failing.claim), capital=False)}" if failing else ""
    return " ".join(
        filter(None, (claim, digits(judgement.facts), _shown(exercise, judgement), _where(judgement.facts)))
    )


def _state(verdict: str) -> str:
    return "Does not hold yet" if verdict == FAILS else "Could not be settled either way"


def _shown(exercise: Exercise, judgement: Judgement) -> str:
    """The witness of the first failing claim, or else the call with what it gave and what was expected."""
    failing = judgement.told_failure or _first(judgement, UNDECIDED)
    if failing and failing.witness:
        return _sentence(plain(failing.witness))
    facts = judgement.facts
    if not facts.got:
        return ""
    call = plain(facts.called) or "The call"
    secret = exercise.kind in ANSWER_KINDS or not facts.expected
    expected = "" if secret else f"; expected {plain(facts.expected)}"
    return _sentence(f"{call} gave {plain(facts.got)}{expected}")


def digits(facts: Facts) -> str:
    """Where it is right and to how much: "Right to 16 digits for x < 36, to no digit for x > 38."."""
    parts = [f"to {_digits(count)} for {plain(region)}" for region, count in facts.digits[:4]]
    return f"Right {', '.join(parts)}." if parts else ""


def _where(facts: Facts) -> str:
    return "" if facts.digits else _sentence(plain(facts.where))


def _digits(count: float) -> str:
    whole = max(0, int(count))
    return "no digit" if whole == 0 else "1 digit" if whole == 1 else f"{whole} digits"


def _cause(judgement: Judgement) -> str:
    if judgement.misconception:
        return judgement.misconception.sentence
    return _sentence(plain(judgement.facts.cause))


def _next_step(exercise: Exercise, judgement: Judgement) -> str:
    called = plain(judgement.facts.called, 90)
    if exercise.kind in "NG" and called and judgement.facts.curve:
        alone = f"Try `{called}` in a cell of its own and look at each step on the way."
        return f"{alone} {_hint(exercise, 'Then')}"
    return _hint(exercise, "To go on")


def _hint(exercise: Exercise, opening: str) -> str:
    if not exercise.hints:
        return ""
    return f'{opening}: `hint("{exercise.id}")` gives the first of {len(exercise.hints)} hints.'


def _proof(judgement: Judgement) -> str:
    evidence = next((f.evidence for f in judgement.findings if f.evidence.startswith(TELLING)), "")
    return _sentence(evidence)


def _quiet(judgement: Judgement) -> str:
    holding = [plain(finding.claim) for finding in judgement.findings if finding.verdict == HOLDS]
    if not holding or judgement.status == "passed":
        return ""
    named = holding if len(holding) <= 3 else holding[:2]
    more = f", and {len(holding) - len(named)} claims more" if len(holding) > len(named) else ""
    return f"Already right: {'; '.join(named)}{more}."


def _first(judgement: Judgement, verdict: str):
    return next((finding for finding in judgement.findings if finding.verdict == verdict), None)


def _sentence(text: str, capital: bool = True) -> str:
    text = _capital(text.strip()) if capital else text.strip()
    return text if not text or text[-1] in ".?!…" else text + "."


def _capital(text: str) -> str:
    """A capital first letter, unless the text starts with a name from code such as x or sigmoid(0)."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.isalpha() and len(first) > 1 else text
