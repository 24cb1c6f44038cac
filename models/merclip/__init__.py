"""MER-CLIP: multimodal emotion recognition guided by the meaning of its labels.

Re-implemented from the abstract of Song and Cho, "Leveraging CLIP Encoder for Multimodal Emotion
Recognition", WACV 2025 (arXiv 2506.00903). Dimensions, losses and prompts are this project's own and
live in ``configs/``; nothing here claims to reproduce the paper's figures.
"""

__version__ = "0.1.0"
