"""What the office does, one module a noun. `Services` holds all of them, each built when it is first asked for.

Modules are imported on first use: the window opens before reports, imports and backups are even read from disk.
"""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.glance import Glance
    from db.store import Store
    from desktop.domain.deadline import RuleBook
    from desktop.services.agenda import Agenda
    from desktop.services.backups import Backups
    from desktop.services.cases import Cases
    from desktop.services.catalogue import Catalogue
    from desktop.services.checklists import Checklists
    from desktop.services.clock import Clock
    from desktop.services.data_check import DataCheck
    from desktop.services.deliveries import Deliveries
    from desktop.services.document_list import DocumentList
    from desktop.services.duty_trail import DutyTrails
    from desktop.services.enterprises import Enterprises
    from desktop.services.field_packs import FieldPacks
    from desktop.services.figures import Figures
    from desktop.services.form_files import FormFiles
    from desktop.services.form_fonts import FormFonts
    from desktop.services.form_numbers import FormNumbers
    from desktop.services.forms import Forms
    from desktop.services.hazards import Hazards
    from desktop.services.imports import Imports
    from desktop.services.inspections import Inspections
    from desktop.services.journal import Journal
    from desktop.services.ledgers import Ledgers
    from desktop.services.measures import Measures
    from desktop.services.obligations import Obligations
    from desktop.services.office import Offices
    from desktop.services.officers import Officers
    from desktop.services.orders import Orders
    from desktop.services.permits import Permits
    from desktop.services.photos import Photos
    from desktop.services.phrases import Phrases
    from desktop.services.plans import Plans
    from desktop.services.radar import Radar
    from desktop.services.reinspections import Reinspections
    from desktop.services.reminders import Reminders
    from desktop.services.reporting import Reporting
    from desktop.services.revisits import Revisits
    from desktop.services.roster import Roster
    from desktop.services.sample import Sample
    from desktop.services.supervisions import Supervisions
    from desktop.services.upgrade import Upgrades
    from desktop.services.urgings import Urgings
    from desktop.services.views import SavedViews
    from desktop.services.work_calendar import WorkCalendars
    from desktop.services.workbench import Workbench


class Services:
    """Every service over one open office."""

    def __init__(self, store: "Store", folder: Path, clock: "Clock") -> None:
        self.glance = store.glance
        self.folder = folder
        self.clock = clock
        self._open: Callable[[], Store] = lambda: store
        self._person = store.person
        self._waiting: list[Callable[[Store], object]] = []

    @classmethod
    def late(
        cls, glance: "Glance", open_store: "Callable[[], Store]", folder: Path, person: str, clock: "Clock"
    ) -> "Services":
        """Services whose store is opened when it is first asked for; until then only lists can be read, at a glance."""
        made = cls.__new__(cls)
        made.glance, made.folder, made.clock = glance, folder, clock
        made._open, made._person, made._waiting = open_store, person, []
        return made

    @cached_property
    def store(self) -> "Store":
        """The one door to the data; whoever waited for it is told."""
        store = self._open()
        self.__dict__["store"] = store  # listeners may ask for services that ask for the store
        for listener in self._waiting:
            listener(store)
        self._waiting.clear()
        return store

    @property
    def person(self) -> str:
        """Who works here now."""
        return self.store.person if self.is_store_open else self._person

    @property
    def is_store_open(self) -> bool:
        """Whether somebody has asked for the store by now."""
        return "store" in self.__dict__

    def when_open(self, listener: "Callable[[Store], object]") -> None:
        """Tell `listener` the store: as soon as it is opened, or now."""
        if self.is_store_open:
            listener(self.store)
        else:
            self._waiting.append(listener)

    @cached_property
    def rules(self) -> "RuleBook":
        """The rules as they stood when the office was opened, with its own confirmations on top."""
        from desktop.services.rule_confirmations import RuleConfirmations
        from desktop.services.rules import rule_book

        return rule_book().with_changes(RuleConfirmations(self.store, self.clock).changes())

    @cached_property
    def catalogue(self) -> "Catalogue":
        """Sectors, attributes, grades, classes."""
        from desktop.services.catalogue import Catalogue

        return Catalogue(self.glance)

    @cached_property
    def calendars(self) -> "WorkCalendars":
        """The office's work calendar."""
        from desktop.services.work_calendar import WorkCalendars

        return WorkCalendars(self.store, self.clock, self.rules)

    @cached_property
    def obligations(self) -> "Obligations":
        """What is due."""
        from desktop.services.obligations import Obligations

        return Obligations(self.store, self.clock, self.rules, lambda: self.calendars.calendar())

    @cached_property
    def offices(self) -> "Offices":
        """The office itself."""
        from desktop.services.office import Offices

        return Offices(self.store, self.clock, self.obligations)

    @cached_property
    def officers(self) -> "Officers":
        """Officers and experts."""
        from desktop.services.officers import Officers

        return Officers(self.store, self.clock, self.obligations)

    @cached_property
    def permits(self) -> "Permits":
        """Permits and certificates of enterprises."""
        from desktop.services.permits import Permits

        return Permits(self.store, self.clock, self.catalogue, self.obligations)

    @cached_property
    def roster(self) -> "Roster":
        """The lists of the roster."""
        from desktop.services.roster import Roster

        return Roster(self.glance, self.clock, self.catalogue)

    @cached_property
    def enterprises(self) -> "Enterprises":
        """The records of the roster."""
        from desktop.services.enterprises import Enterprises
        from desktop.services.rules import key_targets

        return Enterprises(
            self.store,
            self.clock,
            self.roster,
            self.catalogue,
            self.obligations,
            self.permits,
            self.rules,
            key_targets(),
        )

    @cached_property
    def plans(self) -> "Plans":
        """The annual plan."""
        from desktop.services.plans import Plans

        return Plans(self.store, self.clock, self.obligations)

    @cached_property
    def hazards(self) -> "Hazards":
        """Hazards and their extensions."""
        from desktop.services.hazards import Hazards

        return Hazards(self.store, self.clock, self.obligations)

    @cached_property
    def inspections(self) -> "Inspections":
        """Inspections."""
        from desktop.services.inspections import Inspections

        return Inspections(self.store, self.clock, self.rules, self.obligations, self.hazards, self.form_numbers.note)

    @cached_property
    def checklists(self) -> "Checklists":
        """What is asked on a visit."""
        from desktop.services.checklists import Checklists

        return Checklists(self.store, self.clock, self.catalogue, self.obligations, self.hazards, self.inspections)

    @cached_property
    def phrases(self) -> "Phrases":
        """Words written again and again."""
        from desktop.services.phrases import Phrases

        return Phrases(self.store, self.clock)

    @cached_property
    def orders(self) -> "Orders":
        """Rectification orders."""
        from desktop.services.orders import Orders

        return Orders(self.store, self.clock, self.obligations, self.form_numbers, self.offices.mode_on)

    @cached_property
    def reinspections(self) -> "Reinspections":
        """Re-inspections."""
        from desktop.services.reinspections import Reinspections

        return Reinspections(
            self.store, self.clock, self.rules, self.obligations, self.hazards, self.orders, self.form_numbers.note
        )

    @cached_property
    def urgings(self) -> "Urgings":
        """Urging and its log."""
        from desktop.services.urgings import Urgings

        return Urgings(self.store, self.clock, self.hazards, self.offices)

    @cached_property
    def supervisions(self) -> "Supervisions":
        """Supervised major hazards."""
        from desktop.services.supervisions import Supervisions

        return Supervisions(self.store, self.clock, self.obligations, self.hazards)

    @cached_property
    def revisits(self) -> "Revisits":
        """Revisits."""
        from desktop.services.revisits import Revisits

        return Revisits(self.store, self.clock, self.obligations)

    @cached_property
    def agenda(self) -> "Agenda":
        """What lies on which day."""
        from desktop.services.agenda import Agenda

        return Agenda(
            self.store,
            self.clock,
            self.plans,
            self.inspections,
            self.obligations,
            lambda: self.calendars.calendar(),
        )

    @cached_property
    def workbench(self) -> "Workbench":
        """The lines of the workbench."""
        from desktop.services.workbench import Workbench

        return Workbench(self.clock, self.obligations)

    @cached_property
    def reminders(self) -> "Reminders":
        """What to remind of, and what was put off."""
        from desktop.services.reminders import Reminders

        return Reminders(self.folder, self.clock, self.obligations)

    @cached_property
    def cases(self) -> "Cases":
        """Penalty cases as records."""
        from desktop.services.cases import Cases

        return Cases(self.store, self.clock)

    @cached_property
    def form_numbers(self) -> "FormNumbers":
        """The book of numbers, of papers and orders."""
        from desktop.services.form_numbers import FormNumbers

        return FormNumbers(self.store, self.clock, self.offices)

    @cached_property
    def deliveries(self) -> "Deliveries":
        """Service of papers."""
        from desktop.services.deliveries import Deliveries

        return Deliveries(self.store, self.clock, self.rules, self.obligations, self.orders)

    @cached_property
    def forms(self) -> "Forms":
        """Official documents."""
        from desktop.services.forms import Forms

        return Forms(
            self.store,
            self.clock,
            self.offices,
            lambda sha256: self.photos.for_paper(sha256),
            fonts=self.form_fonts,
        )

    @cached_property
    def form_fonts(self) -> "FormFonts":
        """The fonts of official documents: on Windows those of the machine."""
        from desktop.services.form_fonts import FormFonts
        from desktop.system.font_folders import font_folders

        return FormFonts(self.offices, font_folders())

    @cached_property
    def photos(self) -> "Photos":
        """Photos and scans."""
        from desktop.services.photos import Photos

        return Photos(self.store, self.folder, self.clock)

    @cached_property
    def documents(self) -> "DocumentList":
        """The lists of official documents."""
        from desktop.services.document_list import DocumentList

        return DocumentList(self.glance)

    @cached_property
    def form_files(self) -> "FormFiles":
        """Documents as files, and their signed scans."""
        from db.attachments import Attachments
        from desktop.services.form_files import FormFiles
        from desktop.system.folders import OfficeFolder

        kept = Attachments(OfficeFolder(self.folder).attachments)
        return FormFiles(self.store, self.clock, self.forms, self.documents, kept)

    @cached_property
    def figures(self) -> "Figures":
        """The figures of the workbench."""
        from desktop.services.figures import Figures

        return Figures(self.store, self.clock, self.rules)

    @cached_property
    def views(self) -> "SavedViews":
        """Saved views of the pages."""
        from desktop.services.views import SavedViews

        return SavedViews(self.glance, lambda: self.store)

    @cached_property
    def imports(self) -> "Imports":
        """Ledgers taken in."""
        from desktop.services.imports import Imports

        return Imports(self)

    @cached_property
    def reporting(self) -> "Reporting":
        """The year-end package."""
        from desktop.services.reporting import Reporting

        return Reporting(self.store, self.clock)

    @cached_property
    def backups(self) -> "Backups":
        """Backups and restores."""
        from desktop.services.backups import Backups

        return Backups(self.store, self.folder, self.clock)

    @cached_property
    def upgrades(self) -> "Upgrades":
        """A newer version brought on a stick."""
        from desktop import __version__
        from desktop.services.upgrade import Upgrades
        from desktop.system.folders import home
        from desktop.system.installation import WindowsLauncher

        return Upgrades(__version__, home().path / "upgrade", WindowsLauncher())

    @cached_property
    def data_check(self) -> "DataCheck":
        """The data check-up."""
        from desktop.services.data_check import DataCheck

        return DataCheck(self.store, self.folder)

    @cached_property
    def journal(self) -> "Journal":
        """The acts that were done."""
        from desktop.services.journal import Journal

        return Journal(self.store)

    @cached_property
    def measures(self) -> "Measures":
        """The own plans of enterprises."""
        from desktop.services.measures import Measures

        return Measures(self.store, self.clock, self.obligations)

    @cached_property
    def radar(self) -> "Radar":
        """What keeps coming back."""
        from desktop.services.radar import Radar

        return Radar(self.store, self.clock, self.catalogue, self.inspections, self.forms)

    @cached_property
    def trails(self) -> "DutyTrails":
        """The trail of what was done about an enterprise."""
        from desktop.services.duty_trail import DutyTrails

        return DutyTrails(self.store, self.clock)

    @cached_property
    def ledgers(self) -> "Ledgers":
        """Ledgers of any period, for sheets."""
        from desktop.services.ledgers import Ledgers

        return Ledgers(self)

    @cached_property
    def field_packs(self) -> "FieldPacks":
        """Field packs and what comes back from them."""
        from db.attachments import Attachments
        from desktop.services.field_packs import FieldPacks
        from desktop.system.folders import OfficeFolder

        return FieldPacks(
            self.store,
            self.clock,
            Attachments(OfficeFolder(self.folder).attachments),
            self.catalogue,
            self.plans,
            self.inspections,
            self.checklists,
            self.hazards,
            self.photos,
        )

    @cached_property
    def sample(self) -> "Sample":
        """The sample township."""
        from desktop.services.sample import Sample

        return Sample(self.store, self.clock)

    def close(self) -> None:
        """Close the office's file."""
        if self.is_store_open:
            self.store.close()
        self.glance.close()
