import imports.nowhere
x = 1
