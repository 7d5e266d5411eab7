"""Media within an address, as OpenAI's formats have them: data URIs of base64, or the address itself."""

from .messages import File, Image


def image_at(url: str) -> Image | None:
    """The image of a data URI (base64) or an http(s) address."""
    media_type, data = inline(url)
    if data:
        return Image(media_type=media_type, data=data)
    return Image(url=url) if url else None


def inline(url: str) -> tuple[str, str]:
    """Media type and base64 of a data URI; twice '' if it is none."""
    head, comma, data = url.partition(",")
    if comma and head[:5].lower() == "data:" and head.endswith(";base64"):
        return head[5:-7], data
    return "", ""


def url_of(part: Image | File) -> str:
    return f"data:{part.media_type};base64,{part.data}" if part.data else part.url
