"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return; // no place in any document
  const tip = document.getElementById("tip");

  // A place has a mark, or several if something divides it; a term has its places in one document.
  const terms = new Map();
  for (const row of document.querySelectorAll("tr[data-aspect]")) {
    const [name, id] = row.querySelectorAll("a");
    terms.set(row.id, {
      row,
      name,
      id,
      aspect: row.dataset.aspect,
      words: `${name.textContent} ${id.textContent}`.toLowerCase(),
      cell: row.cells[2],
      places: [],
    });
  }
  const placeOf = new Map();
  for (const mark of document.querySelectorAll("mark")) {
    let place = placeOf.get(document.getElementById(mark.dataset.of));
    if (!place) {
      const term = terms.get(mark.dataset.term);
      const { score, context = "" } = mark.dataset;
      place = { term, marks: [], score: Number(score), context, isShown: true };
      term.places.push(place);
    }
    place.marks.push(mark);
    placeOf.set(mark, place);
    mark.removeAttribute("title"); // the tip tells it
  }
  const places = [...new Set(placeOf.values())];
  const documents = [...document.querySelectorAll("article")].map((article) => ({
    places: [...article.querySelectorAll("mark[id]")].map((mark) => placeOf.get(mark)),
    terms: [...article.querySelectorAll("tr[data-aspect]")].map((row) => terms.get(row.id)),
    counts: document.querySelectorAll(`[data-count][data-of="${article.id}"]`),
    nothing: article.querySelector(".nothing"),
    stop: null,
  }));

  // The places of a document are one stop of the tab key; arrow keys move inside.
  for (const mark of placeOf.keys()) {
    mark.tabIndex = -1;
    mark.setAttribute("role", "button");
  }
  const setStop = (one, place) => {
    if (one.stop) one.stop.marks[0].tabIndex = -1;
    one.stop = place;
    if (place) place.marks[0].tabIndex = 0;
  };
  const documentOf = (place) => documents.find((one) => one.places.includes(place));

  // The filters.
  const tellLeft = teller("places");
  const apply = () => {
    const { aspects, least } = chosen(form);
    const all = !form.elements.context || form.elements.context.checked;
    const words = form.elements.term.value.trim().toLowerCase().replace(/^go[\s_]/, "go:");
    hide();
    for (const term of terms.values()) {
      const isWanted = aspects.has(term.aspect) && term.words.includes(words);
      for (const place of term.places) {
        place.isShown = isWanted && place.score >= least && (all || !place.context);
        for (const mark of place.marks) mark.classList.toggle("out", !place.isShown);
      }
      const left = term.places.filter((place) => place.isShown).length;
      term.row.hidden = left === 0;
      term.cell.textContent = counted(left, term.places.length);
    }
    for (const one of documents) {
      const left = one.places.filter((place) => place.isShown);
      const terms = one.terms.filter((term) => !term.row.hidden);
      for (const count of one.counts) {
        const isOfTerms = count.dataset.count === "term";
        const all = isOfTerms ? one.terms.length : one.places.length;
        const number = counted((isOfTerms ? terms : left).length, all);
        count.textContent = `${number} ${count.dataset.count}${all === 1 ? "" : "s"}`;
      }
      if (one.nothing) one.nothing.hidden = left.length > 0;
      setStop(one, left.includes(one.stop) ? one.stop : left[0]);
    }
    tellLeft(places.filter((place) => place.isShown).length, places.length);
  };

  // Only a score that is whole reads as 1.
  const shownScore = (score) => {
    const shown = score.toFixed(2);
    return shown === "1.00" && score < 1 ? ">0.99" : shown;
  };

  // The tip tells the term of a place, and all of its places in the document are outlined.
  let told = null;
  let timer = 0;
  const outline = (place, isOn) => {
    for (const other of place.term.places) {
      for (const mark of other.marks) mark.classList.toggle("same", isOn);
    }
    place.term.row.classList.toggle("same", isOn);
  };
  const hide = () => {
    clearTimeout(timer);
    tip.hidden = true;
    if (!told) return;
    outline(told.place, false);
    told.mark.removeAttribute("aria-describedby");
    told = null;
  };
  const tell = (mark) => {
    clearTimeout(timer);
    if (told && told.mark === mark) return;
    hide();
    const place = placeOf.get(mark);
    const { term } = place;
    const [name, facts, links] = tip.children;
    name.querySelector("bdi").textContent = term.name.textContent;
    const left = term.places.filter((one) => one.isShown);
    const number = `${left.indexOf(place) + 1} of ${left.length}`;
    const said = place.context && `, ${place.context}`;
    facts.textContent = `${term.aspect}, score ${shownScore(place.score)}, place ${number}${said}`;
    links.firstElementChild.href = term.id.href;
    links.firstElementChild.textContent = term.id.textContent;
    links.lastElementChild.href = `#${term.row.id}`;
    told = { mark, place };
    outline(place, true);
    mark.setAttribute("aria-describedby", "tip");
    tip.hidden = false;
    const lines = mark.getClientRects();
    const [first, last] = [lines[0], lines[lines.length - 1]];
    const isBelow = last.bottom + tip.offsetHeight + 8 < innerHeight;
    tip.style.top = `${scrollY + (isBelow ? last.bottom + 4 : first.top - tip.offsetHeight - 4)}px`;
    const farthest = document.documentElement.clientWidth - tip.offsetWidth - 12;
    tip.style.left = `${scrollX + Math.max(12, Math.min((isBelow ? last : first).left, farthest))}px`;
  };
  const markAt = (node) => node.closest("mark:not(.out)");
  const settle = () => {
    const focused = document.activeElement;
    if (tip.contains(focused)) return;
    if (placeOf.has(focused) && placeOf.get(focused).isShown) tell(focused);
    else hide();
  };
  document.addEventListener("pointerover", (event) => {
    const mark = markAt(event.target);
    if (tip.contains(event.target)) clearTimeout(timer);
    else if (mark) tell(mark);
  });
  document.addEventListener("pointerout", (event) => {
    if (!markAt(event.target) && !tip.contains(event.target)) return;
    clearTimeout(timer);
    timer = setTimeout(settle, 250);
  });
  document.addEventListener("focusin", (event) => {
    const mark = markAt(event.target);
    if (mark) {
      const place = placeOf.get(mark);
      setStop(documentOf(place), place);
      tell(mark);
    } else if (!tip.contains(event.target)) hide();
  });

  // What keys and clicks do.
  const goTo = (place) => {
    const [mark] = place.marks;
    mark.focus({ preventScroll: true });
    mark.scrollIntoView({ block: "center" });
    hide(); // where it stood before
    tell(mark);
  };
  const step = (from, among, by) => {
    const left = among.filter((place) => place.isShown);
    const to = left[left.indexOf(from) + by];
    if (to) goTo(to);
  };
  const byKey = {
    ArrowRight: (place) => step(place, documentOf(place).places, 1),
    ArrowLeft: (place) => step(place, documentOf(place).places, -1),
    ArrowDown: (place) => step(place, place.term.places, 1),
    ArrowUp: (place) => step(place, place.term.places, -1),
    Enter: () => tip.querySelector("a").focus(),
  };
  document.addEventListener("keydown", (event) => {
    const place = placeOf.get(event.target);
    if (event.key === "Escape" && told) {
      const { mark } = told;
      if (tip.contains(event.target)) mark.focus();
      hide();
    } else if (place && place.isShown && Object.hasOwn(byKey, event.key)) {
      event.preventDefault();
      byKey[event.key](place);
    }
  });
  for (const term of terms.values()) {
    let last = null;
    term.name.addEventListener("click", (event) => {
      event.preventDefault();
      const left = term.places.filter((place) => place.isShown);
      last = left[(left.indexOf(last) + 1) % left.length];
      goTo(last);
    });
  }

  whenChosen(form, apply);
})();
