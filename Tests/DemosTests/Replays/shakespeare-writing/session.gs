# In the demo shakespeare: type the beginning of a line, see what the network expects, turn a value, let the
# network go on, and hold its clock while it writes.
#
#     gatescope demo shakespeare --replay session.gs
size 120x40
# i, then the characters, then Esc
type "And so"
screen 1-typed.txt
undo
# The network goes on by itself, from the last step
generate 90 temperature 0.6 seed 3
unit 101
view text
lane c
screen 2-written.txt
# The same with the clock of the line held at its beginning: it is written anew
clamp c[101] = -2.1 @ 390..
screen 3-held.txt
view lanes
set limits 6
next-unit
previous-unit
go 395
screen 4-marked.txt
# Beside the run without changes
undo
undo
go 88
clamp c[101] = -2.1 @ 81..88
view compare
screen 5-beside.txt
size 80x24
screen 6-small.txt
# A knob: c of unit 101 a notch up, and another
view unit
turn 1
turn 1
screen 7-turned.txt
undo
undo
screen 8-undone.txt
