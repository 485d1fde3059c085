"""Service of documents 送达: the ways of it (民事诉讼法; 行政处罚法第六十一条)."""

from enum import StrEnum


class DeliveryWay(StrEnum):
    """The way a document was served."""

    DIRECT = "direct"
    LEFT = "left"
    MAIL = "mail"
    ENTRUSTED = "entrusted"
    TRANSFERRED = "transferred"
    ELECTRONIC = "electronic"
    PUBLIC = "public"


BY_OTHERS = frozenset({DeliveryWay.ENTRUSTED, DeliveryWay.TRANSFERRED})
"""The ways in which somebody else hands the document over."""
