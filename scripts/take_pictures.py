"""`python -m scripts.take_pictures VAR`: the pictures of the docs, from a running demo node.

Owns: what each picture shows. Promises: pictures come from real Chromium and a real node, through
the screen as a person would go; nothing is drawn or retouched. Must not import the project.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.system_packages import browser

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--enable-unsafe-swiftshader", "--use-angle=swiftshader"]
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
STORY = "绕城高速汉城服务区 甲醇罐车泄漏 1人轻伤"


def nothing(_page: Page) -> None:
    """The page as it opens."""


def new_incident(page: Page) -> None:
    """The sheet with its proposals taken and what lies around."""
    page.keyboard.press("n")
    page.keyboard.type(STORY)
    for _proposal in range(3):
        page.wait_for_timeout(800)
        page.keyboard.press("Tab")
    page.wait_for_timeout(2500)


def panel(page: Page) -> None:
    """The first incident of the list."""
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_timeout(2500)


def around(page: Page) -> None:
    """Its surroundings."""
    panel(page)
    page.get_by_role("tab", name="周边").click()
    page.wait_for_timeout(1500)


def keys(page: Page) -> None:
    """The keyboard help."""
    page.keyboard.press("?")
    page.wait_for_timeout(500)


SCENES: list[tuple[str, str, str, dict, str, Callable[[Page], None]]] = [
    ("desk", "duty", "/", DESK, "light", nothing),
    ("desk-dark", "duty", "/", DESK, "dark", nothing),
    ("new-incident", "duty", "/", DESK, "light", new_incident),
    ("panel", "duty", "/", DESK, "light", panel),
    ("around", "duty", "/", DESK, "light", around),
    ("keys", "duty", "/", DESK, "light", keys),
    ("phone", "duty", "/", PHONE, "light", nothing),
    ("officers", "secadmin", "/officers", DESK, "light", nothing),
    ("audit", "auditor", "/audit", DESK, "light", nothing),
    ("nodes", "sysadmin", "/nodes", DESK, "light", nothing),
]


def take(chromium: Browser, url: str, password: str, scene: tuple) -> None:
    """One picture."""
    name, user, path, size, scheme, act = scene
    context = chromium.new_context(viewport=size, color_scheme=scheme, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    page.fill("[name=username]", user)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda where: "sign-in" not in where)
    page.wait_for_load_state("networkidle")
    if path != "/":
        page.goto(url + path)
    page.wait_for_timeout(4000)  # the map draws on the processor
    act(page)
    page.screenshot(path=PICTURES / f"{name}.png")
    context.close()
    print(name)


def main(var: Path) -> None:
    """Every scene."""
    credentials = json.loads((var / "xian" / "credentials.json").read_text())
    passwords = {one["user"]: one["password"] for one in credentials["accounts"]}
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
        for scene in SCENES:
            take(chromium, credentials["url"], passwords[scene[1]], scene)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "var"))
