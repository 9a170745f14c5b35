"""What stands on the axes of a figure, for tests."""


def tick_labels(axes, along):
    """The names of places on the axis "x" or "y", in the order in which they were written."""
    return [text for text in axes.texts if text.get_label() == along]


def said(axes):
    """The texts on some axes, without the names of places."""
    return [text.get_text() for text in axes.texts if text.get_label() not in ("x", "y")]
