# In the demo shakespeare: why is ":" expected after a name? By token, and by unit.
# As :record wrote it, with :screen in between:
#
#     gatescope demo shakespeare --replay session.gs
size 120x40
# At the last letter of a name, of the colon:
why gradient y[:] @ 46
screen 1-tokens.txt
# w: from no input at all to this one
why
screen 2-integrated.txt
# Back to the slopes, ↓ and Enter: to the second token, of the unit that carried it
why gradient
next-unit 1
tour-next
screen 3-unit.txt
# Who opened that unit's input gate there?
why gate i
screen 4-gate.txt
size 80x24
screen 5-small.txt
