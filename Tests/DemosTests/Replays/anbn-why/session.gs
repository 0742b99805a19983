# In the demo anbn: find the unit that counts, and ask at the last a where its count comes from.
# As :record wrote it, with :screen in between:
#
#     gatescope demo anbn --replay session.gs
size 120x40
# s: the units by how well they follow the count; the best is in hand. Four times Tab: its c
sort
next-lane 4
# /ab, then n: the last of eight a
search ab
search-next
# w: every a is a write of about one
why
screen 1-writes.txt
# ↓ and Enter: to the step of the fourth of them, and what is asked there
next-unit 3
tour-next
screen 2-fourth.txt
# Backspace: back
tour-back
screen 3-back.txt
size 80x24
screen 4-small.txt
