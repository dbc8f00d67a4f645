"""The figures: gap and levels by year, paired differences, raw beside fixed composition, politics, the map of a
city.

Every function returns a matplotlib `Figure` that belongs to nobody else; `save_figure` writes it. A figure carries its
caption at the foot, or leaves it to the page (`with_caption=False`): `figure.caption_text` holds the words.
"""

from results.figures.city_map import map_figure
from results.figures.differences import difference_figure, fixed_and_raw_figure
from results.figures.drawing import save_figure
from results.figures.levels import gap_figure
from results.figures.office import politics_figure

__all__ = ["difference_figure", "fixed_and_raw_figure", "gap_figure", "map_figure", "politics_figure", "save_figure"]
