"""What the ledger comes to: sums by days and by who and what, for pages, files and commands.

Whoever reads them sees their own calls; administrators see everybody's where they ask for the team's.
"""

from .overview import Tile, tiles
from .pace import first_token

__all__ = ["Tile", "first_token", "tiles"]
