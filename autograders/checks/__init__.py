"""What the test cells of each lab call. A notebook that imports a lab's checks is told of each one that passes."""

from autograders.announce import install

install()
