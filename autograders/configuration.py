"""nbgrader's configuration for this course."""

from nbgrader.apps import NbGrader

from environments.place import COURSE


def course_config():
    """nbgrader's configuration for this course, wherever we were called from."""
    app = _CourseApp()
    app.load_config_file()
    return app.config


class _CourseApp(NbGrader):
    """nbgrader that reads the course's own configuration, and none from the folder it is called from."""

    load_cwd_config = False

    @property
    def config_file_paths(self) -> list[str]:
        return [str(COURSE), *super().config_file_paths]
