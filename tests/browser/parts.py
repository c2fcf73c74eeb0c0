"""Parts of the desk that several tests look for."""

from playwright.sync_api import Locator, Page


def rows(page: Page, text: str) -> Locator:
    """Rows of the list with this text."""
    return page.locator(".row", has_text=text)
