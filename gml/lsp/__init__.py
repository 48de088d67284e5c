"""What an editor can be told of a model, in the terms of the language server protocol.

A document is kept as pieces, one an item, each parsed by itself and again only when its
text changes: what is typed in one line leaves the names of all others known, and an
answer does not wait for the whole file. The checker reads the text as a whole; what it
finds (mistakes, types, roles) is used until it has run again.

One feature is one file with one function from a document to what the protocol sends.
"""
