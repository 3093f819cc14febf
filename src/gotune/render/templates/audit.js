"use strict";
// Filters by the aspect that terms have now and by the second opinion, and puts them into another order.
(() => {
  const list = document.getElementById("cases");
  const cases = [...list.children];
  const buttons = [...document.querySelectorAll("button[data-filter]")];
  const twice = document.getElementById("twice");
  const shown = document.getElementById("shown");
  const everything = shown.textContent;
  const orders = {
    rank: (one, other) => one.dataset.rank - other.dataset.rank,
    foreign: (one, other) => other.dataset.foreign - one.dataset.foreign || orders.rank(one, other),
    name: (one, other) => one.dataset.name.localeCompare(other.dataset.name, "en"),
    term: (one, other) => (one.dataset.term < other.dataset.term ? -1 : 1),
  };

  const isPressed = (button) => button.getAttribute("aria-pressed") === "true";

  for (const button of [...buttons, twice]) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(!isPressed(button)));
      const wanted = buttons.filter(isPressed).map((each) => each.dataset.filter);
      for (const one of cases) {
        const isElsewhere = wanted.length > 0 && !wanted.includes(one.dataset.aspect);
        one.hidden = isElsewhere || (isPressed(twice) && one.dataset.twice === "no");
      }
      const left = cases.filter((one) => !one.hidden).length;
      shown.textContent = left < cases.length ? `${left} of ${cases.length} terms` : everything;
    });
  }

  document.getElementById("order").addEventListener("change", (event) => {
    list.append(...cases.sort(orders[event.target.value]));
  });
})();
