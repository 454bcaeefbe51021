// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// A formula in a line of text that is wider than the text (on a phone) gets a line of its own, where it
// scrolls by itself. Which one is, only MathJax knows.
addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  const fit = () => {
    for (const formula of document.querySelectorAll("span.math")) {
      formula.classList.remove("wide");
      const column = formula.closest("p, li, td, th, div");
      if (column && formula.getBoundingClientRect().width > column.clientWidth) formula.classList.add("wide");
    }
  };
  fit();
  addEventListener("resize", fit);
});
