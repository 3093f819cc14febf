"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return; // no suggestion for any gene

  const counts = new Map();
  for (const count of document.querySelectorAll("[data-of]")) {
    const { of } = count.dataset;
    counts.set(of, [...(counts.get(of) || []), count]);
  }
  const genes = [...document.querySelectorAll("section")].map((section) => ({
    rows: [...section.querySelectorAll("tr[data-aspect]")].map((row) => ({
      row,
      aspect: row.dataset.aspect,
      score: Number(row.dataset.score),
    })),
    table: section.querySelector("table"),
    nothing: section.querySelector(".nothing"),
    counts: counts.get(section.id),
  }));
  const total = genes.reduce((sum, gene) => sum + gene.rows.length, 0);

  const tellLeft = teller("suggestions");
  const apply = () => {
    const { aspects, least } = chosen(form);
    let sum = 0;
    for (const { rows, table, nothing, counts } of genes) {
      if (!table) continue;
      let left = 0;
      for (const { row, aspect, score } of rows) {
        row.hidden = !(aspects.has(aspect) && score >= least);
        left += !row.hidden;
      }
      table.hidden = left === 0;
      nothing.hidden = left > 0;
      for (const count of counts) {
        count.textContent = `${counted(left, rows.length)} suggestion${rows.length === 1 ? "" : "s"}`;
      }
      sum += left;
    }
    tellLeft(sum, total);
  };
  whenChosen(form, apply);
})();
