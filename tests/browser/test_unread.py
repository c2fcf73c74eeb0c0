"""What cannot be read is never dropped and never turned into something else."""

from playwright.sync_api import expect


def found(city, text):
    """Incidents of this text, as the node has them."""
    with city.client("duty") as client:
        return client.get("/incidents", params={"q": text}).json()["items"]


def test_a_time_that_cannot_be_read_is_not_saved_as_unknown(desk_of, city, is_ready):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.keyboard.type("时间写错 电梯困人")
    box = page.locator("#sheet [data-name=occurred_at]")
    box.locator("input").fill("25:99")
    page.keyboard.press("Control+Enter")
    expect(box.locator(".complaint")).to_be_visible()
    expect(page.locator("#sheet .trouble")).to_contain_text("事发时间无法识别")
    expect(box.locator("input")).to_be_focused()
    page.reload()  # the draft keeps it as it was typed
    is_ready(page)
    page.keyboard.press("n")
    expect(box.locator("input")).to_have_value("25:99")
    expect(box.locator(".complaint")).to_be_visible()
    assert found(city, "时间写错") == []
    box.locator("input").fill("00:05")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    (made,) = found(city, "时间写错")
    assert made["occurred_at"] is not None


def test_an_edit_with_a_time_that_cannot_be_read_changes_nothing(desk_of, city):
    made = city.report("改错时间", occurred_at="2026-01-02T03:04:05+08:00")
    page = desk_of("duty")
    page.locator(".row", has_text="改错时间").click()
    page.get_by_role("button", name="编辑", exact=True).click()
    box = page.locator(".edit [data-name=occurred_at]")
    box.locator("input").fill("昨天下午")
    page.keyboard.press("Control+Enter")
    expect(box.locator(".complaint")).to_be_visible()
    expect(page.locator(".edit .trouble")).to_contain_text("无法识别")
    (now,) = found(city, "改错时间")
    assert (now["rev"], now["occurred_at"]) == (made["rev"], made["occurred_at"])
    page.keyboard.press("Escape")
    page.get_by_role("button", name="撤销").click()
    expect(box.locator("input")).to_have_value("昨天下午")
