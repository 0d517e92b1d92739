(() => {
  "use strict";
  const grid = document.querySelector(".grid");
  const why = document.querySelectorAll("#why li");
  const details = document.querySelector("details.whys");
  addEventListener("beforeprint", () => { if (details) details.open = true; });
  if (!grid) return;
  const rows = [...grid.tBodies[0].rows];
  const heads = [...grid.querySelectorAll("tr.tool th[data-c]")];
  const targets = [...grid.querySelectorAll("tr.target th[data-n]")];
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);
  const words = { y: "allowed", c: "conditional", n: "denied" };

  // What a cell says, as text and never as markup.
  const show = (cell) => {
    const row = cell.parentElement;
    const head = heads[cell.cellIndex - 1];
    const title = document.createElement("b");
    title.textContent = head.title + " · " + row.dataset.who;
    const verdict = document.createElement("div");
    verdict.textContent = words[cell.className] + ": " + why[cell.dataset.w - 1].textContent;
    tip.replaceChildren(title, verdict);
    tip.hidden = false;
    const box = cell.getBoundingClientRect();
    const own = tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, innerWidth - own.width - 8));
    const below = box.bottom + 6;
    tip.style.left = left + "px";
    tip.style.top = (below + own.height > innerHeight ? Math.max(8, box.top - own.height - 6) : below) + "px";
    cell.setAttribute("aria-describedby", "tip");
  };
  const hide = () => { tip.hidden = true; };
  const cellOf = (event) => event.target.closest ? event.target.closest("td[data-w]") : null;
  grid.addEventListener("mouseover", (event) => { const cell = cellOf(event); if (cell) show(cell); else hide(); });
  grid.addEventListener("mouseleave", hide);
  grid.addEventListener("focusin", (event) => { const cell = cellOf(event); if (cell) { rove(cell); show(cell); } });
  grid.addEventListener("focusout", hide);
  document.querySelector(".sheet").addEventListener("scroll", () => {
    const cell = document.activeElement.closest && document.activeElement.closest("td[data-w]");
    if (cell && !tip.hidden) show(cell); else hide();
  });

  // One cell is in the order of the tabulator; arrows go to the others.
  let current = null;
  const rove = (cell) => {
    if (current) current.tabIndex = -1;
    current = cell;
    cell.tabIndex = 0;
  };
  const first = () => {
    const row = rows.find((row) => !row.hidden);
    const cell = row && [...row.cells].find((cell) => cell.dataset.w && !cell.hidden);
    if (cell) rove(cell);
  };
  const next = (list, at, step) => {
    for (let index = at + step; index >= 0 && index < list.length; index += step) {
      if (!list[index].hidden && (list[index].dataset.w || list[index].cells)) return list[index];
    }
    return null;
  };
  grid.addEventListener("keydown", (event) => {
    const cell = cellOf(event);
    if (event.key === "Escape") return hide();
    if (!cell) return;
    const row = cell.parentElement;
    let goal = null;
    if (event.key === "ArrowRight") goal = next([...row.cells], cell.cellIndex, 1);
    else if (event.key === "ArrowLeft") goal = next([...row.cells], cell.cellIndex, -1);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const other = next(rows, rows.indexOf(row), event.key === "ArrowDown" ? 1 : -1);
      goal = other && other.cells[cell.cellIndex];
    } else return;
    event.preventDefault();
    if (goal) goal.focus();
  });

  // Filters.
  const tenant = document.getElementById("tenant");
  const tool = document.getElementById("tool");
  const open = document.getElementById("open");
  const count = document.getElementById("count");
  const filter = () => {
    const who = tenant.value.trim().toLowerCase();
    const what = tool.value.trim().toLowerCase();
    let shown = 0;
    const isShown = heads.map((head) => head.title.toLowerCase().includes(what));
    const isKept = isShown.map((shown, at) => shown && (!open.checked || rows.some((row) => row.cells[at + 1].className !== "n")));
    for (const row of rows) {
      const names = (row.dataset.who + " " + row.dataset.all).toLowerCase();
      const cells = [...row.cells].slice(1);
      row.hidden = !names.includes(who) || (open.checked && !cells.some((cell, at) => isKept[at] && cell.className !== "n"));
      if (!row.hidden) shown += 1;
      cells.forEach((cell, at) => { cell.hidden = !isKept[at]; });
    }
    heads.forEach((head, at) => { head.hidden = !isKept[at]; });
    let at = 0;
    for (const target of targets) {
      const size = Number(target.dataset.n);
      const left = isKept.slice(at, at + size).filter(Boolean).length;
      target.hidden = left === 0;
      if (left) target.colSpan = left;
      at += size;
    }
    count.textContent = shown + " of " + rows.length + " rows, " + isKept.filter(Boolean).length + " of " + heads.length + " tools";
    hide();
    first();
  };
  for (const input of [tenant, tool]) input.addEventListener("input", filter);
  open.addEventListener("change", filter);
  rows.forEach((row) => [...row.cells].slice(1).forEach((cell) => { cell.tabIndex = -1; }));
  document.querySelector(".tools").hidden = false;
  filter();
})();
