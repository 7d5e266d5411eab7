/* Requests that are not htmx's: a message's text, a draft. */

const MOST_KEPT_ALIVE = 60_000; // Browsers refuse more than 64 KB in flight of a page that is going away.

export async function text(url) {
  const response = await fetch(url, { headers: { "HX-Request": "true" } });
  if (!response.ok || response.redirected) throw new Error(`${response.status} for ${url}`);
  return response.text();
}

export function post(url, fields) {
  const body = new URLSearchParams(fields).toString();
  const headers = { "Content-Type": "application/x-www-form-urlencoded", ...inherited() };
  return fetch(url, { method: "POST", headers, body, keepalive: body.length < MOST_KEPT_ALIVE });
}

export function inherited() {
  return JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}");
}
