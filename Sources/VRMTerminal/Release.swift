/// Which version this is, and texts both programs print.
public enum Release {
    public static let version = "0.1.0"

    public static var exitCodes: String {
        (["Exit codes"] + ExitStatus.allCases.map { "  \($0.rawValue)\t\($0.meaning)" }).joined(separator: "\n")
    }
}
