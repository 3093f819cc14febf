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

  const shown = document.getElementById("shown");
  const everything = shown.textContent;
  const figure = (number) => number.toLocaleString("en");
  const counted = (left, all) => (left < all ? `${figure(left)} of ${figure(all)}` : figure(all));
  const apply = () => {
    const aspects = new Set([...form.elements.aspect].filter((box) => box.checked).map((box) => box.value));
    const least = Number(form.elements.least.value);
    document.getElementById("least").textContent = least.toFixed(2);
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
    const told = `${counted(sum, total)} suggestions, ${figure(total - sum)} hidden`;
    shown.textContent = sum < total ? told : everything;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));

  // What stands below the filters while they stay in sight.
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--bar", `${form.offsetHeight}px`);
  }).observe(form);

  apply(); // a browser may have kept what was chosen before
})();
