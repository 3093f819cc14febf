"use strict";
// What the filters of filters.html.j2 do on every page that has them.
const figure = (number) => number.toLocaleString("en");
const counted = (left, all) => (left < all ? `${figure(left)} of ${figure(all)}` : figure(all));

// The aspects and the least score that are chosen; the score is shown beside its slider.
const chosen = (form) => {
  const least = Number(form.elements.least.value);
  document.getElementById("least").textContent = least.toFixed(2);
  const boxes = [...form.elements.aspect].filter((box) => box.checked);
  return { aspects: new Set(boxes.map((box) => box.value)), least };
};

// What tells how many are left; where none is hidden, in the words that the page came with.
const teller = (things) => {
  const shown = document.getElementById("shown");
  const everything = shown.textContent;
  return (left, all) => {
    const told = `${counted(left, all)} ${things}, ${figure(all - left)} hidden`;
    shown.textContent = left < all ? told : everything;
  };
};

// Applies what is chosen, now and whenever it changes.
const whenChosen = (form, apply) => {
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));

  // What stands below the filters while they stay in sight.
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--bar", `${form.offsetHeight}px`);
  }).observe(form);

  apply(); // a browser may have kept what was chosen before
};
