"""What people call times, and how the library that reads dates would say it."""

from __future__ import annotations

YET_NIGHT = "~night"

# Parts of the day, and the first hour each can mean.
PARTS = {
    YET_NIGHT: ("রাত", "রাতে", "রাত্রি", "rat", "raat", "rate", "raate", "ratre", "night", "at night"),
    "~dawn": ("ভোর", "ভোরে", "bhor", "vor", "bhore", "vore"),
    "~morning": (
        "সকাল", "সকালে", "sokal", "shokal", "sokale", "shokale", "morning", "in the morning",
    ),
    "~noon": ("দুপুর", "দুপুরে", "dupur", "dupure"),
    "~afternoon": (
        "বিকেল", "বিকাল", "বিকেলে", "বিকালে", "bikel", "bikal", "bikele", "bikale", "afternoon",
        "in the afternoon",
    ),
    "~evening": (
        "সন্ধ্যা", "সন্ধ্যায়", "সন্ধে", "সন্ধ্যে", "shondha", "sondha", "shondhay", "sondhay",
        "shondhya", "sondhya", "sandhya", "evening", "in the evening",
    ),
}  # fmt: skip
HOURS = {YET_NIGHT: 18, "~dawn": 3, "~morning": 4, "~noon": 10, "~afternoon": 13, "~evening": 16}

# Minutes that a word before the hour adds.
FRACTIONS = {"~half": 30, "~quarter": 15, "~quarterless": -15}

# Lengths that are said in one word; they go first.
HALVES = {
    "30 minutes": ("আধ ঘণ্টা", "আধ ঘন্টা", "আধা ঘণ্টা", "আধা ঘন্টা", "half an hour", "adha ghonta"),
    "90 minutes": ("দেড় ঘণ্টা", "দেড় ঘন্টা", "der ghonta", "দেড়ঘণ্টা"),
    "150 minutes": ("আড়াই ঘণ্টা", "আড়াই ঘন্টা", "arai ghonta"),
    "36 hours": ("দেড় দিন", "der din"),
}  # fmt: skip

WORDS = {
    "day after tomorrow": ("পরশু", "পরশুদিন", "porshu", "parshu", "porsu"),
    "tomorrow": (
        "কাল", "কালকে", "আগামীকাল", "আগামী কাল", "আগামীকালকে", "kal", "kalke", "agamikal",
        "agami kal", "tmrw", "tmr", "tomorow",
    ),
    "today": ("আজ", "আজকে", "aj", "ajke", "aaj", "tonight"),
    "0 minutes": ("এখন", "এখনই", "ekhon", "ekhoni", "right now"),
    "minutes": ("মিনিট", "মিনিটের", "minit", "min", "mins", "m"),
    "hours": (
        "ঘণ্টা", "ঘন্টা", "ঘণ্টার", "ঘন্টার", "ghonta", "ghanta", "ghontar", "h", "hr", "hrs",
    ),
    "days": ("দিন", "দিনের", "din", "diner", "d"),
    "weeks": ("সপ্তাহ", "সপ্তাহের", "হপ্তা", "soptaho", "shoptaho", "soptah", "hafta", "w", "wk"),
    "months": ("মাস", "মাসের", "mas", "mash", "maas"),
    "years": ("বছর", "bochor", "bosor", "বছরের"),
    "monday": ("সোমবার", "সোম", "shombar", "sombar"),
    "tuesday": ("মঙ্গলবার", "মঙ্গল", "mongolbar", "mangalbar"),
    "wednesday": ("বুধবার", "বুধ", "budhbar", "budbar"),
    "thursday": (
        "বৃহস্পতিবার", "বৃহস্পতি", "বিষ্যুদবার", "brihospotibar", "brihaspatibar", "bishudbar",
    ),
    "friday": ("শুক্রবার", "শুক্র", "shukrobar", "sukrobar", "shukrabar", "sukrabar", "jumma"),
    "saturday": ("শনিবার", "শনি", "shonibar", "sonibar", "shanibar"),
    "sunday": ("রবিবার", "রোববার", "রবি", "robibar", "robbar"),
    "january": ("জানুয়ারি", "জানুয়ারী", "januari"),
    "february": ("ফেব্রুয়ারি", "ফেব্রুয়ারী", "februari"),
    "march": ("মার্চ",),
    "april": ("এপ্রিল",),
    "may": ("মে",),
    "june": ("জুন",),
    "july": ("জুলাই",),
    "august": ("আগস্ট", "অগাস্ট", "আগষ্ট"),
    "september": ("সেপ্টেম্বর", "sept"),
    "october": ("অক্টোবর",),
    "november": ("নভেম্বর", "nobhembor", "novembor"),
    "december": ("ডিসেম্বর", "disembor", "decembor"),
    "~half": ("সাড়ে", "sare", "share", "share", "saare", "shaare"),
    "~quarter": ("সোয়া", "soya", "shoya", "showa", "sowa"),
    "~quarterless": ("পৌনে", "poune", "pone", "paune"),
    "~noon 12": ("midday", "noon", "at noon"),
    "~night 12": ("midnight", "at midnight", "মাঝরাত", "মাঝরাতে"),
    "": (
        "পর", "পরে", "পর্যন্ত", "ধরে", "মধ্যে", "তারিখ", "তারিখে", "থেকে", "আগামী", "এই", "সামনের",
        "por", "pore", "porjonto", "dhore", "tarikh", "moddhe", "agami", "ei", "samner",
        "from now", "later", "until", "till", "by", "at", "on", "next", "this", "coming",
        "dibagoto", "দিবাগত",
    ),
}  # fmt: skip

NUMBERS = {
    "এক": "1", "দুই": "2", "দু": "2", "তিন": "3", "চার": "4", "পাঁচ": "5", "ছয়": "6", "ছ": "6",
    "সাত": "7", "আট": "8", "নয়": "9", "ন": "9", "দশ": "10", "এগারো": "11", "এগার": "11",
    "বারো": "12", "বার": "12", "পনেরো": "15", "বিশ": "20", "ত্রিশ": "30",
    "ek": "1", "dui": "2", "tin": "3", "char": "4", "pach": "5", "panch": "5", "choy": "6",
    "chhoy": "6", "shat": "7", "aat": "8", "noy": "9", "dosh": "10",
    "egaro": "11", "baro": "12", "দেড়": "1:30", "আড়াই": "2:30", "der": "1:30", "arai": "2:30",
    "a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
    "eleven": "11", "twelve": "12",
}  # fmt: skip
