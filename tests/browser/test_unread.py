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


def test_a_number_of_people_is_saved_as_it_was_typed_or_not_at_all(desk_of, city):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.keyboard.type("人数写错 积水")
    boxes = page.locator("#sheet .figure input")
    complaint = page.locator("#sheet [data-name=casualties] .complaint")
    for typed in ("3-5", "3.5", "1e3", "-1", "99999999999", "20000001", "约十人", "一百二"):
        boxes.first.click()
        boxes.first.fill("")
        page.keyboard.type(typed)
        page.keyboard.press("Control+Enter")
        expect(complaint).to_contain_text("死亡")
        expect(boxes.first).to_have_value(typed)
        expect(boxes.first).to_have_attribute("aria-invalid", "true")
        expect(boxes.first).to_be_focused()
    page.get_by_role("button", name="其余不详").click()
    expect(boxes.first).to_have_value("一百二")
    for box, typed, read in ((0, "１２", "12"), (1, "十二", "12"), (2, "1,200", "1200")):
        boxes.nth(box).fill(typed)
        boxes.nth(box).blur()
        expect(boxes.nth(box)).to_have_value(read)
    boxes.nth(3).fill("不详")
    expect(complaint).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    (made,) = found(city, "人数写错")
    figures = made["casualties"]
    assert (figures["dead"], figures["serious"], figures["injured"]) == (12, 12, 1200)
    assert figures["missing"] is None


def test_whole_numbers_are_read_in_digits_and_in_chinese(desk_of):
    page = desk_of("duty")
    texts = ["零", "〇", "十", "二十", "一百零五", "一千零五十", "两万三千", "一百一十二万零六"]
    other = ["", "一二", "十百", "一百二", "三千五", "两万三", "万", "1,20", "１.５", "0x10"]
    read = page.evaluate(
        """async (texts) => {
          const { readWhole } = await import("/static/js/numbers.js");
          return texts.map(readWhole);
        }""",
        texts + other,
    )
    assert read[: len(texts)] == [0, 0, 10, 20, 105, 1050, 23000, 1120006]
    assert read[len(texts) :] == [None] * len(other)


def test_coordinates_that_were_only_typed_are_saved_as_a_position(desk_of, city):
    page = desk_of("duty")
    for number, typed in enumerate(
        ("108.872,34.3523", "东经108.872° 北纬34.3523°", "汉城服务区旁 108.87212，34.35231")
    ):
        page.keyboard.press("n")
        page.keyboard.type(f"只敲坐标{number} 货车起火")
        page.fill("#place", typed)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#sheet")).to_be_hidden()
        (made,) = found(city, f"只敲坐标{number}")
        where = made["location"]
        assert (round(where["lon"], 3), round(where["lat"], 3)) == (108.872, 34.352)
        assert made["district_name"] == "未央区"
        page.keyboard.press("Escape")


def test_coordinates_beside_another_point_are_asked_about(desk_of, city):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.keyboard.type("两处位置 树木倒伏")
    page.fill("#place", "108.9594,34.2197 WGS84")
    page.locator(".choice").first.click()
    expect(page.locator(".aside .areas")).to_contain_text("雁塔区")
    with page.expect_response("**/api/survey?**"):  # looked around anew a moment after typing
        page.fill("#place", "108.872,34.3523")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".question")).to_contain_text("不一致")
    expect(page.locator(".loading")).to_have_count(0)
    expect(page.locator(".question")).to_contain_text("不一致")
    page.get_by_role("button", name="保留地图上的点").click()
    expect(page.locator("#place")).to_have_value("雁塔区")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    (made,) = found(city, "两处位置")
    assert made["district_name"] == "雁塔区"


def test_latitude_first_is_named_and_asked_about_before_it_is_saved(desk_of, city, is_ready):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.keyboard.type("纬度在前 货车起火")
    page.fill("#place", "34.3523,108.872")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#sheet .question")).to_contain_text("纬度 34.3523、经度 108.872")
    expect(page.locator("#sheet .point")).to_contain_text("按 纬度,经度 读取")
    assert found(city, "纬度在前") == []
    page.reload()  # a draft keeps the question
    is_ready(page)
    page.keyboard.press("n")
    page.get_by_role("button", name="对，纬度在前").click()
    expect(page.locator("#sheet .question")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    (made,) = found(city, "纬度在前")
    where = made["location"]
    assert (where["lon"], where["lat"], made["district_name"]) == (108.872, 34.3523, "未央区")


def test_a_choice_of_the_place_search_names_the_order_it_assumes(desk_of):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.fill("#place", "34.3523,108.872")
    expect(page.locator("#sheet .choice").first).to_contain_text("按 纬度,经度 读取")
    page.fill("#place", "N34.3523 E108.872")
    expect(page.locator("#sheet .choice").first).not_to_contain_text("按 纬度,经度 读取")
    expect(page.locator("#sheet .choice").first).to_contain_text("WGS 84")
    page.locator("#sheet .choice").first.click()
    expect(page.locator("#sheet .coordinates")).to_contain_text("108.87200, 34.35230")
    expect(page.locator("#sheet .question")).to_have_count(0)


def test_words_for_a_class_that_was_not_chosen_are_not_saved_past(desk_of, city):
    page = desk_of("duty")
    page.keyboard.press("n")
    page.keyboard.type("类别没选 有人求助")
    box = page.locator("#sheet [data-name=type_code]")
    box.locator("input").fill("电梯")
    page.keyboard.press("Control+Enter")
    expect(box.locator(".complaint")).to_contain_text("请从列表中选一个类别")
    expect(box.locator("input")).to_have_value("电梯")
    assert found(city, "类别没选") == []
    box.locator(".choice", has_text="12N04").click()
    expect(box.locator(".complaint")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    (made,) = found(city, "类别没选")
    assert made["type_code"] == "12N04"
