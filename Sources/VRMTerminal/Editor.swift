import Glibc

/// Lets the user write a value of several lines in the editor they know, in memory only.
struct Editor {
    private let command: String
    private let folder: String

    /// - Throws: A ``Message`` when there is no folder in memory to write in.
    init(_ environment: [String: String]) throws {
        command = [environment["VISUAL"], environment["EDITOR"]].lazy.compactMap { $0 }.first { !$0.isEmpty } ?? "vi"
        let places = [environment["XDG_RUNTIME_DIR"], "/dev/shm"].compactMap { $0 }
        guard let place = places.first(where: { $0.hasPrefix("/") && access($0, W_OK) == 0 }) else {
            throw Message("there is no folder in memory for the editor", hint: "pipe the value in", status: .failed)
        }
        folder = "\(place)/vrm-edit-\(getpid())"
    }

    /// What the person wrote.
    func write(cap: Int) throws -> [UInt8] {
        guard mkdir(folder, 0o700) == 0 else { throw Message("cannot make a folder for the editor", status: .failed) }
        let file = folder + "/value"
        defer { clear() }
        guard ChildProcess.run(["/bin/sh", "-c", "\(command) \"$1\"", "sh", file]) == 0 else {
            throw Message("the editor failed, nothing was changed", hint: "export EDITOR", status: .cancelled)
        }
        let descriptor = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw Message("nothing was written, nothing was changed", status: .cancelled) }
        defer { close(descriptor) }
        return try Console.readAll(descriptor, cap: cap)
    }

    /// Takes the folder away with everything an editor leaves beside a file.
    private func clear() {
        if let listing = opendir(folder) {
            while let entry = readdir(listing) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
                guard name != ".", name != ".." else { continue }
                wipe("\(folder)/\(name)")
                unlink("\(folder)/\(name)")
            }
            closedir(listing)
        }
        rmdir(folder)
    }

    private func wipe(_ file: String) {
        var info = stat()
        let descriptor = open(file, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0, fstat(descriptor, &info) == 0 else { return }
        try? Console.write([UInt8](repeating: 0, count: Int(info.st_size)), to: descriptor)
        fsync(descriptor)
        close(descriptor)
    }
}
