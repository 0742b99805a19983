# In the demo recall: one key shows how the gradient and the memory last in the LSTM, the GRU and the
# plain network, with the numbers; then from another step, and with another letter.
#
#     gatescope demo recall --replay session.gs
size 80x24
# 8
view flow
screen 1-curves-80x24.txt
size 120x40
screen 2-curves-120x40.txt
size 200x60
screen 3-curves-200x60.txt
size 120x40
flow 100
go 90
screen 4-from-step-100.txt
what-reaches 60 A
screen 5-another-letter.txt
