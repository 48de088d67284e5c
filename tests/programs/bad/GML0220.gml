import nowhere
x = 1
