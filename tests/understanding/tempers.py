"""What calm and annoyed customers say, to learn from and to measure on."""

CALM = [
    "that is fine",
    "yes please",
    "three people",
    "on Friday",
    "thank you very much",
    "great, that was all",
]
CROSS = [
    "I said that already!!",
    "this is useless",
    "why can't you do that?!",
    "no, again, I told you",
    "what a waste",
]
