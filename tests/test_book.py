"""The rendered book, looked at as a reader's browser sees it: alone, offline, by keyboard, in the dark, on a telephone.

`make test` renders it first; run alone, these tests render it themselves when it is not there.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from axe_core_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from PIL import Image
from playwright.sync_api import BrowserContext, Page

from autograder.book import alt_text
from tests.browsers import needs_chromium

ROOT = Path(__file__).parent.parent
HTML = ROOT / "_build" / "html"
PAGES = re.findall(r"(?:root|file): (\S+)", (ROOT / "_toc.yml").read_text("utf-8"))


@pytest.fixture(scope="session", autouse=True)
def book() -> Path:
    if not (HTML / "index.html").exists():
        command = [sys.executable, "-m", "jupyter_book", "build", "-W", "--keep-going", str(ROOT)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return HTML


@pytest.fixture(scope="session")
def soups(book) -> dict[str, BeautifulSoup]:
    return {page: BeautifulSoup((book / f"{page}.html").read_text("utf-8"), "html.parser") for page in PAGES}


def opened(context: BrowserContext, page: str) -> Page:
    """The page, once its formulas are typeset."""
    tab = context.new_page()
    tab.goto((HTML / f"{page}.html").as_uri())
    tab.evaluate("window.MathJax?.startup?.promise")
    return tab


def resources(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.find_all(["script", "img", "iframe", "source", "audio", "video", "embed", "object"]):
        yield from (tag[name] for name in ("src", "srcset", "data", "poster") if tag.has_attr(name))
    for link in soup.find_all("link"):
        if {"stylesheet", "preload", "icon", "shortcut", "modulepreload"} & set(link.get("rel", ())):
            yield link["href"]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_loaded_from_another_site(soups, page):
    assert [uri for uri in resources(soups[page]) if urlsplit(uri).netloc] == []


def test_no_style_sheet_leads_to_another_site(book):
    outside = re.compile(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)'\"]+")
    for sheet in book.rglob("*.css"):
        assert outside.findall(sheet.read_text("utf-8")) == [], sheet.name


@pytest.mark.parametrize("page", PAGES)
def test_every_image_says_what_it_shows(soups, page):
    article = soups[page].find("article")
    for image in article.find_all("img"):
        assert alt_text.fault(image.get("alt", "")) is None, image.get("src")


@pytest.mark.parametrize("page", PAGES)
def test_no_link_inside_the_book_is_broken(soups, page):
    here = HTML / f"{page}.html"
    for link in soups[page].find_all("a", href=True):
        target = urlsplit(link["href"])
        if target.scheme or target.netloc:
            continue
        file = (here.parent / unquote(target.path)).resolve() if target.path else here
        assert file.exists(), f"{link['href']} ({link.get_text(strip=True)})"
        if target.fragment and file.suffix == ".html":
            name = file.relative_to(HTML).with_suffix("").as_posix()
            soup = soups.get(name) or BeautifulSoup(file.read_text("utf-8"), "html.parser")
            assert soup.find(id=unquote(target.fragment)), f"{link['href']} ({link.get_text(strip=True)})"


def test_mathjax_is_there_and_takes_little_room(book):
    files = [path for path in (book / "_static" / "mathjax").rglob("*") if path.is_file()]
    assert any(path.name == "tex-chtml.js" for path in files)
    assert sum(path.stat().st_size for path in files) < 4_000_000


@pytest.mark.parametrize("page", [page for page in PAGES if page.endswith("_exercises")])
def test_hints_and_solutions_are_behind_closed_doors(soups, page):
    doors = {name: soups[page].select(f"details.{name}") for name in ("hints", "solution")}
    assert doors["solution"]
    assert len(doors["hints"]) == len(doors["solution"])
    for door in [*doors["hints"], *doors["solution"]]:
        assert not door.has_attr("open")
        assert door.find("summary").get_text(strip=True) in ("Hints", "Solution")
    code = [cell.get_text() for cell in soups[page].select("div.cell_input")]
    assert not [cell for cell in code if re.match(r"\s*(check|progress|variant)\(", cell)]
    assert len([cell for cell in code if "def " in cell]) == len(doors["solution"])


def test_search_knows_the_lessons(book):
    index = (book / "searchindex.js").read_text("utf-8")
    assert all(page in index for page in PAGES)


@needs_chromium
@pytest.mark.parametrize("page", PAGES)
def test_formulas_are_typeset_without_a_network(browser, soups, page):
    context = browser.new_context(offline=True)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    tab = opened(context, page)
    formulas = soups[page].find("article").select(".math")
    assert tab.locator("article mjx-merror").count() == 0
    assert tab.locator("article mjx-container").count() >= len(formulas)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    if formulas:
        tab.evaluate("document.querySelectorAll('details').forEach(door => door.open = true)")
        tab.evaluate("document.fonts.ready")
        picture = tab.locator("article mjx-container").first.screenshot()
        ink = np.asarray(Image.open(io.BytesIO(picture)).convert("L")) < 128
        assert 0.005 < ink.mean() < 0.6  # strokes on paper: neither blank nor boxes
    context.close()


@needs_chromium
@pytest.mark.parametrize("page", PAGES)
def test_no_formula_is_left_in_tex(browser, page):
    context = browser.new_context(offline=True)
    tab = opened(context, page)
    shown = tab.evaluate("""() => {
        const article = document.querySelector("article").cloneNode(true);
        article.querySelectorAll("mjx-container, script, style, pre, code").forEach((e) => e.remove());
        return article.textContent;
    }""")
    context.close()
    assert re.findall(r".*\$[^$\n]*\\[a-z].*|.*\\(?:frac|hat|sigma|sum|log|mathrm)\b.*", shown) == []


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_shuts_a_reader_out(browser, page, scheme):
    context = browser.new_context(color_scheme=scheme, offline=True)
    tab = opened(context, page)
    tab.evaluate("document.querySelectorAll('article details').forEach(door => door.open = true)")
    tab.evaluate("document.getAnimations().forEach(fading => fading.finish())")  # a door half open is half as dark
    options = {"resultTypes": ["violations"]} | ({"runOnly": ["color-contrast"]} if scheme == "dark" else {})
    # MathJax speaks for its formulas itself, and looking into each of a thousand takes minutes
    violations = Axe().run(tab, context={"exclude": [["mjx-container"]]}, options=options)["violations"]
    context.close()
    grave = [violation for violation in violations if violation["impact"] in ("serious", "critical")]
    assert [(v["id"], [node["html"][:200] for node in v["nodes"][:3]]) for v in grave] == []


@needs_chromium
@pytest.mark.parametrize("page", PAGES)
def test_no_page_is_wider_than_a_telephone(browser, page):
    context = browser.new_context(viewport={"width": 360, "height": 740}, offline=True)
    tab = opened(context, page)
    tab.evaluate("document.querySelectorAll('details').forEach(door => door.open = true)")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


@needs_chromium
def test_a_solution_opens_by_keyboard(browser):
    page = next(page for page in PAGES if page.endswith("_exercises"))
    context = browser.new_context(offline=True)
    tab = opened(context, page)
    door = tab.locator("details.solution").first
    door.locator("summary").focus()
    tab.keyboard.press("Enter")
    assert door.get_attribute("open") is not None
    assert door.locator("pre").is_visible()
    context.close()
