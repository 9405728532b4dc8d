/* What the theme leaves undone: two things for readers without a mouse or without sight, one for all. */

/* What is wider than the page scrolls inside itself; then the keyboard must be able to reach it. */
(() => {
  const WIDE = "div.math, .claim-formula, .claim-instead, .cell_output, .cell_output .output, div.highlight pre, .bd-article table, .pst-scrollable-table-container, .sd-card-body, .ag-figure";
  const NAMES = [["div.math, .claim-formula, .claim-instead", "formula"], ["pre", "code"], ["table", "table"]];

  function mark(element) {
    const scrolls = element.scrollWidth > element.clientWidth + 1;
    if (scrolls && !element.hasAttribute("tabindex")) {
      const name = NAMES.find(([selector]) => element.matches(selector))?.[1] ?? "output";
      element.tabIndex = 0;
      if (!element.matches("table")) {
        element.setAttribute("role", "group");
        element.setAttribute("aria-label", `wide ${name}, scrolls sideways`);
      }
    }
  }

  const markAll = () => document.querySelectorAll(WIDE).forEach(mark);
  window.addEventListener("load", () => (window.MathJax?.startup?.promise ?? Promise.resolve()).then(markAll));
  window.addEventListener("resize", markAll);
  document.addEventListener("toggle", markAll, true);
})();

/* A list of references is announced as a list whose entries are none: entries of a bibliography are enough. */
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".citation-list[role=list]").forEach((list) => list.removeAttribute("role"));
});

/* A line may end after any formula; a comma or a bracket that belongs to the formula must not begin the next one. */
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("article span.math").forEach((formula) => {
    const after = formula.nextSibling;
    const sign = after?.nodeType === Node.TEXT_NODE && after.data.match(/^[,.;:!?)\]”’]+/)?.[0];
    if (!sign) return;
    const pair = document.createElement("span");
    pair.className = "unbroken";
    formula.replaceWith(pair);
    pair.append(formula, sign);
    after.data = after.data.slice(sign.length);
  });
});
