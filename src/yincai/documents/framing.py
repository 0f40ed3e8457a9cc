"""The frame of a one-inch photo on its whole picture, in pixels of page 0: where it is, and moved by steps.

The shape never changes (25 : 35); the frame stays inside the picture and never has under half of the pixels
that the photo needs, which the reader would refuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from yincai.documents.vocabulary import PHOTO_HEIGHT, PHOTO_WIDTH, Crop, DocumentView, PageView

MILLION: Final = 1_000_000
MOVES: Final = ("larger", "smaller", "left", "right", "up", "down")
"""What a button may ask for."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of the photo's shape on a picture of `page_width` × `page_height`."""

    left: int
    top: int
    width: int
    page_width: int
    page_height: int

    @property
    def height(self) -> int:
        """As much as the shape gives for the width."""
        return self.width * PHOTO_HEIGHT // PHOTO_WIDTH

    @property
    def is_coarse(self) -> bool:
        """Whether it has fewer pixels than the printed photo."""
        return self.width < PHOTO_WIDTH

    @property
    def most(self) -> int:
        """The widest frame that the picture takes."""
        return min(self.page_width, self.page_height * PHOTO_WIDTH // PHOTO_HEIGHT)

    @property
    def least(self) -> int:
        """The narrowest frame that the reader takes."""
        return min(self.most, (PHOTO_WIDTH + 3) // 2)

    def placed(self, *, left: int, top: int, width: int) -> Frame:
        """A frame as near to these numbers as the picture allows."""
        width = max(self.least, min(width, self.most))
        frame = Frame(0, 0, width, self.page_width, self.page_height)
        return Frame(
            max(0, min(left, self.page_width - width)),
            max(0, min(top, self.page_height - frame.height)),
            width,
            self.page_width,
            self.page_height,
        )

    def moved(self, how: str) -> Frame:
        """One step: a twentieth of the frame to a side, or a tenth larger or smaller about its middle."""
        step = max(1, self.width // 20)
        if how in ("larger", "smaller"):
            grown = self.width + max(1, self.width // 10) * (1 if how == "larger" else -1)
            grown = max(self.least, min(grown, self.most))
            after = Frame(0, 0, grown, self.page_width, self.page_height)
            left = self.left + (self.width - after.width) // 2
            top = self.top + (self.height - after.height) // 2
            return self.placed(left=left, top=top, width=grown)
        across = {"left": -step, "right": step}.get(how, 0)
        down = {"up": -step, "down": step}.get(how, 0)
        return self.placed(left=self.left + across, top=self.top + down, width=self.width)

    @property
    def crop(self) -> Crop:
        """The frame in millionths of the picture, as the reader is told."""
        left, top = self.left * MILLION // self.page_width, self.top * MILLION // self.page_height
        width = min(MILLION - left, -(-self.width * MILLION // self.page_width))
        height = min(MILLION - top, -(-self.height * MILLION // self.page_height))
        return Crop(left, top, width, height)


def whole_picture(photo: DocumentView) -> PageView | None:
    """Page 0 of a safe photo; None of anything else."""
    return next((page for page in photo.pages if page.number == 0), None)


def frame_of(photo: DocumentView) -> Frame | None:
    """Where the photo was cut from its whole picture; None when there is no such picture.

    Without a chosen crop it is what the reader cuts by itself: the largest, in the middle, near the top.
    """
    page = whole_picture(photo)
    if page is None:
        return None
    whole = Frame(0, 0, 1, page.width, page.height)
    if photo.crop is None:
        height = whole.most * PHOTO_HEIGHT // PHOTO_WIDTH
        return whole.placed(
            left=(page.width - whole.most) // 2, top=(page.height - height) // 8, width=whole.most
        )
    crop = photo.crop
    return whole.placed(
        left=round(crop.left * page.width / MILLION),
        top=round(crop.top * page.height / MILLION),
        width=round(crop.width * page.width / MILLION),
    )
