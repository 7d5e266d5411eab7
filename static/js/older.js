/* Earlier messages are put in above what is being read, which stays where it is: at the very top the browser would not. */

let fromEnd = null;

const area = () => document.querySelector("[data-follow]");
const isOlder = ({ detail: { ctx } }) => ctx?.sourceElement?.matches?.("[data-older]");

document.addEventListener("htmx:before:swap", (event) => {
  if (isOlder(event)) fromEnd = area().scrollHeight - area().scrollTop;
});

document.addEventListener("htmx:after:swap", (event) => {
  if (fromEnd === null || !isOlder(event)) return;
  area().scrollTop = area().scrollHeight - fromEnd;
  fromEnd = null;
});
