"""Ten thousand photos: finding those that look alike against reading their hashes, adding against the bare work on a picture."""

import hashlib
import random
import sqlite3
from datetime import datetime
from pathlib import Path

from pictures_for_tests import encoded, scene
from sqlalchemy import select

from db.attachments import Attachments
from db.migrate import create_store
from db.models import Attachment, Photo
from db.store import Store
from desktop.domain.photo import PhotoOwner, PhotoRole, TwinKind
from desktop.exchange import picture
from desktop.services.clock import Clock
from desktop.services.photo_places import hashes
from desktop.services.photos import NewPhoto, Photos, PhotoSubject
from tests.benchmarks.measure import Line, once, paired, show

COUNT, TWINS, HAZARDS = 10_000, 100, 2_000
ADDED = 10
MORNING = datetime(2026, 6, 1, 9)


def test_photos(tmp_path: Path) -> None:
    """The search at most three times reading the hashes as every service reads; adding at most three times the bare work."""
    store = create_store(tmp_path / "office.db")
    _fill(store.path)
    photos = Photos(store, tmp_path, Clock(now=lambda: MORNING))
    groups = photos.twins()
    assert len(groups) == TWINS
    assert {group.kind for group in groups} <= {TwinKind.OTHER_ENTERPRISE, TwinKind.OTHER_RECORD}
    ours, limit = paired(photos.twins, lambda: _read_as_services(store), 15)
    ours_again, bare = paired(photos.twins, lambda: _read_hashes(store), 15)
    lines = [
        Line(f"{TWINS} twins of {COUNT} photos", ours, "hashes read as services read", limit, "≤ 3"),
        Line("the same, against sqlite3 alone", ours_again, "hashes read by sqlite3", bare, "told"),
    ]
    contents = [encoded(scene(seed).resize((4000, 3000)), quality=88) for seed in range(ADDED)]
    files = [NewPhoto(f"IMG_{place}.jpg", content) for place, content in enumerate(contents)]
    subject = PhotoSubject(PhotoOwner.HAZARD, 1)
    bare = once(lambda: [(hashlib.sha256(content), picture.read(content)) for content in contents])
    kept = Attachments(tmp_path / "scratch")
    disk = once(lambda: [kept.put(content + b"x") for content in contents])
    ours = once(lambda: photos.add(files, subject, PhotoRole.BEFORE))
    lines.append(
        Line(f"{ADDED} photos of 12 megapixels added", ours, "hash, decode, thumbnail, keep", bare + disk, "≤ 3")
    )
    show("photos", lines)
    store.close()


def _read_as_services(store: Store) -> object:
    wanted = select(Photo.id, Photo.likeness, Photo.role, Attachment.sha256).join(
        Attachment, Attachment.id == Photo.attachment_id
    )
    with store.read() as session:
        return [(row.id, int(row.likeness, 16), row.role, row.sha256) for row in session.execute(wanted)]


def _read_hashes(store: Store) -> object:
    with store.read() as session:
        return hashes(session)


def _fill(path: Path) -> None:
    chance = random.Random(1)
    likenesses = [sum(1 << bit for bit in chance.sample(range(64), 32)) for _ in range(COUNT - TWINS)]
    likenesses += [each ^ 1 << chance.randrange(32) ^ 1 << chance.randrange(32, 64) for each in likenesses[:TWINS]]
    connection = sqlite3.connect(path)
    with connection:
        connection.executemany(
            "INSERT INTO enterprise (id, name, name_key, sort_key, code_state, address, village, grid_worker, "
            "legal_person, principal, contact, phone, safety_officer, safety_phone, industry, status, is_key, remark, "
            "search_text, created_at) VALUES (?, ?, ?, '', 'none', '', '', '', '', '', '', '', '', '', '', "
            "'operating', 0, '', '', '2026-01-01 00:00:00')",
            [(number, f"企业{number}", f"企业{number}") for number in range(1, 1001)],
        )
        connection.executemany(
            "INSERT INTO hazard (id, enterprise_id, found_on, description, location, category, level, status, basis, "
            "measures, person_in_charge, remark) VALUES (?, ?, '2026-01-05', '配电箱未上锁', '', '', 'general', "
            "'registered', '', '', '', '')",
            [(number, number % 1000 + 1) for number in range(1, HAZARDS + 1)],
        )
        connection.executemany(
            "INSERT INTO attachment (id, sha256, name, size, subject_type, subject_id, added_at) "
            "VALUES (?, ?, 'IMG.jpg', 1, 'hazard', ?, '2026-01-05 09:00:00')",
            [(number, hashlib.sha256(b"%d" % number).hexdigest(), _hazard(number)) for number in range(1, COUNT + 1)],
        )
        connection.executemany(
            "INSERT INTO photo (id, attachment_id, enterprise_id, role, width, height, likeness, note, added_by) "
            "VALUES (?, ?, ?, 'before', 4000, 3000, ?, '', '')",
            [
                (number, number, _hazard(number) % 1000 + 1, f"{likeness:016x}")
                for number, likeness in enumerate(likenesses, 1)
            ],
        )
    connection.close()


def _hazard(number: int) -> int:
    """A photo's hazard: five photos each, the twins elsewhere."""
    return number % HAZARDS + 1
