"""Two booksellers' bots price a book by each other's price, and it ends at 23 million dollars."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from ostrom.core.forms.reactions import Reactions
from ostrom.core.record import Interval

from ._scenario import check


class BookPrices(Reactions):
    """Each day one bot goes just below the other's price, and the other, without the book in stock, well above.

    Who undercuts sets 0.9983 times the other's price; who would have to buy the book first sets 1.270589 times the
    undercutter's. Both rules are reasonable against a person's price. Against each other they multiply: once round the
    loop is 0.9983 × 1.270589 = 1.2684, and the price doubles every three days until somebody looks.

    Agents `profnath` (moves first each day) and `bordeebook`; numbers are dollars.

    Parameters
    ----------
    undercut : what the first multiplies the other's price by.
    markup : what the second multiplies the first's new price by.
    price : the second's price in the beginning.

    Source: Eisen, "Amazon's $23,698,655.93 book about flies" (2011).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Eisen (2011)",
        "gain a day": 1.2684290,
        "days to double": 2.915,
        "highest price seen": 23_698_655.93,
    }

    def __init__(
        self,
        undercut: Annotated[float, Interval(ge=0, le=100)] = 0.9983,
        markup: Annotated[float, Interval(ge=0, le=100)] = 1.270589,
        price: Annotated[float, Interval(ge=0.01, le=1e9)] = 35.54,
    ) -> None:
        check(BookPrices, locals())
        super().__init__(
            [[0.0, undercut], [markup, 0.0]],
            start=[undercut * price, price],
            players=("profnath", "bordeebook"),
            name="book_prices",
            unit="dollars",
            round="day",
        )
