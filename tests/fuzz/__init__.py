"""Fuzzing: whatever comes in, the program's own answer or its own error comes out."""
