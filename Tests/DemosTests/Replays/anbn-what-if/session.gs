# In the demo anbn: find the unit that counts, let it forget half at every step from 10 on, and see what
# becomes of the count, of the prediction and of its reasons; then write the branch and undo it.
# As :record wrote it, with :screen in between:
#
#     gatescope demo anbn --replay session.gs
size 120x40
# s: the units by how well they follow the count; the best is in hand. Tab: its forget gate
sort
next-lane
# Where the strings of eight begin; there ! asks for a change of the value in hand
go 10
clamp f[1] = 0.5 @ 10..
# G would go to the end; the last a is at 18, and two b later the network takes them for the last ones
go 20
next-lane 3
screen 1-wrong.txt
# w: at a half a step nothing older than a few steps is left
why
screen 2-why.txt
# Beside the run without the change, and how far the predictions are apart
compare branch main
screen 3-beside.txt
export held.csv --signals f,c,h
# U: as it was
undo
view lanes
screen 4-undone.txt
size 80x24
redo
screen 5-small.txt
