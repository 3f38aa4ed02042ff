"""Matplotlib looks for fonts when it first plots, and a kernel has its plots inline."""

from autograders.grading.library import Library

INLINE = "module://matplotlib_inline.backend_inline"


def _plot_once(shell) -> None:
    """The page around a plot is not measured a second time, which takes as long as the plot."""
    from matplotlib_inline.backend_inline import configure_inline_support
    from matplotlib_inline.config import InlineBackend

    configure_inline_support(shell, INLINE)
    InlineBackend.instance(parent=shell).set_trait("print_figure_kwargs", {"bbox_inches": None})
    shell.runs(
        "import matplotlib.pyplot as plt, pandas\nplt.semilogy([1, 2], label='x'); plt.title('fonts'); plt.show()\n"
        "pandas.Series([1, 2]).plot.bar(); plt.show()"
    )
    shell.reset()


LIBRARY = Library("matplotlib", warm_up=_plot_once, environment={"MPLBACKEND": INLINE, "MPLCONFIGDIR": "{home}"})
