"""The program's own commands, a module each; what they have to say is for whoever runs the bot."""


class Trouble(Exception):
    """A command cannot go on; the text is a sentence with the remedy."""


class Misused(Trouble):
    """What a command was given cannot be used; the exit code is that of wrong arguments."""
