"""The families that have a studio, in the order of the rail. To add one, see the package."""

from .embeddings import EMBEDDINGS
from .family import Family
from .images import IMAGES
from .music import MUSIC
from .rerank import RERANK
from .speech import SPEECH
from .transcription import TRANSCRIPTION
from .video import VIDEO

ALL: tuple[Family, ...] = (IMAGES, VIDEO, SPEECH, TRANSCRIPTION, MUSIC, EMBEDDINGS, RERANK)
BY_NAME = {family.name: family for family in ALL}
