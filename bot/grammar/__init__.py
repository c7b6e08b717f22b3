"""What people say to the bot: from the text of a comment to typed commands, or to a mistake that points at its place. Pure.

`spoken.read` is the front door, and nothing behind it sees text again. `lines` finds the lines that are commands, `names` knows
whose they are, `words` splits one, `arguments` reads it against what a command declares, and `kinds` says what a value may be.
"""
