/// How many letters to change, add or drop to make one name of another (Levenshtein), for guessing what was meant.
///
/// Names that differ in length by more than two are not compared: the answer is 3.
public func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    guard abs(a.count - b.count) <= 2 else { return 3 }
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var corner = row[0]
        row[0] = i + 1
        for (j, y) in b.enumerated() {
            (corner, row[j + 1]) = (row[j + 1], x == y ? corner : 1 + min(corner, row[j], row[j + 1]))
        }
    }
    return row[b.count]
}
