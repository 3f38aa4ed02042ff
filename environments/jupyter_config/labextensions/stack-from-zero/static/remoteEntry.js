/* Run All goes to the last cell at once, and where a cell above it ends with an error, that is out of sight. This plugin
   goes back to the cell with the error.

   It is written as JupyterLab's loader wants it, a container of webpack's module federation, so that nothing has to be
   built: `init` is given the packages that JupyterLab shares, `get` hands out our one module. */
(function () {
  "use strict";
  const NAME = "stack-from-zero";
  let shared; // {package: {version: {get}}}

  async function load(name) {
    const versions = Object.values(shared[name] || {});
    if (!versions.length) {
      throw new Error(`${NAME}: this JupyterLab does not share ${name}`);
    }
    return (await versions[0].get())();
  }

  async function show(notebook, cell, lastCell) {
    const index = notebook.widgets.indexOf(cell);
    const last = notebook.widgets.indexOf(lastCell);
    const wasLeft = notebook.activeCellIndex === last || notebook.activeCellIndex === last + 1; // also in a cell made below
    if (index < 0 || (notebook.mode === "edit" && !wasLeft)) {
      return; // the cell is gone, or somebody is typing elsewhere by now
    }
    notebook.mode = "command";
    notebook.deselectAll();
    notebook.activeCellIndex = index;
    await notebook.scrollToItem(index, "center").catch(() => {});
    cell.outputArea.node.scrollIntoView({ block: "nearest" }); // of a cell that is higher than the window
  }

  async function activate() {
    const { NotebookActions } = await load("@jupyterlab/notebook");
    const failed = new WeakMap(); // by notebook, the cell that raised an error in the run that has not ended yet

    NotebookActions.executed.connect((_, { notebook, cell, success, error }) => {
      // Cells that wait when another fails are cancelled: they have no error's name.
      if (!success && error && error.errorName) {
        failed.set(notebook, cell);
      }
    });
    // One signal for each run of one cell or more. Of a single cell, JupyterLab's own move to the next one is right.
    NotebookActions.selectionExecuted.connect((_, { notebook, lastCell }) => {
      const cell = failed.get(notebook);
      failed.delete(notebook);
      if (cell && cell !== lastCell) {
        void show(notebook, cell, lastCell);
      }
    });
  }

  const plugin = { id: `${NAME}:stay-at-the-error`, autoStart: true, activate };
  const container = {
    init: scope => void (shared = scope),
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
  (window._JUPYTERLAB = window._JUPYTERLAB || {})[NAME] = container;
})();
