"""A page's three sets of coordinates: as written, as shown, and as its lines are read."""

from dataclasses import dataclass

from assistant.documents.pages import WHOLE, Box

Edges = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The page's visible part in points as written (y grows upwards).

    ``shown`` and ``read`` count the quarter turns, clockwise, that bring what is written upright
    as the page is shown and as its text is read; they differ where text is printed sideways.
    """

    left: float
    bottom: float
    right: float
    top: float
    shown: int = 0
    read: int = 0

    @property
    def width(self) -> float:
        """As read, in points."""
        return (self.right - self.left, self.top - self.bottom)[self.read % 2]

    @property
    def height(self) -> float:
        """As read, in points."""
        return (self.top - self.bottom, self.right - self.left)[self.read % 2]

    def to_read(self, left: float, bottom: float, right: float, top: float) -> Edges:
        """A box as written → (left, top, right, bottom) as read, y growing downwards."""
        return self._turn(self.read, left, bottom, right, top)

    def to_shown(self, left: float, top: float, right: float, bottom: float) -> Box:
        """A box as read → where it is on the page as shown."""
        written = self._turn_back(left, top, right, bottom)
        shown = self._turn(self.shown, *written)
        across, down = self.right - self.left, self.top - self.bottom
        if self.shown % 2:
            across, down = down, across
        parts = (shown[0] / across, shown[1] / down, shown[2] / across, shown[3] / down)
        return Box(*(min(max(round(part * WHOLE), 0), WHOLE) for part in parts))

    def to_written(self, box: Box) -> Edges:
        """A box on the page as shown → (left, bottom, right, top) in points as written."""
        across, down = self.right - self.left, self.top - self.bottom
        if self.shown % 2:
            across, down = down, across
        edges = (
            box.left / WHOLE * across,
            box.top / WHOLE * down,
            box.right / WHOLE * across,
            box.bottom / WHOLE * down,
        )
        return Frame(
            self.left, self.bottom, self.right, self.top, self.shown, self.shown
        )._turn_back(*edges)

    def _turn(self, turns: int, left: float, bottom: float, right: float, top: float) -> Edges:
        match turns % 4:
            case 0:
                return left - self.left, self.top - top, right - self.left, self.top - bottom
            case 1:
                return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
            case 2:
                return (
                    self.right - right,
                    bottom - self.bottom,
                    self.right - left,
                    top - self.bottom,
                )
            case _:
                return self.top - top, self.right - right, self.top - bottom, self.right - left

    def _turn_back(self, left: float, top: float, right: float, bottom: float) -> Edges:
        match self.read % 4:
            case 0:
                return left + self.left, self.top - bottom, right + self.left, self.top - top
            case 1:
                return top + self.left, left + self.bottom, bottom + self.left, right + self.bottom
            case 2:
                return (
                    self.right - right,
                    top + self.bottom,
                    self.right - left,
                    bottom + self.bottom,
                )
            case _:
                return self.right - bottom, self.top - right, self.right - top, self.top - left
