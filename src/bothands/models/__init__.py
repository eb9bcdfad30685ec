"""Ports to machines that compute: embedding today, generating and transcribing later.

The only room that knows model libraries, and it loads them on first use.
"""

from bothands.models.embedding import Embedder, open_embedder
from bothands.models.encoding import DIMENSIONS, Precision, WeightsMissing
from bothands.models.naming import word_vectors
from bothands.models.thinking import think

__all__ = ["DIMENSIONS", "Embedder", "Precision", "WeightsMissing", "open_embedder", "think", "word_vectors"]
