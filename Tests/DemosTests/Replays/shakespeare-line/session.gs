# In the demo shakespeare: find the unit that tracks the place in the line, mark it, export its trace,
# and find the steps at which its forget gate closes. As :record wrote it, with :screen in between:
#
#     gatescope demo shakespeare --replay session.gs
size 120x40
# s: the units by how well they follow the place in the line; the best is in hand.
sort
screen 1-sorted.txt
# ma
mark a
# 3: its signals over time
view unit
screen 2-unit.txt
# E, Enter
export shakespeare-unit101.csv --units 101
# :find, then n twice
lane f
find f[101] < 0.1
search-next
search-next
screen 3-closed.txt
# 4: where in the text that is
view text
screen 4-text.txt
# 'a: back to the mark
jump a
screen 5-back.txt
