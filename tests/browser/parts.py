"""Parts of the desk that several tests look for."""

from playwright.sync_api import Locator, Page


def rows(page: Page, text: str) -> Locator:
    """Rows of the list with this text."""
    return page.locator(".row", has_text=text)


def chips(page: Page, kind: str, title: str) -> Locator:
    """What the row of limits says of this kind about an incident, all of the row unfolded."""
    more = page.locator(".deadline-list button[aria-expanded=false]")
    if more.count():
        more.click()
    return page.locator(".deadline", has_text=kind).filter(has_text=title)
