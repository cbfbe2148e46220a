"""Items, the audit trail that only grows, its head, and the key of the keyed hashes."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_REFUSE_SQLITE = """
CREATE TRIGGER {name} BEFORE {event} ON {table} {when}
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END
"""
_FUNCTION_POSTGRESQL = """
CREATE FUNCTION review_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail only grows'; END $$
"""
_REFUSE_POSTGRESQL = """
CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} {when}
EXECUTE FUNCTION review_refuse()
"""


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "review_items",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(512), nullable=False, index=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("quoted", sa.Text, nullable=False),
        sa.Column("content", sa.Text),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("submitted_by", sa.String(64), nullable=False),
        sa.Column("submitted_at", sa.String(40), nullable=False),
        sa.Column("reviewer", sa.String(64)),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("decided_on", sa.String(10)),
        sa.Column("until", sa.String(10)),
        sa.Column("comment", sa.Text),
        sa.Column("entry", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "review_audit",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("item", sa.Integer, index=True),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    head = op.create_table(
        "review_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    secret = op.create_table(
        "review_secret",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(64), nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])
    op.bulk_insert(secret, [{"id": 1, "key": secrets.token_hex(32)}])
    _refuse("review_audit", "UPDATE")
    _refuse("review_audit", "DELETE")
    _refuse("review_head", "DELETE")
    _refuse("review_head", "UPDATE", "WHEN (NEW.seq <> OLD.seq + 1)")


def _refuse(table: str, event: str, when: str = "") -> None:
    name = f"{table}_{event.lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_REFUSE_SQLITE.format(name=name, event=event, table=table, when=when))
        return
    if (table, event) == ("review_audit", "UPDATE"):
        op.execute(_FUNCTION_POSTGRESQL)
        for emptied in ("review_audit", "review_head"):
            op.execute(
                _REFUSE_POSTGRESQL.format(
                    name=f"{emptied}_truncate",
                    event="TRUNCATE",
                    table=emptied,
                    each="STATEMENT",
                    when="",
                )
            )
    op.execute(
        _REFUSE_POSTGRESQL.format(name=name, event=event, table=table, each="ROW", when=when)
    )
