import imports.back
