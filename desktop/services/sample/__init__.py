"""The sample township 惠萍镇: invented firms and two years of plausible work, to look around in and to test with."""

from desktop.services.sample.township import Filled, Sample

__all__ = ["Filled", "Sample"]
