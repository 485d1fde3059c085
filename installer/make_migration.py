"""Draft the next migration from the difference between the newest revision and the models.

For developers: `python installer/make_migration.py 0002 supervision`. The draft is read, mended and committed like
any other code; a released revision is never edited.
"""

import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from db.migrate import take_steps  # noqa: E402
from db.models import Base  # noqa: E402

HEADER = '''"""{title}"""

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = {down}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    {body}
'''


def _is_of_the_models(_: object, name: str | None, kind: str, *__: object) -> bool:
    """The full-text index is made by SQL of its own, in the first step."""
    return not (kind == "table" and (name or "").startswith("enterprise_search"))


def main(number: str, noun: str) -> None:
    """Write db/migrations/versions/{number}_{noun}.py."""
    folder = ROOT / "db/migrations/versions"
    earlier = sorted(path.name[:4] for path in folder.glob("[0-9]*.py"))
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "office.db"
        if earlier:
            take_steps(path)
        engine = create_engine(f"sqlite:///{path}")
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"render_as_batch": True, "include_object": _is_of_the_models}
            )
            upgrade = produce_migrations(context, Base.metadata).upgrade_ops
        assert upgrade is not None
        body = render_python_code(upgrade, render_as_batch=True)
        engine.dispose()
    down = f'"{earlier[-1]}"' if earlier else "None"
    text = HEADER.format(title=f"Step {number}: {noun}.", number=number, down=down, body=body)
    (folder / f"{number}_{noun}.py").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
