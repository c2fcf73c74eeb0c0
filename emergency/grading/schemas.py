"""What the API of grading takes in. Owns and promises: as `emergency/schemas.py`."""

from ..schemas import CasualtiesIn, Money, Strict, line


class FiguresIn(Strict):
    """A class and figures, null where they are 不详."""

    type_code: line(5, 5)
    casualties: CasualtiesIn = CasualtiesIn()
    loss_cny: Money = None
