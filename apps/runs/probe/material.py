"""What models are asked about: a picture with a number in it, and a document with a word in it."""

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

NUMBER = "473"
WORD = "lighthouse"
HEIGHT = 160


@cache
def picture() -> bytes:
    """A PNG that shows the number, and is as many pixels wide."""
    image = Image.new("RGB", (int(NUMBER), HEIGHT), "white")
    font = ImageFont.load_default(size=110)
    ImageDraw.Draw(image).text((image.width // 2, HEIGHT // 2), NUMBER, fill="black", font=font, anchor="mm")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@cache
def document() -> bytes:
    """A PDF of one page that says one sentence."""
    page = f"BT /F1 28 Tf 60 700 Td (The secret word is {WORD}.) Tj ET".encode()
    objects = (
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(page), page),
        b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    tail = b"trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (count, table, tail)
