"""The playground's community: a creator of clothes and jewellery, her answers and her sponsors."""

from __future__ import annotations

import csv
import io

COMMUNITY = "Mitu"
SHOP = "Deshi Shaj"
LINKS = (
    {"brand": SHOP, "destination": "https://deshishaj.example/red-katan", "placement": "video 12"},
    {"brand": "Rupkotha", "destination": "https://rupkotha.example/shoes", "placement": "bio"},
)
GIVEAWAY = {"prize": "লাল কাতান শাড়ি", "until": "24", "winners": "1"}

_COLUMNS = ("question", "answer_bn", "answer_en", "phrases")
_ENTRIES = (
    (
        "লাল ড্রেসের দাম কত?",
        "লাল কাতান ড্রেস — ৳২,৪৫০। সাইজ S থেকে XL। দাম দেখা হয়েছে ২০ নভেম্বর, কেনার আগে দোকানে মিলিয়ে নিন।",
        "The red Katan dress is ৳2,450, sizes S to XL. Price as of 20 November; please check in "
        "the shop before you buy.",
        "red dress price?\ndam koto lal dress tar\nred katan dress er dam\nলাল কাতান ড্রেসটা কত টাকা",
    ),
    (
        "ডেলিভারি চার্জ কত?",
        "ঢাকায় ৳৮০, ঢাকার বাইরে ৳১৩০। ক্যাশ অন ডেলিভারি আছে।",
        "৳80 in Dhaka, ৳130 outside. Cash on delivery is available.",
        "delivery charge koto\nhow much is shipping?\ndhakar baire delivery charge",
    ),
    (
        "কত দিনে ডেলিভারি পাবো?",
        "ঢাকায় ২ দিন, ঢাকার বাইরে ৩ থেকে ৫ দিন লাগে।",
        "Two days in Dhaka, three to five days outside.",
        "how long does delivery take?\nkobe hate pabo\nকবে হাতে পাবো",
    ),
    (
        "সাইজ চার্ট আছে?",
        "S: বুক ৩৬, M: ৩৮, L: ৪০, XL: ৪২ ইঞ্চি। মাঝামাঝি হলে এক সাইজ বড় নিন।",
        "S: bust 36, M: 38, L: 40, XL: 42 inches. Between two sizes, take the larger one.",
        "size chart\nwhat sizes do you have?\nki ki size ache\nআমার কোন সাইজ লাগবে",
    ),
    (
        "ফেরত দেওয়া যায়?",
        "৭ দিনের মধ্যে ফেরত দিতে পারবেন, ট্যাগ লাগানো থাকতে হবে।",
        "You can return it within 7 days with the tag still on.",
        "can I return it?\nreturn policy\nferot dewa jabe\nবদলানো যাবে কি",
    ),
    (
        "জুয়েলারি কোথা থেকে কিনেছেন?",
        "নিউ মার্কেটের ছোট একটা দোকান থেকে, দোতলায়।",
        "From a small shop in New Market, on the first floor.",
        "where is the jewellery from?\njewellery kothay pabo\nকানের দুলটা কোথাকার",
    ),
    (
        "লাইভ কবে?",
        "প্রতি শুক্রবার রাত ৯টায় লাইভে আসি।",
        "I go live every Friday at 9 pm.",
        "when do you go live?\nlive kobe asben\nপরের লাইভ কখন",
    ),
    (
        "কোলাবরেশনের জন্য কীভাবে যোগাযোগ করব?",
        "collab@mitu.example ঠিকানায় লিখুন, দুই দিনের মধ্যে উত্তর পাবেন।",
        "Write to collab@mitu.example; you will hear back within two days.",
        "how can a brand contact you?\ncollab er jonno contact\nব্র্যান্ড প্রমোশন করাতে চাই",
    ),
)


def answers() -> str:
    """The sample's entries as the CSV a creator would import."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows(_ENTRIES)
    return text.getvalue()
