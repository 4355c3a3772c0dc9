// Nothing yet depends on a script: pages work without one.
