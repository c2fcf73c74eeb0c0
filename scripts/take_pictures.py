"""`python -m scripts.take_pictures VAR`: the pictures of the docs, from a running demo node.

Owns: what each picture shows. Promises: pictures come from real Chromium and a real node, through
the screen as a person would go; nothing is drawn or retouched. Must not import the project.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from scripts import picture_drill
from scripts.system_packages import browser

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--enable-unsafe-swiftshader", "--use-angle=swiftshader"]
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
STORY = "绕城高速汉城服务区 甲醇罐车泄漏 1人轻伤"
REPORTED: dict[str, list[tuple[str, str, int | None, float, float]]] = {
    "xian": [
        ("高层居民楼17层起火,有浓烟", "12G04", 2, 108.9605, 34.2285),
        ("电梯困人", "12N04", 4, 108.9480, 34.2561),
        ("下穿通道积水60厘米", "11A02", 4, 109.0130, 34.2760),
        ("燃气管道被挖断", "12P12", 3, 108.9650, 34.3380),
        ("疑似食物中毒", "13B00", 4, 108.8800, 34.1600),
        ("甲醇罐车泄漏, 绕城高速汉城服务区", "12D02", 2, 108.8720, 34.3523),
    ],
    "xian-yanta": [
        ("多车追尾,两车道占用", "12H00", 3, 108.9590, 34.2160),
        ("大唐不夜城人流密集", "12S01", None, 108.9640, 34.2130),
    ],
    "xian-changan": [("山洪冲断便道", "11A51", 2, 108.8300, 34.0200)],
}
REPORT = """([title, type_code, grade, lon, lat]) => import("/static/js/api.js").then((api) =>
  api.post("incidents", { title, type_code, grade, location: { lon, lat, confirmed: true } }))"""

CHANGE = """() => import("/static/js/api.js").then(async (api) => {
  const { items } = await api.get("incidents?realm=real&state=open");
  const { id, rev } = items.find(({ title }) => title.startsWith("燃气管道"));
  await api.patch(`incidents/${id}`, { rev, casualties: { injured: 2, dead: 0 }, trend: "已关阀" });
  await api.post(`incidents/${id}/entries`, { text: "燃气公司到场，已关闭上游阀门" });
})"""

HOURS = """() => [-2, 22].map((hours) =>
  new Date(Date.now() + (hours + 8) * 3600e3).toISOString().slice(0, 14) + "00")"""
CALLS = (
    ("未央区应急局 王值班员", "草滩八路积水约半米，两车被困", "已通知排水集团，已报带班领导"),
    ("市气象台 值班预报员", "未来三小时主城区仍有 20 毫米左右降雨", "已转各区县值班室"),
    ("雁塔区应急局 刘值班员", "询问移动泵车调用手续", "已告知联系市防汛办物资组"),
)


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


def tasks(page: Page) -> None:
    """A plan put in force on the flooded underpass, and its tasks."""
    page.locator(".row", has_text="下穿通道积水").first.click()
    page.click("#tab-tasks")
    page.click("[data-act=activate]")
    form = page.locator(".tasks .ask")
    form.get_by_label("响应级别").select_option(label="Ⅲ级响应")
    form.get_by_label("处置措施").fill("封闭下穿通道，抽排积水，转移受困人员")
    form.get_by_role("button", name="启动").click()
    page.wait_for_selector(".task")
    page.locator(".task").first.get_by_role("button", name="签收").click()
    page.wait_for_timeout(2500)


def rounds(page: Page) -> None:
    """What two districts reported by phone in the first round of that plan."""
    page.locator(".row", has_text="下穿通道积水").first.click()
    page.click("#tab-tasks")
    news = {"蓝田县": "葛牌镇道路中断，已转移 86 户 241 人", "长安区": "", "雁塔区": ""}
    for name, text in news.items():
        page.click("[data-act=round-for]")
        form = page.locator(".round-order .ask")
        form.get_by_label("单位").select_option(label=name)
        form.get_by_label("新情况").fill(text)
        form.locator("button[type=submit]").click()
        form.wait_for(state="detached")
    page.locator(".round-order").evaluate("one => one.scrollIntoView()")
    page.wait_for_timeout(1500)


def reports(page: Page) -> None:
    """A first report that was signed, and a follow-up that waits for its signature."""
    page.locator(".row", has_text="燃气管道被挖断").first.click()
    page.click("#tab-reports")
    _submit(page, "written")
    page.click(".is-waiting [data-act=sign]")
    page.locator(".reports .ask").get_by_role("button", name="签发", exact=True).click()
    page.wait_for_selector("[data-report=written].is-made")
    page.evaluate(CHANGE)
    page.wait_for_timeout(1500)
    _submit(page, "followup")
    page.wait_for_timeout(2500)


def _submit(page: Page, kind: str) -> None:
    page.click(f"[data-draft={kind}]")
    form = page.locator(".reports .ask")
    form.get_by_label("报送单位").fill("市政府总值班室")
    form.get_by_role("button", name="送签").click()
    page.wait_for_selector(".is-waiting .report-text")


def keys(page: Page) -> None:
    """The keyboard help."""
    page.keyboard.press("?")
    page.wait_for_timeout(500)


def duty(page: Page) -> None:
    """A morning of the duty log, one entry of it corrected."""
    for party, summary, handling in CALLS:
        new = page.locator(".duty-new")
        new.get_by_label("对方").fill(party)
        new.get_by_label("内容").fill(summary)
        new.get_by_label("处理情况").fill(handling)
        new.get_by_role("button", name="记录").click()
        page.wait_for_load_state()
    page.locator(".duty-entry", has_text="积水约半米").get_by_role("link", name="更正").click()
    page.get_by_label("内容").fill("草滩八路积水约一米，两车被困，人员已撤出")
    page.get_by_role("button", name="更正").click()
    page.wait_for_load_state()


def roster(page: Page) -> None:
    """Two shifts, the first of which runs, and a third that lacks its leader."""
    for lead, main in (("leader", "duty"), ("leader", "duty2"), ("", "duty")):
        page.get_by_role("link", name="新班次").click()
        if not page.input_value("[name=starts_at]"):
            hours = page.evaluate(HOURS)
            page.fill("[name=starts_at]", hours[0])
            page.fill("[name=ends_at]", hours[1])
        page.select_option("[name=post_lead]", lead)
        page.select_option("[name=post_main]", main)
        page.fill("[name=name_second]", "周工")
        page.fill("[name=phone_second]", "029-86240000")
        page.get_by_role("button", name="保存").click()
        page.wait_for_load_state()


def document(page: Page) -> None:
    """The bulletin of that first report, numbered."""
    page.locator(".row", has_text="燃气管道被挖断").first.click()
    page.click("#tab-reports")
    way = page.locator(".papers a").first.get_attribute("href")
    page.goto(f"{page.url.partition('/?')[0].rstrip('/')}{way}")
    page.get_by_role("button", name="编号并印发").click()
    page.wait_for_load_state()


def roll_call(page: Page) -> None:
    """A roll call that nobody has answered yet."""
    page.get_by_label("附言").fill("汛期抽查")
    page.get_by_role("button", name="点名").click()
    page.wait_for_load_state()
    page.wait_for_timeout(2500)


def why(page: Page) -> None:
    """Why the fire department sees the tanker."""
    page.fill("[name=officer]", "fire")
    page.fill("[name=incident]", "xian-2026-000001")
    page.keyboard.press("Enter")
    page.wait_for_load_state()


SCENES: list[tuple[str, str, str, dict, str, Callable[[Page], None]]] = [
    ("desk", "duty", "/", DESK, "light", nothing),
    ("desk-dark", "duty", "/", DESK, "dark", nothing),
    ("new-incident", "duty", "/", DESK, "light", new_incident),
    ("panel", "duty", "/", DESK, "light", panel),
    ("around", "duty", "/", DESK, "light", around),
    ("tasks", "duty", "/", DESK, "light", tasks),
    ("rounds", "duty", "/", DESK, "light", rounds),
    ("reports", "leader", "/", DESK, "light", reports),
    ("document", "leader", "/", DESK, "light", document),
    ("duty", "duty", "/duty", DESK, "light", duty),
    ("roster", "leader", "/roster", DESK, "light", roster),
    ("roll-calls", "duty", "/roll-calls", DESK, "light", roll_call),
    ("handover", "duty", "/handover", DESK, "light", nothing),
    ("keys", "duty", "/", DESK, "light", keys),
    ("phone", "duty", "/", PHONE, "light", nothing),
    ("officers", "secadmin", "/officers", DESK, "light", nothing),
    ("factor", "secadmin", "/account/factor", DESK, "light", nothing),
    ("why", "secadmin", "/why", DESK, "light", why),
    ("audit", "auditor", "/audit", DESK, "light", nothing),
    ("nodes", "sysadmin", "/nodes", DESK, "light", nothing),
]


class Account:
    """An account of a running node."""

    def __init__(self, var: Path, node: str, user: str):
        told = json.loads((var / node / "credentials.json").read_text())
        self.url, self.user = told["url"], user
        self.password = next(one["password"] for one in told["accounts"] if one["user"] == user)

    def page(self, chromium: Browser, **options: object) -> Page:
        """A page signed in with it."""
        page = chromium.new_context(locale="zh-CN", **options).new_page()
        page.goto(f"{self.url}/sign-in")
        page.fill("[name=username]", self.user)
        page.fill("[name=password]", self.password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda where: "sign-in" not in where)
        page.wait_for_load_state("networkidle")
        return page


def report(chromium: Browser, var: Path) -> None:
    """What the pictures show, where the city has nothing to show yet."""
    city = Account(var, "xian", "duty").page(chromium)
    if city.locator(".row").count():
        return
    city.context.close()
    for node, incidents in [*REPORTED.items()][::-1]:  # the story of the README last
        page = Account(var, node, "duty").page(chromium)
        for incident in incidents:
            page.evaluate(REPORT, list(incident))
        page.context.close()


def drill(chromium: Browser, var: Path) -> None:
    """The console of a drill, the desk of one who plays in it, and its score."""
    account = Account(var, "xian", "office")
    office = account.page(chromium, viewport=DESK, color_scheme="light")
    at = picture_drill.begin(office, account.url)
    picture_drill.play(office, var, at)
    office.screenshot(path=PICTURES / "console.png")
    player = Account(var, "xian-changan", "duty")
    desk = player.page(chromium, viewport=DESK, color_scheme="light")
    desk.goto(f"{player.url}{at.removeprefix(account.url)}/desk")
    desk.wait_for_timeout(5000)
    desk.screenshot(path=PICTURES / "drill-desk.png")
    office.goto(f"{at}/script")
    office.screenshot(path=PICTURES / "script.png")
    evaluator = Account(var, "xian", "health").page(chromium, viewport=PHONE, color_scheme="light")
    picture_drill.judge(evaluator, at)
    evaluator.screenshot(path=PICTURES / "marks.png")
    office.goto(f"{at}/score")
    whole(office, "score")
    picture_drill.finish(office, at)
    office.goto(f"{at}/replay")
    office.wait_for_timeout(5000)
    office.screenshot(path=PICTURES / "replay.png")
    office.goto(f"{at}/report")
    office.wait_for_timeout(1500)
    whole(office, "report")
    print("console, drill-desk, script, marks, score, replay, report")


def whole(page: Page, name: str) -> None:
    """A page to its foot, in a window as high as it is: what is fixed to the window stays right."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size(DESK | {"height": height})
    page.screenshot(path=PICTURES / f"{name}.png")
    page.set_viewport_size(DESK)


def take(chromium: Browser, var: Path, scene: tuple) -> None:
    """One picture."""
    name, user, path, size, scheme, act = scene
    account = Account(var, "xian", user)
    page = account.page(chromium, viewport=size, color_scheme=scheme)
    if path != "/":
        page.goto(account.url + path)
    page.wait_for_timeout(4000)  # the map draws on the processor
    act(page)
    page.screenshot(path=PICTURES / f"{name}.png")
    page.context.close()
    print(name)


def main(var: Path) -> None:
    """Every scene."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
        report(chromium, var)
        for scene in SCENES:
            take(chromium, var, scene)
        drill(chromium, var)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "var"))
