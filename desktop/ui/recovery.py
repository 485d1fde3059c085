"""The first word after a start that follows a crash, or a form that was left unsaved: what happened, and the drafts."""

import logging
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from desktop.system.drafts import Draft, from_plain
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.drafts import DraftList
from desktop.ui.widgets.ask import ask
from desktop.ui.widgets.section import button, labelled, row, scrolled

log = logging.getLogger(__name__)

CRASHED = "上次未正常退出"
LEFT = "有没填完的表单"


def offer(context: Context, was_killed: bool, report: str = "") -> "RecoveryDialog | None":
    """Offer the drafts that wait. `was_killed`: the last run never came to its end; `report` is its hard crash, if any.

    Nothing is shown after a regular end without drafts; after a kill that left no draft, that nothing was lost.
    """
    context.drafts.folder.tidy()
    drafts = context.drafts.waiting()
    if not drafts and not was_killed:
        return None
    dialog = RecoveryDialog(context, was_killed, report, context.window())
    dialog.open()
    return dialog


class RecoveryDialog(QDialog):
    """What happened, what was kept, what to do: 继续填写 opens the form with the draft in it."""

    def __init__(self, context: Context, was_killed: bool, report: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recoveryDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._was_killed = was_killed
        self._report = report
        self.setWindowTitle(CRASHED if was_killed else LEFT)
        self._said = QLabel("", wordWrap=True)
        self._said.setObjectName("recoverySaid")
        self._place = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.setSpacing(theme.size(12))
        column.addWidget(labelled(self.windowTitle(), "title"))
        column.addWidget(self._said)
        column.addLayout(self._place, 1)
        copy = button("复制出错记录", self._on_copy_clicked, name="copyCrash")
        copy.setVisible(bool(report))
        copy.setAutoDefault(False)
        self._leave = button("", self.accept, name="recoveryLater")
        self._leave.setAutoDefault(False)
        column.addLayout(row(copy, 1, self._leave))
        self._show()
        # Without a draft there is nothing to list: only the words, as tall as they are.
        self.resize(theme.size(600), theme.size(420) if self._place.count() else self.sizeHint().height())

    def _show(self) -> None:
        drafts = self._context.drafts.waiting()
        while (item := self._place.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._said.setText(self._words(len(drafts)))
        self._leave.setText("以后再说" if drafts else "知道了")
        self._leave.setToolTip("草稿留着，下次打开程序或打开同一张表时还会问" if drafts else "")
        if drafts:
            told = [(draft, _subject(self._context, draft)) for draft in drafts]
            listed = DraftList(told, self.resume, self._ask_discard)
            self._place.addWidget(scrolled(listed))
            listed.focus_first()

    def _words(self, count: int) -> str:
        happened = "程序上次被强行结束，或者电脑死机、断电。以前保存的记录都在。" if self._was_killed else ""
        if count:
            return f"{happened}正在填写的内容已恢复 {count} 份草稿，可以接着填；不保存就不会记入。"
        return f"{happened}没有填到一半的表单。"

    def resume(self, draft: Draft) -> None:
        """Open the form with the draft in it; where that is not possible any more, say why and keep the draft."""
        context = self._context
        wanted = {key: from_plain(value) for key, value in draft.wanted.items()}
        self.accept()
        try:
            opened = context.open_form(draft.form, **wanted)
        except Exception as error:  # noqa: BLE001 — the record may be gone in any way; the draft stays, and it is said
            log.warning("the form of a draft cannot be opened: %s %s", draft.form, type(error).__name__)
            opened = None
        keeper = context.drafts.keeper_of(opened) if opened is not None else None
        if keeper is None:
            context.toast("这份草稿对应的记录已经办结或不在了，草稿先留着", False)
            return
        keeper.restore(draft)

    def _ask_discard(self, draft: Draft) -> None:
        ask(
            self,
            "不要这份草稿？",
            f"“{draft.title}”里没有保存的内容会删除，不能恢复。",
            "不要了",
            partial(self._discard, draft),
            "先留着",
            is_danger=True,
        )

    def _discard(self, draft: Draft) -> None:
        self._context.drafts.discard(draft)
        if self._context.drafts.waiting():
            self._show()
        else:
            self.accept()

    @Slot()
    def _on_copy_clicked(self) -> None:
        from PySide6.QtGui import QGuiApplication

        QGuiApplication.clipboard().setText(self._report)
        self._context.toast("已复制出错记录，里面没有企业和个人信息", False)


def _subject(context: Context, draft: Draft) -> str:
    """Whom the form was about, read from the records: a draft itself keeps nothing but what was typed."""
    services, wanted = context.services, draft.wanted
    first = {
        key.removesuffix("s"): value[0] if isinstance(value, list) else value for key, value in wanted.items() if value
    }
    try:
        if "enterprise_id" in first:
            return services.roster.rows([first["enterprise_id"]])[0].name
        if "hazard_id" in first:
            return services.hazards.rows([first["hazard_id"]])[0].enterprise
        if "inspection_id" in first:
            return services.inspections.rows([first["inspection_id"]])[0].enterprise
        if "order_id" in first:
            return services.orders.row(first["order_id"]).number
    except Exception:  # noqa: BLE001 — a record undone or restored away is no reason to hide the draft
        log.info("the record of a draft is gone: %s", draft.form)
    return ""
