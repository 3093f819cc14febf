"use strict";
// Stands between the page and BertViz's own script, which comes after it and is not changed: gives it what it asks
// require.js for and its data, and adds what it lacks: numbers on the heads, the keyboard, and the figures as a table.

const PYTHON_PARAMS = JSON.parse(document.getElementById("attention").textContent);
const console = { log() {} }; // BertViz tells versions and sizes
const require = { config() {} };
function requirejs(names, start) { start(jQuery, d3); }

// Paul Tol's muted palette, safe for colour-blind readers: https://sronpersonalpages.nl/~pault/
d3.schemeCategory10 = [
  "#332288", "#CC6677", "#117733", "#882255", "#44AA99", "#999933", "#AA4499", "#3D8FBF", "#8A6D00", "#555555",
];

(() => {
  const N_STRONGEST = 3;
  const WIDEST = { head: 100, model: 74 }; // pixels that BertViz leaves a word piece
  const { view, open } = PYTHON_PARAMS;
  const { attn: weights, left_text: pieces } = PYTHON_PARAMS.attention[0];
  const root = document.getElementById(PYTHON_PARAMS.root_div_id);
  const drawing = root.querySelector("#vis");
  const count = (n) => Array.from({ length: n }, (_, i) => i);

  // One element of the group is reached with the tab key, the others with the arrows.
  function useKeys(elements, columns, act) {
    elements.forEach((element, i) => {
      element.setAttribute("tabindex", i ? -1 : 0);
      element.addEventListener("keydown", (event) => {
        const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
        const next = elements[i + steps[event.key]];
        if (next) {
          element.setAttribute("tabindex", -1);
          next.setAttribute("tabindex", 0);
          next.focus();
        } else if (act && (event.key === "Enter" || event.key === " ")) {
          act(element, event);
        } else if (!(event.key in steps)) {
          return;
        }
        event.preventDefault();
      });
    });
  }

  function send(element, type) {
    element.dispatchEvent(new MouseEvent(type, { bubbles: true }));
  }

  function asButton(element, name, pressed) {
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", name);
    element.setAttribute("aria-pressed", pressed);
  }

  function squeeze() {
    for (const text of drawing.querySelectorAll("g > g > text")) {
      if (text.getComputedTextLength() > WIDEST[view]) {
        text.setAttribute("textLength", WIDEST[view]);
        text.setAttribute("lengthAdjust", "spacingAndGlyphs");
      }
    }
  }

  function tell(layer, heads) {
    const chosen = heads.length > 0;
    const all = heads.length === weights[0].length && heads.length > 1;
    const names = all ? "all heads" : `head${heads.length > 1 ? "s" : ""} ${heads.join(", ")}`;
    document.getElementById("shown").textContent = chosen ? `Layer ${layer}, ${names}` : "No head is enlarged";
    const rows = !chosen ? [] : pieces.map((piece, i) => {
      const mean = pieces.map((_, j) => heads.reduce((sum, head) => sum + weights[layer][head][i][j], 0) / heads.length);
      const strongest = count(pieces.length).sort((a, b) => mean[b] - mean[a]).slice(0, N_STRONGEST);
      return [`${i}`, piece, ...strongest.flatMap((j) => [pieces[j], mean[j].toFixed(2)])];
    });
    document.querySelector("#links tbody").replaceChildren(...rows.map((cells) => {
      const row = document.createElement("tr");
      row.append(...cells.map((text, i) => {
        const cell = document.createElement("td");
        cell.textContent = text;
        if (i % 2 && i > 1 || !i) cell.className = "number";
        return cell;
      }));
      return row;
    }));
  }

  function tellHeads() {
    const boxes = [...drawing.querySelectorAll(".heads > rect")];
    const shown = boxes.map((box) => box.__data__); // where d3 keeps whether the head is shown
    boxes.forEach((box, i) => asButton(box, `head ${i}`, shown[i]));
    tell(+root.querySelector("#layer").value, count(boxes.length).filter((i) => shown[i]));
  }

  function adornHeads(svg) {
    const heads = svg.lastElementChild;
    const boxes = [...heads.children];
    heads.setAttribute("class", "heads");
    svg.prepend(heads); // so that the tab key reaches them first
    boxes.forEach((box, i) => {
      const number = document.createElementNS(svg.namespaceURI, "text");
      number.setAttribute("class", "number");
      number.textContent = i;
      number.setAttribute("x", +box.getAttribute("x") + box.getAttribute("width") / 2);
      number.setAttribute("y", 14);
      box.after(number);
      box.addEventListener("click", tellHeads);
      box.addEventListener("dblclick", tellHeads);
    });
    useKeys(boxes, boxes.length, (box, event) => send(box, event.shiftKey ? "dblclick" : "click"));
    const [left, right] = ["left", "right"].map((side) => [...svg.querySelectorAll(`#${side} > g:last-child > g`)]);
    const tokens = left.flatMap((token, i) => [token, right[i]]);
    tokens.forEach((token) => {
      token.setAttribute("role", "img");
      token.setAttribute("aria-label", token.textContent);
      token.addEventListener("focus", () => send(token, "mouseover"));
      token.addEventListener("blur", () => token.closest("#left, #right").dispatchEvent(new MouseEvent("mouseleave")));
    });
    useKeys(tokens, 2);
    tellHeads();
  }

  function adornCells(svg) {
    svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
    const cells = [...svg.querySelectorAll(".attn_background")].map((background) => background.parentNode);
    const places = weights.flatMap((heads, layer) => heads.map((_, head) => [layer, head]));
    const isOpen = (cell) => cell.querySelector(".attn_background").getAttribute("stroke-opacity") > 0;
    const tellCells = () => {
      cells.forEach((cell, i) => asButton(cell, `layer ${places[i][0]}, head ${places[i][1]}`, isOpen(cell)));
      const place = places[cells.findIndex(isOpen)];
      tell(place ? place[0] : 0, place ? [place[1]] : []);
      squeeze();
    };
    cells.forEach((cell) => cell.addEventListener("click", tellCells));
    useKeys(cells, weights[0].length, (cell) => send(cell.lastElementChild, "click"));
    tellCells();
    if (open) send(cells[open[0] * weights[0].length + open[1]].lastElementChild, "click");
  }

  new MutationObserver(() => {
    const svg = drawing.querySelector("svg");
    squeeze();
    (view === "head" ? adornHeads : adornCells)(svg);
  }).observe(drawing, { childList: true });
})();
