"""Signing in by password and code, in real browsers: asked for, set up, used, lost, taken away."""

import base64
import time
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Page, expect


@pytest.fixture
def security(context_of, city, signed_in) -> Iterator[Page]:
    """The security administrator; afterwards the observer signs in by the password again."""
    page = context_of().new_page()
    sign_in(page, city, "secadmin")
    yield page
    signed_in.pop(f"observer@{city.node}", None)
    ask(page, city, of=False)
    page.goto(f"{city.url}/officers?q=observer")
    page.locator("tbody a").first.click()
    lost = page.locator("details", has_text="解除双因素认证")
    if lost.count():
        lost.locator("summary").click()
        lost.get_by_role("button").click()
        expect(page.locator(".told")).to_contain_text("已解除")


def sign_in(page: Page, city, user: str) -> None:
    page.goto(f"{city.url}/sign-in")
    page.fill("[name=username]", user)
    page.fill("[name=password]", city.accounts[user]["password"])
    page.get_by_role("button", name="登录").click()


def ask(page: Page, city, *, of: bool) -> None:
    page.goto(f"{city.url}/officers/factor")
    page.get_by_label("观察员").set_checked(of)
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".told")).to_contain_text("已保存")


def authenticator(text: str) -> TOTP:
    """What reads the text under the picture, as a phone would."""
    return TOTP(base64.b32decode(text.replace(" ", "")), 6, SHA1(), 30)


def test_a_role_that_is_asked_sets_it_up_and_signs_in_with_it(desk_of, context_of, city, security):
    open_desk = desk_of("observer")
    ask(security, city, of=True)
    expect(open_desk.locator("[name=password]")).to_be_visible()

    page = context_of(width=390, height=844).new_page()
    sign_in(page, city, "observer")
    expect(page.locator(".qr svg")).to_be_visible()
    page.locator("summary").click()
    phone = authenticator(page.locator(".steps code").inner_text())
    page.get_by_label("六位验证码").fill("000000")
    page.keyboard.press("Enter")
    expect(page.locator(".complaint")).to_contain_text("不是当前的验证码")
    page.get_by_label("六位验证码").fill(phone.generate(time.time()).decode())
    page.keyboard.press("Enter")
    expect(page.locator(".recovery code")).to_have_count(10)
    spare = page.locator(".recovery code").all_inner_texts()
    assert len(set(spare)) == 10
    page.get_by_role("link", name="已妥善保存").click()
    expect(page.locator("body[data-ready]")).to_be_attached()

    other = context_of().new_page()
    sign_in(other, city, "observer")
    other.goto(f"{city.url}/")
    expect(other.locator("[name=password]")).to_be_visible()
    sign_in(other, city, "observer")
    other.locator("[name=code]").fill(spare[0])
    other.keyboard.press("Enter")
    expect(other.locator("body[data-ready]")).to_be_attached()
    other.goto(f"{city.url}/account")
    expect(other.locator("body")).to_contain_text("还剩 9 个恢复码")


def test_who_lost_the_phone_is_let_in_again_by_the_administrator(context_of, city, security):
    ask(security, city, of=True)
    page = context_of().new_page()
    sign_in(page, city, "observer")
    page.locator("summary").click()
    phone = authenticator(page.locator(".steps code").inner_text())
    page.get_by_label("六位验证码").fill(phone.generate(time.time()).decode())
    page.keyboard.press("Enter")
    page.get_by_role("link", name="已妥善保存").click()
    expect(page.locator("body[data-ready]")).to_be_attached()
    security.goto(f"{city.url}/officers?q=observer")
    security.locator("tbody a").first.click()
    lost = security.locator("details", has_text="解除双因素认证")
    lost.locator("summary").click()
    lost.get_by_role("button").click()
    expect(page.locator("[name=password]")).to_be_visible()
    sign_in(page, city, "observer")
    expect(page.locator(".qr svg")).to_be_visible()


def test_why_somebody_sees_an_incident_is_one_press_from_it(desk_of, city):
    made = city.report("为何可见", location={"lon": 108.86, "lat": 34.31, "confirmed": True})
    page = desk_of("duty")
    page.goto(f"{city.url}/?incident={made['id']}")
    page.get_by_role("link", name="为何有人可见").click()
    page.get_by_label("人员（登录名）").fill("weiyang")
    page.keyboard.press("Enter")
    expect(page.locator(".why")).to_contain_text("可见，含个人信息")
    expect(page.locator(".why-grounds .gives")).to_contain_text("未央区")
    page.get_by_label("人员（登录名）").fill("lantian")
    page.keyboard.press("Enter")
    expect(page.locator(".why-answer")).to_contain_text("不可见")
    expect(page.locator(".why-grounds .takes")).to_contain_text("蓝田县")
