x = f("label, 1)
y = 2
