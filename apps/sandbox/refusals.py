"""Errors instead of an answer, worded as gateways and the proxies before them word them."""

from .exchange import Exchange

KNOWN = {
    400: ("This model's maximum context length is 8192 tokens.", "invalid_request_error", "context_length_exceeded"),
    401: ("Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
    402: ("Insufficient credits.", "payment_required", ""),
    403: ("用户额度不足, 剩余额度: $0.00", "new_api_error", "insufficient_user_quota"),
    404: ("The model does not exist or you do not have access to it.", "invalid_request_error", "model_not_found"),
    413: ("request body too large", "new_api_error", "read_request_body_failed"),
    429: ("Rate limit reached for requests.", "requests", "rate_limit_exceeded"),
    500: ("do request failed", "new_api_error", "do_request_failed"),
    503: ("当前分组 default 下对于该模型无可用渠道", "new_api_error", "model_not_found"),
}
PROXIED = {502: "Bad Gateway", 504: "Gateway Time-out", 524: "A timeout occurred"}
RETRY_AFTER = {429: "1"}


async def refuse(exchange: Exchange, status: int, model: str) -> None:
    """The reply of that status: a proxy's page for 502 and its like, else an error document."""
    if status in PROXIED:
        title = f"{status} {PROXIED[status]}"
        page = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
        await exchange.whole(status, "text/html", page.encode())
        return
    message, kind, code = KNOWN.get(status, (f"{model} was refused.", "new_api_error", ""))
    headers = {"retry-after": RETRY_AFTER[status]} if status in RETRY_AFTER else None
    await exchange.refuse(status, message, kind, code=code, headers=headers)
