"""The pages of a report in a browser: what a student smuggles in does not run, and nobody is shut out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from autograder.reports import write_all
from tests.browsers import needs_chromium
from tests.run_folders import MARKUP, large_class, small_class

pytestmark = needs_chromium
PAGES = ("report.html", "exercises/sigmoid.html", "students/bob.html", "students/evil #1?.html")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    path = small_class(tmp_path_factory.mktemp("run"))
    write_all(path)
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    path = large_class(tmp_path_factory.mktemp("large"), 60)
    write_all(path)
    return path


def opened(context: BrowserContext, file: Path) -> Page:
    tab = context.new_page()
    tab.goto(file.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(door => door.open = true)")
    return tab


@pytest.fixture(scope="module")
def outside() -> Iterator[tuple[str, list[str]]]:
    """A server that a page must not reach: its address, and who asked it for what."""
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def harm(browser: Browser, file: Path, expected: str = "", **options) -> set[str]:
    """What a page managed to do besides being read: run a script, restyle the page, or load anything but itself.

    What is expected is waited for, so that a slow machine does not make an attack look stopped.
    """
    context = browser.new_context(**options)
    loaded: list[str] = []
    context.on("requestfinished", lambda request: loaded.append(request.url))
    tab = context.new_page()
    tab.goto(file.as_uri())
    for link in tab.locator("a[href^=javascript]").all():
        link.dispatch_event("click")
    for target in tab.locator("[onmouseover]").all():
        target.dispatch_event("mouseover")
    for _ in range(100):
        tab.wait_for_timeout(50)
        done = {"ran"} if tab.evaluate("window.pwned ?? null") is not None else set()
        if tab.evaluate("getComputedStyle(document.body).display") == "none":
            done.add("styled")
        done |= {"loaded" for url in loaded if not url.startswith(("data:", file.as_uri()))}
        if not expected or expected in done:
            break
    context.close()
    return done


SMUGGLED = {  # markup, and what it does where nothing stops it
    "script": ("<script>window.pwned = 1</script>", "ran"),
    "handler": ("<svg onload='window.pwned = 1'></svg>", "ran"),
    "javascript link": ("<a href='javascript:void(window.pwned = 1)'>x</a>", "ran"),
    "style": ("<style>body { display: none !important }</style>", "styled"),
    "image": ("<img src='OUTSIDE/image'>", "loaded"),
    "frame": ("<iframe src='OUTSIDE/frame'></iframe>", "loaded"),
    "style attribute": ("<p style='background: url(OUTSIDE/background)'>x</p>", "loaded"),
    "style sheet": ("<link rel=stylesheet href='OUTSIDE/sheet'>", "loaded"),
    "foreign script": ("<script src='OUTSIDE/script'></script>", "loaded"),
    "object": ("<object data='OUTSIDE/object'></object>", "loaded"),
}
CASES = [("report.html", smuggled) for smuggled in SMUGGLED] + [(page, "all") for page in PAGES[1:3]]
SMUGGLED["all"] = ("".join(markup for markup, _ in SMUGGLED.values()), "loaded")


@pytest.mark.parametrize("page", PAGES)
def test_escaping_alone_stops_what_students_wrote(browser, folder, page):
    assert harm(browser, folder / page, bypass_csp=True) == set()


@pytest.mark.parametrize(("page", "smuggled"), CASES)
def test_the_policy_alone_stops_what_escaping_would_have_missed(browser, folder, outside, tmp_path, page, smuggled):
    address, asked = outside
    markup, harmful = SMUGGLED[smuggled]
    broken = tmp_path / "broken.html"
    text = (folder / page).read_text("utf-8")
    broken.write_text(text.replace("</header>", f"{markup.replace('OUTSIDE', address)}</header>"), "utf-8")
    assert harmful in harm(browser, broken, harmful, bypass_csp=True)  # the attack is a real one
    asked.clear()
    assert harm(browser, broken) == set()
    assert asked == []


def test_a_base_from_a_student_turns_no_link_away(browser, folder, tmp_path):
    broken = tmp_path / "broken.html"
    broken.write_text((folder / "report.html").read_text("utf-8").replace("<h1>", f"{MARKUP}<h1>"), "utf-8")
    context = browser.new_context(offline=True)
    tab = opened(context, broken)
    assert tab.locator("nav a").first.evaluate("a => a.href").startswith("file:")
    context.close()


def test_nothing_of_its_own_offends_the_policy(browser, folder, large):
    context = browser.new_context(offline=True)
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    for page in (*(folder / page for page in PAGES), large / "report.html", large / "students" / "s0001.html"):
        tab = opened(context, page)
        broken = tab.evaluate("[...document.images].filter(image => !image.naturalWidth).length")
        assert broken == 0 or page.name.startswith("evil")
    context.close()
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_shuts_a_reader_out(browser, folder, page, scheme):
    context = browser.new_context(color_scheme=scheme, offline=True, bypass_csp=True)
    violations = Axe().run(opened(context, folder / page), options={"resultTypes": ["violations"]})["violations"]
    context.close()
    assert [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in violations] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["report.html", "students/s0003.html", "exercises/softmax.html"])
def test_a_large_class_shuts_nobody_out_either(browser, large, page, scheme):
    test_nothing_shuts_a_reader_out(browser, large, page, scheme)


@pytest.mark.parametrize("page", [*PAGES, "large"])
def test_no_page_is_wider_than_a_telephone(browser, folder, large, page):
    context = browser.new_context(viewport={"width": 360, "height": 740}, offline=True)
    tab = opened(context, large / "report.html" if page == "large" else folder / page)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def column(tab: Page, number: int) -> list[str]:
    return tab.evaluate("n => [...document.querySelectorAll('#class tbody tr:not([hidden])')]"
                        ".map(row => row.cells[n].textContent.trim())", number)  # fmt: skip


def test_the_table_sorts_by_keyboard(browser, large):
    context = browser.new_context(offline=True)
    tab = opened(context, large / "report.html")
    names = column(tab, 0)
    assert names == sorted(names)
    head = tab.get_by_role("button", name="%", exact=True)
    head.focus()
    tab.keyboard.press("Enter")
    rising = [float(text) for text in column(tab, 1)]
    assert rising == sorted(rising)
    assert len(set(rising)) > 2
    tab.keyboard.press("Enter")
    assert [float(text) for text in column(tab, 1)] == rising[::-1]
    assert tab.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    assert sorted(column(tab, 0)) == names
    context.close()


def test_a_student_is_found_by_part_of_a_name_without_its_accents(browser, folder):
    context = browser.new_context(offline=True)
    tab = opened(context, folder / "report.html")
    tab.get_by_label("Find").fill("LOVE ada")
    assert column(tab, 0) == ["Ada Lovelace"]
    assert tab.locator("#shown").text_content() == "1 of 5 students"
    tab.get_by_label("Find").fill("")
    tab.get_by_label("Show").select_option("held")
    assert len(column(tab, 0)) == 2
    context.close()


def test_without_scripts_the_table_is_still_a_table(browser, folder):
    context = browser.new_context(offline=True, java_script_enabled=False)
    tab = context.new_page()
    tab.goto((folder / "report.html").as_uri())
    assert tab.locator("#class tbody tr").count() == 5
    assert not tab.locator("#tools").is_visible()
    context.close()


def test_print_shows_the_whole_table_and_no_tools(browser, large):
    context = browser.new_context(offline=True)
    tab = opened(context, large / "report.html")
    tab.emulate_media(media="print")
    assert not tab.locator("#tools").is_visible()
    box = tab.locator("#class").evaluate("table => [table.offsetHeight, table.parentElement.clientHeight]")
    assert box[1] >= box[0]
    context.close()


def test_the_page_of_a_large_class_stays_small(tmp_path):
    sizes = []
    for count in (10, 40):
        write_all(large_class(tmp_path, count))
        sizes.append((tmp_path / "report.html").stat().st_size)
    assert (sizes[1] - sizes[0]) / 30 < 1_000  # bytes a student, whatever the number of exercises
