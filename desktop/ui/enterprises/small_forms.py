"""The small forms of an enterprise: another name, tags and risk attributes of one or many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.context import Context
from desktop.ui.enterprises.pickers import attribute_field, tag_field
from desktop.ui.widgets.fields import ChoiceField, Option, ShownField, TextField
from desktop.ui.widgets.form import Values

TAKEN_OFF = "（去掉这一项）"


@dataclass(frozen=True, slots=True)
class NewName:
    """Another name, borne from a day."""

    name: str
    on: date


class RenameDialog(ActDialog[NewName]):
    """The licence has another name; the old one stays findable."""

    DONE: ClassVar[str] = "已更名，原名仍可查到"

    def __init__(self, context: Context, enterprise_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "renameForm", "企业更名", "更名", parent, (560, 360))
        self._id = enterprise_id
        former = context.services.roster.rows([enterprise_id])[0].name
        self.form.add("former", "现在的名称", ShownField())
        self.form.add("name", "新名称", TextField("与新的营业执照一致"), required=True)
        self.form.add("on", "更名日期", date_field(context), required=True)
        self.finish({"former": former, "name": former, "on": context.services.clock.today()})

    def draft(self, values: Values) -> NewName:
        """The name and its day."""
        return NewName(words_of(values, "name"), cast(date, values["on"]))

    def perform(self, draft: NewName) -> object:
        """Rename."""
        self.services.enterprises.rename(self._id, draft.name, draft.on)
        return self._id


@dataclass(frozen=True, slots=True)
class TagChange:
    """Tags to put on and to take off."""

    add: frozenset[str]
    remove: frozenset[str]


class TagsDialog(ActDialog[TagChange]):
    """Puts tags on enterprises, or takes them off."""

    FIELDS: ClassVar[dict[str, str]] = {"tags": "add"}

    def __init__(self, context: Context, ids: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(context, "tagsForm", f"设置标签：{len(ids)} 家企业", "设置标签", parent, (560, 340))
        self._ids = list(ids)
        catalogue = context.services.catalogue
        worn = {tag for row in context.services.roster.rows(self._ids) for tag in row.tags}
        self.form.add("add", "加上", tag_field(catalogue))
        remove = tag_field(catalogue, takes_new=False)
        self.form.add("remove", "去掉", remove, note=f"所选企业现有标签：{'、'.join(sorted(worn)) or '无'}")
        self.finish({})

    def draft(self, values: Values) -> TagChange:
        """Which on, which off."""
        add, remove = (
            frozenset(str(tag) for tag in cast("tuple[object, ...]", values[key])) for key in ("add", "remove")
        )
        return TagChange(add, remove)

    def perform(self, draft: TagChange) -> object:
        """Set them on all."""
        self.services.enterprises.set_tags(self._ids, draft.add, draft.remove)
        return self._ids

    def done_words(self, _draft: TagChange) -> str:
        """With how many."""
        return f"已设置 {len(self._ids)} 家企业的标签"


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """An attribute and its answer; none takes it off."""

    attribute: str
    value: str


class AttributesDialog(ActDialog[AttributeChange]):
    """Answers one risk attribute for all enterprises chosen."""

    def __init__(self, context: Context, ids: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(context, "attributesForm", f"设置风险属性：{len(ids)} 家企业", "设置", parent, (560, 340))
        self._ids = list(ids)
        self._known = context.services.catalogue.attributes
        self._attribute = attribute_field(context.services.catalogue)
        self.form.add("attribute", "风险属性", self._attribute, required=True)
        self._choice = ChoiceField(())
        self.form.add("choice", "填写为", self._choice, required=True)
        self.form.add("words", "填写为", TextField("留空就去掉这一项"))
        self.finish({})
        self._attribute.changed.connect(self._on_attribute_changed)
        self._on_attribute_changed()

    @Slot()
    def _on_attribute_changed(self) -> None:
        known = self._known.get(str(self._attribute.value()))
        is_closed = known is not None and known.is_closed
        values = known.values if known is not None and is_closed else ()
        self._choice.set_options([*(Option(value, value) for value in values), Option("-", TAKEN_OFF)])
        self.form.show_field("choice", is_closed)
        self.form.show_field("words", known is not None and not is_closed)

    def draft(self, values: Values) -> AttributeChange:
        """Which attribute, which answer."""
        name = str(values["attribute"])
        known = self._known[name]
        answer = words_of(values, "choice").replace("-", "") if known.is_closed else words_of(values, "words")
        return AttributeChange(name, answer)

    def perform(self, draft: AttributeChange) -> object:
        """Set it on all."""
        self.services.enterprises.set_attributes(self._ids, {draft.attribute: draft.value})
        return self._ids

    def done_words(self, draft: AttributeChange) -> str:
        """Which one, on how many."""
        return f"已设置 {len(self._ids)} 家企业的“{self._known[draft.attribute].label}”"


def open_rename(context: Context, enterprise_id: int, parent: QWidget | None = None) -> QDialog:
    """Another name for an enterprise."""
    return RenameDialog(context, enterprise_id, parent)


def open_tags(context: Context, enterprise_ids: Sequence[int], parent: QWidget | None = None) -> QDialog:
    """Tags of one or many."""
    return TagsDialog(context, enterprise_ids, parent)


def open_attributes(context: Context, enterprise_ids: Sequence[int], parent: QWidget | None = None) -> QDialog:
    """A risk attribute of one or many."""
    return AttributesDialog(context, enterprise_ids, parent)
