"""What is true of the work: pure functions and values. Knows no Qt, no SQL, no clock and no file."""
