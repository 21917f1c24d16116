"""Charts: the same drawing on a page and in a chat, with Bengali set as a browser sets it."""

from __future__ import annotations

import base64
import re
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reporting import charts
from handlers.reporting.charts import LONGEST, STYLE, Bar, Chart, png, shortened, svg
from handlers.reporting.few import Hidden
from tests.browser import chromium, needs_chromium

HOSTILE = "<script>alert(1)</script>\"'&]]>\x00\x0b\u202e=cmd()"
WORDS = (
    "প্রতিদিন ক্রিকেট", "Telegram চ্যানেল", "স্ত্রী ও সেপ্টেম্বর", "কোথায় কিছু", "TikTok ভিডিও ক্ষ জ্ঞ",
)  # fmt: skip


def chart(*names: str, upright: bool = False) -> Chart:
    bars = [Bar(name, 100 * place + 37, "৩৭") for place, name in enumerate(names)]
    return Chart("প্রতি জায়গার ক্লিক", "bn", bars, upright, range(len(bars)) if upright else ())


@pytest.mark.parametrize("upright", [True, False])
def test_a_drawing_holds_nothing_that_runs_and_no_style(upright: bool) -> None:
    drawn = svg(chart(HOSTILE, "TikTok", upright=upright))
    tags = {element.tag.rpartition("}")[2] for element in parsed(drawn).iter()}
    assert tags <= {"svg", "g", "rect", "path", "text"}
    assert not re.search(r"style=|<!--|\son\w+=|url\(|href", drawn)
    assert png(chart(HOSTILE, upright=upright)).startswith(b"\x89PNG")


@given(st.text(max_size=60), st.integers(0, 10**9))
def test_any_name_and_number_can_be_drawn(name: str, clicks: int) -> None:
    parsed(svg(Chart("", "bn", [Bar(name, clicks, "")])))


def test_a_number_that_is_not_told_is_not_in_the_drawing() -> None:
    bars = [Bar("TikTok", 4312, "4,312"), Bar("bio", Hidden.FEW, "<10")]
    root = parsed(svg(Chart("", "en", bars)))
    texts = [element.text or "" for element in root.iter()]
    assert "bio: <10" in texts
    assert len([e for e in root.iter() if "rect reactive" in e.get("class", "")]) == 1


@pytest.mark.parametrize("most", [0, 1, 3, 9, 10, 99, 4312, 10**7])
def test_the_axis_counts_in_whole_round_numbers(most: int) -> None:
    for count in (2, charts.TICKS):
        ticks = charts._ticks(most, count)
        assert ticks[0] == 0
        assert most <= ticks[-1]
        assert 2 <= len(ticks) <= count + 1


@pytest.mark.parametrize("word", WORDS)
def test_a_name_is_cut_between_letters(word: str) -> None:
    for length in range(LONGEST - 8, LONGEST + 2):
        short = shortened("ক" * length + word)
        assert len(short) <= LONGEST + 1
        cut = short.removesuffix("…")
        rest = ("ক" * length + word).removeprefix(cut).lstrip()
        assert not cut.endswith(("\u09cd", "\u200d"))  # nothing that joins a next letter
        assert not rest or not ("\u09be" <= rest[0] <= "\u09cd")  # no vowel sign left behind


def test_colours_of_a_picture_are_told_apart() -> None:
    for colour in ("0b6e4f", "1b1b1b"):
        assert f"#{colour}" in STYLE
        assert contrast(colour, "ffffff") >= 4.5


def parsed(drawn: str) -> Element:
    return fromstring(drawn)  # noqa: S314 - it is ours


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two colours as six hexadecimal digits."""
    lights = sorted(_light(colour) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


DIFFERENCE = """async ([one, other]) => {
  const pixels = async (data) => {
    const image = new Image(); image.src = 'data:image/png;base64,' + data; await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d'); context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  };
  const [a, b] = [await pixels(one), await pixels(other)];
  if (a.width !== b.width || a.height !== b.height) return 1;
  let ink = 0, off = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    ink += a.data[i] < 128; off += Math.abs(a.data[i] - b.data[i]) > 128;
  }
  return off / ink;
}"""


@pytest.mark.browser
@needs_chromium
async def test_bengali_is_joined_as_chromium_joins_it() -> None:
    """Of the inked points, how many differ: one in a hundred; six when letters fall apart."""
    drawing = chart(*WORDS)
    font = "".join(
        f"@font-face{{font-family:'Hind Siliguri';font-weight:{weight};"
        f"src:url(data:font/ttf;base64,{_base64(path)})}}"
        for weight, path in zip((400, 700), charts._fonts(), strict=True)
    )
    height = charts._height(drawing)
    async with chromium() as browser:
        page = await browser.new_page(
            viewport={"width": charts.WIDTH, "height": height}, device_scale_factor=charts.ZOOM
        )
        page_style = "body{margin:0}svg{display:block}"
        await page.set_content(
            f"<style>{font}{STYLE}{page_style}</style>{svg(drawing, title=True)}"
        )
        await page.evaluate("document.fonts.ready")
        theirs = base64.b64encode(await page.screenshot()).decode()
        ours = base64.b64encode(png(drawing)).decode()
        difference = await page.evaluate(DIFFERENCE, [ours, theirs])
    assert difference < 0.02


def _base64(path: str) -> str:
    with open(path, "rb") as file:
        return base64.b64encode(file.read()).decode()
