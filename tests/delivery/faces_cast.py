"""Faces to render: plain, with a poster, and as bad as people can type."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image, ImageDraw

from tmam.delivery.faces import TicketFace
from tmam.delivery.sample import sample_face

POSTER = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 400"><defs><linearGradient id="g">'
    b'<stop offset="0" stop-color="#f6b26b"/><stop offset="1" stop-color="#7b1e5a"/></linearGradient></defs>'
    b'<rect width="600" height="400" fill="url(#g)"/><circle cx="90" cy="80" r="70" fill="#fff" fill-opacity=".3"/></svg>'
)

MISCHIEF = {
    "typst markup": '#image("/etc/passwd") $x^2$ [*bold*] _it_ @ref <label> `raw` \\ // /* ~ = - + / 1.',
    "json and html": '"}]}\\u0000 <script>alert(1)</script> &amp; \' "',
    "300 letters": "W" * 300,
    "300 words": "Maximiliane " * 300,
    "direction overrides": "\u202eevil\u202c \u2066x\u2069 \u200f",
    "control characters": "a\x00b\x1bc\r\nd\te\x7f\ud800",
    "emoji": "Zoë 🎉👩‍👩‍👧‍👦🇩🇴",
    "300 emoji": "".join(chr(0x1F300 + n) for n in range(300)),
    "300 han": "".join(chr(0x4E00 + 7 * n) for n in range(300)),
    "300 hangul": "".join(chr(0xAC00 + 37 * n) for n in range(300)),
    "tower of accents": "e" + "\u0301" * 400,
    "right to left": "محمد (VIP) 12 שרה",
    "nothing but blanks": " \u00a0\u3000 ",
    "private and unassigned": "\ue000\U000e0041\U0010ffff",
}

# A name in each script, and a part of the name of the font that has to draw it.
SCRIPTS = {
    "latin": ("Nguyễn Đình Ýmir Łukasz", "Inter"),
    "cyrillic": ("Юлия Щербакова", "Inter"),
    "greek": ("Αθηνά Ξένου", "Inter"),
    "arabic": ("محمد بن علي الهاشمي", "NotoSansArabic"),
    "hebrew": ("שרה בת אברהם", "NotoSansHebrew"),
    "devanagari": ("दीपिका कुमारी", "NotoSansDevanagari"),
    "thai": ("สมชาย", "NotoSansThai"),
    "hangul": ("김민수 대한민국", "NotoSansCJK"),
    "han": ("李雷 王小明", "NotoSansCJK"),
    "kana": ("東京の夜 カラオケ", "NotoSansCJK"),
    "bengali": ("বাংলা", "NotoSansBengali"),
    "gurmukhi": ("ਪੰਜਾਬੀ", "NotoSansGurmukhi"),
    "gujarati": ("ગુજરાતી", "NotoSansGujarati"),
    "tamil": ("தமிழ்", "NotoSansTamil"),
    "telugu": ("తెలుగు", "NotoSansTelugu"),
    "armenian": ("Հայերեն", "NotoSansArmenian"),
    "georgian": ("ქართული", "NotoSansGeorgian"),
    "emoji": ("🎉 👍 🇩🇴", "NotoEmoji"),
}


def mischievous(text: str) -> TicketFace:
    """A face with this text in every place that a person fills in."""
    return replace(
        sample_face(),
        event_title=text,
        organizer_name=text,
        venue_name=text,
        venue_address=text,
        ticket_type=text,
        place=text,
        holder_name=text,
        date_label=text,
        transfer_policy=text,
        instructions=(text,) * 8,
    )


def png_logo(width: int = 480, height: int = 160) -> bytes:
    """A logo with a transparent ground: a red disc and a blue bar."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 2, height // 3, width - 5, 2 * height // 3), fill=(20, 40, 90, 255))
    draw.ellipse((5, 5, width // 3, height - 5), fill=(200, 30, 60, 255))
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()
