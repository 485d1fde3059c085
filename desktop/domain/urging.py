"""Urging 催办: how an enterprise was reminded of what it has to put right."""

from enum import StrEnum


class UrgingWay(StrEnum):
    """By what way."""

    WECHAT = "wechat"
    SMS = "sms"
    PHONE = "phone"
    VISIT = "visit"
    PAPER = "paper"
