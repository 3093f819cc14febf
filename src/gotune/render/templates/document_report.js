"use strict";
// Filters: only sentences that carry one of the pressed kinds stand out, in the text, the strip and the table.
(() => {
  const buttons = [...document.querySelectorAll("button[data-filter]")];
  const parts = [...document.querySelectorAll("[data-carries]")];
  const sentences = document.querySelectorAll("#text [data-carries]").length;
  const shown = document.getElementById("shown");
  const everything = shown.textContent;

  const apply = () => {
    const wanted = buttons
      .filter((button) => button.getAttribute("aria-pressed") === "true")
      .map((button) => button.dataset.filter);
    for (const part of parts) {
      const carried = part.dataset.carries.split(" ");
      part.classList.toggle("out", wanted.length > 0 && !wanted.some((name) => carried.includes(name)));
    }
    const left = sentences - document.querySelectorAll("#text .out").length;
    shown.textContent = wanted.length ? `${left} of ${everything.replace(/^all /, "")}` : everything;
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      apply();
    });
  }
})();

// The strip is one stop of the tab key; arrow keys move inside.
(() => {
  const cells = [...document.querySelectorAll(".cells a")];
  cells.forEach((cell, place) => {
    cell.tabIndex = place ? -1 : 0;
  });
  document.querySelector(".strip").addEventListener("keydown", (event) => {
    const place = cells.indexOf(event.target);
    const goal = {
      ArrowRight: place + 1,
      ArrowLeft: place - 1,
      Home: 0,
      End: cells.length - 1,
    }[event.key];
    if (place < 0 || !cells[goal]) return;
    event.preventDefault();
    cells[place].tabIndex = -1;
    cells[goal].tabIndex = 0;
    cells[goal].focus();
  });
})();

// Columns with figures sort the table: probabilities from the highest, numbers from the first; again, the reverse.
(() => {
  const table = document.getElementById("sentences");
  const headers = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  headers.forEach((header, column) => {
    const button = header.querySelector("button");
    if (!button) return;
    button.addEventListener("click", () => {
      const first = column ? "descending" : "ascending";
      const second = column ? "ascending" : "descending";
      const order = header.getAttribute("aria-sort") === first ? second : first;
      const sign = order === "ascending" ? 1 : -1;
      const figure = (row) => Number(row.cells[column].textContent);
      const rows = [...body.rows].sort((one, other) => sign * (figure(one) - figure(other)));
      headers.forEach((each) => each.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", order);
      body.append(...rows);
    });
  });
})();
