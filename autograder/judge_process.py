"""The warm judge beside a notebook: holds the exercises and the judging, so that the kernel never has to.

`python -m autograder.judge_process` reads questions from its standard input and writes answers to its standard
output, one frame of `sandbox/wire.py` each: a dict with the key "ask" and what belongs to it, answered by a dict.
It ends when its input ends, or when the kernel that started it is gone.
"""

from __future__ import annotations

import os
import queue
import threading
import time
import traceback
from pathlib import Path
from typing import BinaryIO

from autograder import judging, registry
from autograder.exercise import Exercise
from autograder.feedback import cards, panel
from autograder.judges.variants import variant_of
from autograder.registry import UnknownExercise
from autograder.sandbox.observe import observe
from autograder.sandbox.wire import WireError, receive, send

PAUSE = 0.5  # seconds without a question before the next rehearsal: cells run in a row must not wait for one
SEED = 0  # a notebook's checks are the same for everyone; the seed of a graded run is the teacher's


def calls(names: list[str], student: str) -> dict:
    """The calls of the exercise that one of `names` means."""
    exercise = _find(names)
    return {"exercise": exercise.id, "calls": judging.plan_for(exercise, SEED, student).calls}


def judge(exercise: str, student: str, observations: list, hint_level: int) -> dict:
    """The judgement of what the kernel observed, as it will be shown."""
    item = registry.find(exercise)
    judgement = judging.judge(item, judging.plan_for(item, SEED, student), observations)
    result = judging.describe(item, judgement)
    return {
        "status": result["status"],
        "score": result["score"],
        "html": panel.panel_html(item, judgement, hint_level=hint_level),
        "text": panel.panel_text(item, judgement),
    }


def hint(names: list[str], level: int) -> dict:
    exercise = _find(names)
    return {"exercise": exercise.id, **cards.hint_card(exercise, level)}


def progress(topic: str | None, defined: list[str], states: dict) -> dict:
    """The table of a topic; without a topic, of those that the notebook defines exercises of, or else of all."""
    topics = registry.topics()
    if topic is not None and topic not in topics:
        return {"sentence": f"There is no topic called {topic!r}. The topics are: {', '.join(topics)}."}
    if topic is not None:
        chosen = [topic]
    else:
        chosen = [name for name, items in topics.items() if any(item.id in defined for item in items)] or list(topics)
    return cards.progress_card({name: topics[name] for name in chosen}, states)


def variant(names: list[str], student: str) -> dict:
    exercise = _find(names)
    numbers = variant_of(exercise, student)
    if not numbers:
        return {"sentence": f"{exercise.id} asks everyone the same question: it has no variants."}
    return {"variant": numbers, **cards.variant_card(exercise, numbers, student)}


ANSWERS = {"calls": calls, "judge": judge, "hint": hint, "progress": progress, "variant": variant}


def answer(question: dict) -> dict:
    """The answer to one question. What goes wrong here is told in a line: never as a traceback, never with values."""
    try:
        return ANSWERS[question["ask"]](**{key: value for key, value in question.items() if key != "ask"})
    except UnknownExercise as unknown:
        said = str(unknown)
        return {"sentence": said[:1].upper() + said[1:] + ("" if said.endswith("?") else ".")}
    except Exception as trouble:
        last = traceback.extract_tb(trouble.__traceback__)[-1]
        return {"trouble": f"{type(trouble).__name__} in {Path(last.filename).name}, line {last.lineno}"}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer questions until there are no more; while nobody asks, prepare what will be asked next."""
    questions: queue.Queue[dict | None] = queue.Queue()
    threading.Thread(target=_read, args=(requests, questions), daemon=True).start()
    warming, pause = iter([_warm_up]), 0.0
    while True:
        try:
            question = questions.get(timeout=pause)
        except queue.Empty:
            step = next(warming, None)
            if step is not None:
                step()
                continue
            question = questions.get()
        if question is None:
            return
        reply = answer(question)
        try:
            send(answers, reply)
        except WireError:
            send(answers, {"trouble": f"an answer to {question.get('ask')!r} that cannot be sent"})
        except OSError:
            return
        if "calls" in reply:
            warming, pause = _rehearsals(reply["exercise"], question["student"]), PAUSE


def _read(requests: BinaryIO, questions: queue.Queue) -> None:
    try:
        while True:
            questions.put(receive(requests))
    except (EOFError, WireError, OSError):
        questions.put(None)


def _warm_up() -> None:
    """Everything that is slow only the first time: the registry, the fonts, the templates."""
    for item in registry.exercises().values():
        if item.kind in "NG":
            _rehearse(item, "")
            return


def _rehearsals(exercise: str, student: str):
    """The other exercises of the topic, the next ones first: a student works downwards."""
    items = registry.topics()[registry.find(exercise).topic]
    place = [item.id for item in items].index(exercise)
    for item in items[place + 1 :] + items[:place]:
        yield lambda item=item: _rehearse(item, student)


def _rehearse(item: Exercise, student: str) -> None:
    """Judge one misconception of our own, so that plan, truth and the marks of every misconception are at hand."""
    try:
        plan = judging.plan_for(item, SEED, student)
        wrong = item.misconceptions[0].function if item.misconceptions else item.reference
        seen = [observe(wrong, call) for call in plan.calls]
        panel.panel_html(item, judging.judge(item, plan, seen))
    except Exception:
        return  # a rehearsal that fails costs nothing: the real question will be answered, or fail, in the open


def _find(names: list[str]) -> Exercise:
    """The first of `names` that is an exercise; UnknownExercise about the first one when none is."""
    known = registry.exercises()
    return registry.find(next((name for name in names if name in known), names[0]))


def _leave_with(parent: int) -> None:
    """End when the kernel is gone, even while something else still holds our pipe open."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main() -> None:
    """Keep the two pipes to ourselves: whatever a reference prints must not end up between two frames."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nowhere, stream)
    if os.name == "posix":
        threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    serve(requests, answers)


if __name__ == "__main__":
    main()
