"""MER-CLIP on features that others extracted: CMU-MOSI's utterance vectors, and the pickles that MMSA distributes."""
