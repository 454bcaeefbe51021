// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// What the check asks of the page: JupyterLab gives its application as window.jupyterapp
// (--expose-app-in-browser).
window.check = (() => {
  const app = window.jupyterapp;
  let panel, finished = false;

  // open opens the notebook and waits for its kernel.
  async function open(path) {
    await app.restored;
    panel = await app.commands.execute("docmanager:open", { path, factory: "Notebook" });
    await panel.context.ready;
    await panel.revealed;
    await panel.context.sessionContext.ready;
    if (!app.shell.leftCollapsed) app.shell.collapseLeft();
    app.shell.activateById(panel.id);
  }

  // start runs all cells; state tells when it is done.
  function start() {
    const done = () => { finished = true; };
    app.commands.execute("notebook:run-all-cells").then(done, done);
  }

  const strip = text => text.replace(/\x1b\[[0-9;]*m/g, "");
  const joined = text => Array.isArray(text) ? text.join("") : text || "";

  // state is the kernel's status and that of each code cell.
  function state() {
    const kernel = panel.context.sessionContext.session?.kernel;
    const cells = panel.content.widgets.map((widget, index) => {
      const cell = widget.model.toJSON();
      if (cell.cell_type !== "code") return null;
      const outputs = cell.outputs || [];
      const error = outputs.find(o => o.output_type === "error");
      return {
        index,
        id: cell.id,
        source: joined(cell.source),
        tags: cell.metadata.tags || [],
        ran: cell.execution_count != null,
        error: error ? strip(`${error.ename}: ${error.evalue}`) : "",
        stderr: strip(outputs.filter(o => o.name === "stderr").map(o => joined(o.text)).join("")),
        slider: !!slider(widget),
        pictures: pictures(widget).length,
      };
    }).filter(Boolean);
    return { kernel: kernel ? kernel.status : "none", finished, cells };
  }

  const slider = widget => widget.node.querySelector(".jp-OutputArea-output input[type=range]");
  const pictures = widget => [...widget.node.querySelectorAll(
    ".jp-OutputArea-output img, .jp-OutputArea-output svg, .jp-OutputArea-output canvas")];
  const shown = widget => pictures(widget).map(p => p.src || p.outerHTML).join("\n");

  // move moves the slider of cell i to its other end, time after time (its script may not be there yet),
  // until the pictures of the cell are others, and tells whether they were within the milliseconds given.
  async function move(i, milliseconds) {
    const widget = panel.content.widgets[i];
    widget.node.scrollIntoView();
    const end = Date.now() + milliseconds;
    for (let before = "", next = 0; Date.now() < end;) {
      const now = shown(widget), input = slider(widget);
      if (before && now && now !== before) return true;
      before ||= now;
      if (before && input && Date.now() >= next) {
        input.value = input.value === input.max ? input.min : input.max;
        for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
        next = Date.now() + 2000;
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    return false;
  }

  // again interrupts cell i, and runs it anew.
  async function again(i) {
    const kernel = panel.context.sessionContext.session.kernel;
    if (kernel.status !== "idle") await kernel.interrupt();
    while (kernel.status !== "idle") await new Promise(resolve => setTimeout(resolve, 100));
    panel.content.activeCellIndex = i;
    panel.content.widgets[i].model.outputs.clear();
    app.commands.execute("notebook:run-cell");
    while (kernel.status === "idle") await new Promise(resolve => setTimeout(resolve, 20));
  }

  // release presses the slider's Stop.
  function release(i) {
    panel.content.widgets[i].node.querySelector("button.pinn-stop")?.click();
  }

  // broken says what is not shown as it should: pictures that don't load, formulas that don't parse.
  async function broken() {
    const problems = [];
    for (const img of panel.content.node.querySelectorAll("img")) {
      await img.decode().catch(() => {});
      if (!img.complete || img.naturalWidth === 0) problems.push(`a picture does not load: ${img.src.slice(0, 80)}`);
    }
    for (const e of panel.content.node.querySelectorAll("mjx-merror, [data-mjx-error]")) {
      problems.push(`a formula does not parse: ${e.getAttribute("data-mjx-error") || e.textContent}`);
    }
    return problems;
  }

  // height is the notebook's, to the end of its last cell, and that of the page around it.
  function height() {
    const outer = panel.content.outerNode || panel.content.node, last = panel.content.widgets.at(-1).node;
    const end = last.getBoundingClientRect().bottom - outer.getBoundingClientRect().top + outer.scrollTop;
    return { notebook: Math.ceil(end) + 20, around: innerHeight - outer.clientHeight };
  }

  function scroll(to) {
    (panel.content.outerNode || panel.content.node).scrollTop = to;
  }

  return { open, start, state, move, again, release, broken, height, scroll };
})();
