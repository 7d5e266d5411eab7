/* What a morph must leave alone: a turn that is being edited, and an answer that still grows, since its own frames are
   ahead of what the database says. */

const runs = (turn) => turn.dataset?.state === "running" && turn.dataset.run;

window.htmx?.registerExtension("keep", {
  htmx_before_morph_node(turn, { newNode }) {
    const growing = runs(turn) && runs(turn) === runs(newNode);
    return !(growing || turn.dataset?.editing);
  },
});
