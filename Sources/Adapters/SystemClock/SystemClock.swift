// SystemClock
