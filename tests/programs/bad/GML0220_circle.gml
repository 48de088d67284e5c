import imports.circle
x = 1
