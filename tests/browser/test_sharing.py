"""Sharing with other nodes on the screen: what a node would hold, before it holds it."""

from playwright.sync_api import Page, expect

LONG = "雁塔区电子城街道含光南路与丈八东路十字东北角地下综合管廊燃气舱甲烷浓度持续超限报警"
POINT = {"lon": 108.95, "lat": 34.22, "confirmed": True}


def open_incident(page: Page, title: str) -> None:
    page.locator(".row", has_text=title).click()
    expect(page.locator(".node-sharing .share-with")).to_be_visible()


def test_before_and_after_sharing_one_sees_what_the_other_node_holds(desk_of, city, district):
    made = city.report(LONG, location=POINT, reporter={"name": "王某某"}, summary="值班员复核中")
    with city.client("duty") as client:
        client.post(f"/incidents/{made['id']}/entries", json={"text": "燃气公司已派员"})
    page = desk_of("duty")
    open_incident(page, LONG)
    page.locator(".node-sharing .share-with").select_option(district.node)
    question = page.locator(".node-sharing .ask")
    question.get_by_role("button", name="以 雁塔区 身份查看").click()
    seen = page.locator("dialog.preview")
    expect(seen).to_contain_text("以 雁塔区 的身份查看")
    expect(seen).to_contain_text("雁塔区 尚未持有")
    for text in (LONG, "值班员复核中", "王某某", "燃气公司已派员", "全部发送，包括个人信息"):
        expect(seen).to_contain_text(text)
    expect(seen.locator("button, a, input, select, textarea")).to_have_count(1)  # to close it
    page.keyboard.press("n")
    expect(page.locator("#sheet")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(seen).to_have_count(0)
    expect(question).to_be_visible()

    question.get_by_role("button", name="共享给 雁塔区").click()
    holder = page.locator(f".node-sharing li[data-node={district.node}]")
    holder.get_by_role("button", name="预览").click()
    expect(seen).to_contain_text("雁塔区 可持有以下内容")
    expect(seen.locator(".timeline")).to_contain_text("共享给 雁塔区")
