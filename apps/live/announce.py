"""Changes of conversations become news for their owner's open pages, in this process and in others."""

from apps.work import news


def announce(sender, *, conversation_id, owner_id, by="", thread=True, **kwargs) -> None:
    """Without an id it is about several: each page looks whether its own is among them."""
    id = str(conversation_id or "")
    news.tell(news.user_group(owner_id), about="conversation", id=id, thread=thread, by=by)
