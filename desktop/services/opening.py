"""Opening an office's folder: the place is looked at, the file brought up to date, the services handed over."""

from pathlib import Path
from typing import TYPE_CHECKING

from db.glance import Glance
from db.head import HEAD, version_of
from desktop.domain.errors import Trouble
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.system.storage_place import refuse_bad_place

if TYPE_CHECKING:
    from db.store import Store

FILE_NAME = "office.db"


def has_office(folder: Path) -> bool:
    """Whether an office's file lies in `folder`."""
    return (folder / FILE_NAME).exists()


def create_office(folder: Path, *, person: str = "", clock: Clock | None = None) -> Services:
    """A new, empty office in `folder`, which is made if need be."""
    from db.migrate import create_store

    refuse_bad_place(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble("cannot_write", path=str(folder), said=str(error)) from error
    chosen = clock or Clock()
    return Services(create_store(folder / FILE_NAME, person=person, now=chosen.now), folder, chosen)


def open_office(folder: Path, *, person: str = "", clock: Clock | None = None) -> Services:
    """The office in `folder`. A file of an older version is backed up before its steps are taken.

    One that is up to date can be read at once; what it takes to write is loaded when it is first needed.
    """
    refuse_bad_place(folder)
    chosen, path = clock or Clock(), folder / FILE_NAME
    version = version_of(path)
    glance = Glance(path)

    def back_up(path: Path) -> None:
        from db.backup import before_migration

        before_migration(path, folder, chosen.now())

    def opened() -> "Store":
        from db.migrate import open_store

        return open_store(path, person=person, now=chosen.now, before_steps=back_up, glance=glance)

    services = Services.late(glance, opened, folder, person, chosen)
    if version != HEAD:
        _ = services.store
    return services
