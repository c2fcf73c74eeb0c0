"""The columns of a script in a spreadsheet.

Owns: their order, and their headings in both languages, which are the same whoever reads. Promises:
a heading is known in either. Must not know: how a cell is read (sheet.py).
"""

INJECTS, EXPECTED = ("情景事件", "Injects"), ("预期行动", "Expected")
OF_INJECT = {
    "number": ("编号", "No."),
    "minutes": ("时刻（分）", "Minute"),
    "phase": ("阶段", "Phase"),
    "channel": ("渠道", "Channel"),
    "sender": ("发送人", "From"),
    "recipients": ("接收单位", "To"),
    "content": ("内容", "Content"),
    "place": ("地点", "Place"),
    "late": ("过时处置", "If late"),
    "optional": ("备选", "Optional"),
    "type_code": ("真实类别", "True class"),
    "grade": ("真实等级", "True grade"),
    "level": ("真实响应级别", "True level"),
    "position": ("真实位置", "True position"),
    "dead": ("真实死亡", "True dead"),
    "injured": ("真实受伤", "True injured"),
    "missing": ("真实失踪", "True missing"),
    "trapped": ("真实被困", "True trapped"),
    "share_with": ("应通报单位", "To be informed"),
}
OF_EXPECTED = {
    "number": ("编号", "No."),
    "metric": ("指标", "Metric"),
    "organisation": ("单位", "Organisation"),
    "target": ("目标", "Target"),
    "limit": ("限值", "Limit"),
    "weight": ("权重", "Weight"),
    "note": ("说明", "Note"),
}
NEEDED = {
    "number", "minutes", "channel", "sender", "recipients", "content",
    "metric", "organisation", "target", "limit", "weight",
}  # fmt: skip
WORDS = {
    "channel": {
        "phone": ("电话", "Telephone"),
        "platform": ("平台", "Platform"),
        "sms": ("短信", "Text message"),
        "fax": ("传真", "Fax"),
        "opinion": ("网络舆情", "Public opinion"),
    },
    "late": {
        "send": ("立即发出", "send at once"),
        "skip": ("跳过", "leave out"),
        "ask": ("询问导调", "ask the controller"),
    },
    "grade": {1: ("Ⅰ", "I"), 2: ("Ⅱ", "II"), 3: ("Ⅲ", "III"), 4: ("Ⅳ", "IV")},
    "optional": {1: ("是", "yes"), 0: ("否", "no")},
}
