import ArgumentParser

struct V: ParsableCommand {}
V.main()
