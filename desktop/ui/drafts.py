"""The drafts of open forms: kept while one types, offered when the form is opened again, gone once saved or given up.

Every form takes part by being opened through `Context.open_form`; a form itself knows nothing of it. What is typed is
on the disk at most a second and the time of one small write later.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import text
from desktop.system.drafts import Draft, DraftFolder, Plain, new_id, plain
from desktop.ui import theme
from desktop.ui.widgets.ask import ask
from desktop.ui.widgets.form import FormDialog, FormPanel
from desktop.ui.widgets.section import button, clear, labelled, row

log = logging.getLogger(__name__)

AGAIN_AFTER_MS = 1000
"""How soon a draft that the disk refused is written again."""
SHOWN_FIELDS = 6
SHOWN_WORDS = 40
EMPTY = "（空）"
NOT_KEPT = "草稿存不下，请尽快保存（磁盘可能已满或不能写入）"


class DraftDesk:
    """The drafts of one township: those on the disk, and the forms that write them now."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = datetime.now) -> None:
        self.folder = DraftFolder(folder)
        self.now = now
        self._keepers: list[Keeper] = []

    def attend(self, dialog: QDialog, name: str, wanted: Mapping[str, object]) -> "Keeper | None":
        """Keep what is typed into this form, and offer what was typed into it before; None where nothing is typed."""
        if not isinstance(dialog, FormDialog):
            return None
        keeper = Keeper(self, dialog, name, _plain_part(wanted))
        self._keepers.append(keeper)
        dialog.destroyed.connect(partial(self._forget, keeper))
        keeper.offer()
        return keeper

    def _forget(self, keeper: "Keeper", *_told: object) -> None:
        if keeper in self._keepers:
            self._keepers.remove(keeper)

    def waiting(self) -> list[Draft]:
        """The drafts that no open form is writing, the newest first."""
        live = {keeper.id for keeper in self._keepers}
        return [draft for draft in self.folder.all() if draft.id not in live]

    def of_form(self, name: str, wanted: Mapping[str, Plain]) -> list[Draft]:
        """Those among them of one form, opened for the same thing."""
        return [draft for draft in self.waiting() if (draft.form, draft.wanted) == (name, wanted)]

    def keeper_of(self, dialog: QDialog) -> "Keeper | None":
        """Who keeps the drafts of an open form."""
        return next((keeper for keeper in self._keepers if keeper.dialog is dialog), None)

    def save_all(self) -> int:
        """Write every draft now: something went wrong. Answers how many are on the disk."""
        return sum(_saved(keeper) for keeper in tuple(self._keepers))

    def discard(self, draft: Draft) -> None:
        """Throw a draft away because somebody said so."""
        try:
            self.folder.drop(draft.id)
        except OSError as error:
            log.warning("a draft cannot be thrown away: %s", type(error).__name__)


def _saved(keeper: "Keeper") -> bool:
    try:
        return keeper.save()
    except Exception:  # a form that cannot say what it holds must not cost the others their drafts
        log.exception("a draft cannot be made")
        return False


def _plain_part(wanted: Mapping[str, object]) -> dict[str, Plain]:
    """What a later start can open the form with; the window it hung over and whom it answers it cannot."""
    kept: dict[str, Plain] = {}
    for key, value in wanted.items():
        try:
            kept[key] = plain(value)
        except TypeError:
            continue
    return kept


class Keeper(QObject):
    """Writes the draft of one open form and offers an older one."""

    def __init__(self, desk: DraftDesk, dialog: FormDialog, name: str, wanted: Mapping[str, Plain]) -> None:
        super().__init__(dialog)
        self.id = new_id()
        self.dialog = dialog
        self.form: FormPanel = dialog.form
        self.name = name
        self.wanted = wanted
        self._desk = desk
        self._base = self.form.typed()
        self._kept: dict[str, Plain] = {}
        self._note = labelled("", "quiet")
        self._note.setObjectName("draftNote")
        self.form.foot.insertWidget(0, self._note)
        self.strip = OfferStrip()
        layout = dialog.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(1, self.strip)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_AFTER_MS)
        self._again.timeout.connect(self.save)
        self.form.drafted.connect(self._on_drafted)
        self.form.settled.connect(self._on_settled)

    # ---- keeping

    def changes(self) -> dict[str, Plain]:
        """The fields that differ from what the form was opened with."""
        return {key: typed for key, typed in self.form.typed().items() if typed != self._base[key]}

    @Slot()
    def save(self) -> bool:
        """Write the draft now, if there is anything to keep; whether one is on the disk."""
        changes = self.changes()
        if changes == self._kept:
            return bool(changes)
        try:
            self._write(changes)
        except OSError as error:
            log.warning("a draft cannot be kept: %s", type(error).__name__)
            self._note.setText(NOT_KEPT)
            theme.set_role(self._note, "error")
            self._again.start()
            return False
        self._kept = changes
        return bool(changes)

    def _write(self, changes: dict[str, Plain]) -> None:
        theme.set_role(self._note, "quiet")
        if not changes:
            self._desk.folder.drop(self.id)
            self._note.setText("")
            return
        now = self._desk.now()
        said = tuple((self.form.label(key), self._told(key, typed)) for key, typed in changes.items())
        draft = Draft(self.id, self.name, self.wanted, self.dialog.windowTitle(), now, changes, said)
        self._desk.folder.keep(draft)
        self._note.setText(f"草稿 {now:%H:%M:%S}")
        self._note.setToolTip("填写的内容随时留有草稿，断电、死机后可以接着填；点“保存”才正式记入。")

    def _told(self, key: str, typed: Plain) -> str:
        return self.form.field(key).told(typed).strip()

    @Slot(object)
    def _on_drafted(self, _typed: object) -> None:
        self.save()

    @Slot()
    def _on_settled(self) -> None:
        """Saved or given up: the draft goes."""
        self._again.stop()
        self._base = self.form.typed()
        self._kept = {}
        self._note.setText("")
        try:
            self._desk.folder.drop(self.id)
        except OSError as error:
            log.warning("a draft cannot be thrown away: %s", type(error).__name__)

    # ---- offering

    def offer(self) -> None:
        """Show the newest draft of this form that nobody answered for yet; one that says nothing new goes at once."""
        for draft in self._desk.of_form(self.name, self.wanted):
            if differing := self._differing(draft):
                self.strip.show_draft(draft, differing, self.restore, self._ask_discard)
                self._make_room()
                return
            self._desk.discard(draft)
        self.strip.hide()

    def _make_room(self) -> None:
        """A small form keeps its fields in sight below the offer; a dialog fits itself to the screen when it is shown."""
        if not self.dialog.isVisible():
            self.dialog.resize(self.dialog.width(), self.dialog.height() + self.strip.sizeHint().height())

    def _differing(self, draft: Draft) -> list[tuple[str, str, str]]:
        """Label, words now and words in the draft of each field that differs; fields this form no longer has are not."""
        now = self.form.typed()
        found = []
        for key, typed in draft.fields.items():
            if key in now and now[key] != typed:
                found.append((self.form.label(key), self._told(key, now[key]), self._told(key, typed)))
        return found

    def restore(self, draft: Draft) -> None:
        """Type the draft again. Its old file goes when the new one is on the disk."""
        self.form.retype(draft.fields)
        if self.save():
            self._desk.discard(draft)
        self.offer()
        self.form.focus_first()

    def _ask_discard(self, draft: Draft) -> None:
        ask(
            self.dialog,
            "不要这份草稿？",
            f"{text.moment(draft.saved_at)} 填写的内容会删除，不能恢复。",
            "不要了",
            partial(self._discard, draft),
            "先留着",
            is_danger=True,
        )

    def _discard(self, draft: Draft) -> None:
        self._desk.discard(draft)
        self.offer()


class OfferStrip(QFrame):
    """Above a form: there is a draft of it, what in it differs from what is shown, and what to do with it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("draftOffer")
        theme.set_role(self, "banner")
        self._title = QLabel("", wordWrap=True)
        self._title.setObjectName("draftOfferTitle")
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(theme.size(12))
        self._rows.setVerticalSpacing(theme.size(2))
        self._rows.setColumnStretch(2, 1)
        self._answers = row(spacing=theme.GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.size(n) for n in (12, 8, 12, 8)))
        column.setSpacing(theme.size(6))
        column.addWidget(self._title)
        column.addLayout(self._rows)
        column.addLayout(self._answers)
        self.hide()

    def show_draft(
        self,
        draft: Draft,
        differing: list[tuple[str, str, str]],
        restore: Callable[[Draft], object],
        discard: Callable[[Draft], object],
    ) -> None:
        """Offer this one."""
        self._title.setText(f"{text.moment(draft.saved_at)} 填过没有保存，与现在不同的有 {len(differing)} 处：")
        clear(self._rows)
        for place, (label, now, then) in enumerate(differing[:SHOWN_FIELDS]):
            self._rows.addWidget(labelled(label or "　", "label"), place, 0)
            self._rows.addWidget(labelled(_short(now), "quiet"), place, 1)
            self._rows.addWidget(labelled(f"→ {_short(then)}"), place, 2)
        if len(differing) > SHOWN_FIELDS:
            more = labelled(f"还有 {len(differing) - SHOWN_FIELDS} 处", "quiet")
            self._rows.addWidget(more, SHOWN_FIELDS, 0, 1, 3)
        clear(self._answers)
        take = button("恢复草稿", partial(_call, restore, draft), "primary", name="takeDraft")
        drop = button("不要了", partial(_call, discard, draft), name="dropDraft")
        for push in (take, drop):
            push.setAutoDefault(False)
            self._answers.addWidget(push)
        self._answers.addStretch(1)
        self.show()


def _call(act: Callable[[Draft], object], draft: Draft, _is_checked: bool = False) -> None:
    act(draft)


def _short(words: str) -> str:
    """In one line."""
    flat = " ".join(words.split()) or EMPTY
    return flat if len(flat) <= SHOWN_WORDS else f"{flat[:SHOWN_WORDS]}…"


class DraftList(QWidget):
    """Drafts under one another, each with what it holds, to go on with or to throw away."""

    def __init__(
        self,
        drafts: list[tuple[Draft, str]],
        resume: Callable[[Draft], Any],
        discard: Callable[[Draft], Any],
    ) -> None:
        """Each draft comes with whom it is about, where that is known."""
        super().__init__()
        self.setObjectName("draftList")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.size(theme.GAP))
        for number, (draft, subject) in enumerate(drafts):
            self._column.addWidget(_card(draft, subject, resume, discard, is_first=not number))
        self._column.addStretch(1)

    def focus_first(self) -> None:
        """Enter goes on with the newest."""
        first = self.findChild(QPushButton, "resumeDraft")
        if first is not None:
            first.setFocus()


def _card(
    draft: Draft, subject: str, resume: Callable[[Draft], Any], discard: Callable[[Draft], Any], is_first: bool
) -> QFrame:
    card = QFrame()
    card.setObjectName(f"draft_{draft.form}")
    theme.set_role(card, "field")
    told = "；".join(f"{label} {_short(words)}".strip("。；　 ") for label, words in draft.said[:SHOWN_FIELDS])
    said = labelled(told, "quiet")
    said.setWordWrap(True)
    go_on = button("继续填写", partial(_call, resume, draft), "primary" if is_first else "", name="resumeDraft")
    go_on.setDefault(is_first)
    drop = button("不要了", partial(_call, discard, draft), "flat", name="discardDraft")
    title = f"{draft.title}：{subject}" if subject and subject not in draft.title else draft.title
    head = row(labelled(title), 1, drop, go_on)
    column = QVBoxLayout(card)
    column.setContentsMargins(*(theme.size(n) for n in (12, 8, 12, 8)))
    column.setSpacing(theme.size(4))
    column.addLayout(head)
    column.addWidget(labelled(text.moment(draft.saved_at), "quiet"))
    column.addWidget(said)
    return card
