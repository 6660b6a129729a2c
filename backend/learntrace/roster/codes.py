"""Names and lengths that the roster and those who fill it agree on."""

# The class of a sandbox in which a sandbox key's unknown students are enrolled.
TEST_CLASS_NAME = "Test players"

CLASS_CODE_LENGTH = 6
PUPIL_CODE_LENGTH = 6
