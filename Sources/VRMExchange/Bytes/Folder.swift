#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A folder of the file system, to find what an import can read in it.
public struct Folder {
    let path: String

    /// The names of the files in a folder, sorted, hidden ones left out; nil when there is no such folder.
    public static func files(in path: String) -> [String]? { try? Folder(path)?.files { !$0.hasPrefix(".") } }

    /// Those whose name ends in `.json`.
    public static func jsonFiles(in path: String) -> [String]? { try? Folder(path)?.jsonFiles() }

    /// Nil when there is no folder at `path`.
    init?(_ path: String) {
        guard let stream = opendir(path) else { return nil }
        closedir(stream)
        self.path = path
    }

    /// The files whose name ends in `.json`, in the order of their names. Hidden ones are left out.
    func jsonFiles() throws -> [String] { try files { $0.hasSuffix(".json") && !$0.hasPrefix(".") } }

    private func files(_ isWanted: (String) -> Bool) throws -> [String] {
        guard let stream = opendir(path) else { throw FileFailure(errno: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if isWanted(name) { names.append(name) }
        }
        return names.sorted()
    }

    func path(of name: String) -> String { path + "/" + name }

    static func hasFile(_ path: String) -> Bool { access(path, R_OK) == 0 && Folder(path) == nil }
}
