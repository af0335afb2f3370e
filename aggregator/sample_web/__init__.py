"""The sample web: a small web of blogs on 127.0.0.1, for `veille demo` and for the tests."""
