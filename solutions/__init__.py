"""The exercises of the course: each topic is a module or package here, each exercise one decorated reference function."""
