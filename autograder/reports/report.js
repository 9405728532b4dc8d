"use strict";
// The table of students sorts by its heads and shows whom one looks for. Without this script it is just a table.
const table = document.getElementById("class");
const body = table.tBodies[0];
const rows = Array.from(body.rows);
const find = document.getElementById("find");
const show = document.getElementById("show");
const names = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const known = new Map(rows.map((row) => [row, plain(row.cells[0].textContent)]));

function filter() {
  const wanted = plain(find.value).split(/\s+/);
  let seen = 0;
  for (const row of rows) {
    row.hidden = !(wanted.every((word) => known.get(row).includes(word)) && (!show.value || show.value in row.dataset));
    seen += !row.hidden;
  }
  document.getElementById("shown").textContent = `${seen} of ${rows.length} students`;
}

function sort(column, head) {
  const down = head.getAttribute("aria-sort") === "ascending";
  const text = (row) => row.cells[column].textContent;
  const number = (row) => (text(row) === "·" ? -1 : parseFloat(text(row)));
  const order = column === 0 ? (a, b) => names.compare(text(a), text(b)) : (a, b) => number(a) - number(b);
  const blank = (row) => column > 0 && Number.isNaN(number(row));
  const filled = rows.filter((row) => !blank(row)).sort(order);
  if (down) filled.reverse();
  body.append(...filled, ...rows.filter(blank));
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
}

Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  button.addEventListener("click", () => sort(column, head));
  head.replaceChildren(button);
});
find.addEventListener("input", filter);
show.addEventListener("change", filter);
addEventListener("pageshow", filter); // whoever comes back finds the filter as it was left
document.getElementById("tools").hidden = false;
filter();
