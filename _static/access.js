/* Two things that the theme leaves undone for readers without a mouse or without sight. */

/* What is wider than the page scrolls inside itself; then the keyboard must be able to reach it. */
(() => {
  const WIDE = "div.math, .claim-formula, .claim-instead, .cell_output, .cell_output .output, div.highlight pre, .bd-article table, .pst-scrollable-table-container, .sd-card-body";
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
