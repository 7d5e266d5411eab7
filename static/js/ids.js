/* The ids that the browser makes: one of this page, so that its own changes are not told to it again, and one of each turn. */

export function uuid() {
  // crypto.randomUUID is missing on plain http.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const tab = uuid();

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.request.method !== "POST") return;
  ctx.request.body.set("tab", tab);
  if (ctx.sourceElement.matches("[data-turn]")) ctx.request.body.set("turn", uuid());
});

document.addEventListener("htmx:ws:before:message:outgoing", (event) => {
  const { connection, message } = event.detail;
  // Every watcher asks again when the socket opens, so what is asked before that would only be asked twice.
  if (connection.socket?.readyState !== WebSocket.OPEN) event.preventDefault();
  message.values.tab = tab;
});
