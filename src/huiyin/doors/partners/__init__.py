"""The door of machine partners: where other installations hand their messages in. Opens nothing."""
