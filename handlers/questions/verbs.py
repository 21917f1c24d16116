"""The forms of a Bengali verb, so that the lexicon lists a stem once: কিন~ is কিনব, কিনেছেন, …"""

from __future__ import annotations

from typing import Final

# As people write them: standard and spoken. A bare stem and the verbal noun are not among them,
# since many are words of their own: কেন is why.
_AFTER_CONSONANT: Final = """
ি ে েন ব বো বে বেন বা বার লে লাম লেন লো তে তাম ুন
ছি ছে ছেন ছিল ছিলেন ছিলাম েছি েছে েছেন েছিল েছিলেন েছিলাম
সি সে সেন তেছি তেছে তেছেন তেসি তেসে তেসেন
"""
_AFTER_A: Final = """
নো নোর ব বো বে বেন বা লে লাম লেন লো তে তাম ই য় ন ও
চ্ছি চ্ছে চ্ছেন ইছি ইছে ইছেন ইসি ইসে ইসেন ইতে ইলে
"""
_AFTER_I: Final = "য়ে য়েছি য়েছে য়েছেন য়েছিলেন য়েছিলাম"  # পাঠা-: পাঠিয়েছেন


def forms(stem: str) -> list[str]:
    """The inflected forms of `stem`, which ends in a consonant or in া."""
    if not stem.endswith("া"):
        return [stem + ending for ending in _AFTER_CONSONANT.split()]
    perfect = stem[:-1] + "ি"
    return [
        *(stem + ending for ending in _AFTER_A.split()),
        *(perfect + ending for ending in _AFTER_I.split()),
    ]
