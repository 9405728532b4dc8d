"""Takes the pictures of the README anew: a lesson, from the rendered book, a feedback panel, and the example class's report.

`make && .venv/bin/python docs/take_pictures.py` (needs chromium).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from autograder import check

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
LESSON = ROOT / "_build/html/chapters/sigmoid_tanh/lesson.html"
REPORT = ROOT / "out/grades/report.html"
CLAIM = '[id^="claim-S1-6-1-1a-"]'  # the reflection, with its figure right below
PAPER = "<body style='margin:24px;max-width:720px;font:16px system-ui,sans-serif;background:white'>"
COLOURS = 256


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def photograph_lesson(browser: Browser, path: Path) -> None:
    tab = browser.new_page(viewport={"width": 1180, "height": 900}, device_scale_factor=1.5)
    tab.goto(LESSON.as_uri())
    tab.evaluate("window.MathJax.startup.promise")
    tab.evaluate(f"scrollTo(0, document.querySelector(`{CLAIM}`).getBoundingClientRect().top - 260)")
    tab.wait_for_timeout(500)
    tab.screenshot(path=path)


def photograph_panel(browser: Browser, path: Path) -> None:
    tab = browser.new_page(viewport={"width": 768, "height": 590}, device_scale_factor=1.5)
    tab.set_content(PAPER + check(sigmoid)._repr_html_())
    tab.screenshot(path=path, full_page=True)


def photograph_report(browser: Browser, path: Path) -> None:
    tab = browser.new_page(viewport={"width": 1100, "height": 725}, device_scale_factor=1.5)
    tab.goto(REPORT.as_uri())
    tab.screenshot(path=path)


PICTURES = {"lesson": photograph_lesson, "feedback": photograph_panel, "report": photograph_report}


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, photograph in PICTURES.items():
            path = IMAGES / f"{name}.png"
            photograph(browser, path)
            Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
