"""Acts on a selection: which lines an act refuses and why, before anything is done; the others only if the clerk agrees."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.errors import Refused
from desktop.services.hazards import Fitness, HazardAct, HazardRow
from desktop.ui import theme
from desktop.ui.acts.lists import wrapped
from desktop.ui.context import Context
from desktop.ui.hazards.columns import status_pill
from desktop.ui.widgets.pills import PillLabel
from desktop.ui.widgets.section import button, labelled, row, scrolled

SHOWN = 200
"""More lines than this are counted; nobody reads them one by one."""


class RefusalDialog(QDialog):
    """The refused lines with their reasons. Nothing was done yet."""

    def __init__(
        self, parent: QWidget | None, words: str, fitness: Fitness, on_rest: Callable[[list[int]], object]
    ) -> None:
        super().__init__(parent)
        self.setObjectName("refusalDialog")
        self.setWindowTitle(words)
        fit = list(fitness.fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.setSpacing(theme.size(12))
        column.addWidget(labelled(f"{len(fitness.refused)} 条不能{words}", "section"))
        told = "还没有办理任何一条。" + (f"其余 {len(fit)} 条可以办理。" if fit else "选中的都不能这样办理。")
        column.addWidget(wrapped(told, "quiet"))
        column.addWidget(scrolled(_lines(fitness.refused)), 1)
        no = button("取消" if fit else "知道了", self.reject, "" if fit else "primary", name="refusalNo")
        buttons: list[QWidget | int] = [1, no]
        if fit:
            yes = button(f"只办其余 {len(fit)} 条", self.accept, "primary", name="refusalRest")
            yes.setDefault(True)
            buttons.append(yes)
            self.accepted.connect(lambda: on_rest(fit))
        column.addLayout(row(*buttons))
        self.resize(theme.size(620), theme.size(min(180 + 70 * len(fitness.refused), 560)))


def _lines(refused: Sequence[tuple[HazardRow, Refused]]) -> QWidget:
    whole = QWidget()
    box = QVBoxLayout(whole)
    box.setContentsMargins(0, 0, theme.size(theme.GAP), 0)
    box.setSpacing(theme.size(10))
    for hazard, error in refused[:SHOWN]:
        box.addWidget(_line(hazard, text.sentence(error)))
    if len(refused) > SHOWN:
        box.addWidget(labelled(f"另有 {len(refused) - SHOWN} 条", "quiet"))
    box.addStretch(1)
    return whole


def _line(hazard: HazardRow, why: str) -> QWidget:
    whole = QWidget()
    whole.setObjectName(f"refused_{hazard.id}")
    said = QVBoxLayout()
    said.setSpacing(0)
    said.addWidget(wrapped(f"{hazard.enterprise}　{hazard.description}"))
    said.addWidget(wrapped(why, "quiet"))
    line = row(PillLabel(status_pill(hazard.status)))
    line.addLayout(said, 1)
    line.setContentsMargins(0, 0, 0, 0)
    whole.setLayout(line)
    return whole


def with_the_fit(
    context: Context, act: HazardAct, words: str, ids: Sequence[int], go: Callable[[list[int]], object]
) -> None:
    """Go on with all of them, or show which are refused and go on with the others when the clerk says so."""
    fitness = context.services.hazards.fitness(act, ids)
    if fitness.refused:
        RefusalDialog(context.window(), words, fitness, go).open()
    else:
        go(list(fitness.fit))
