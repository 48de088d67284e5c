import imports.circle
