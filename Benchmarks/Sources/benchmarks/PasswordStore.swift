import Glibc

/// Another program that shows one secret from a store of its own: what people wait for today. Where it is not installed there is
/// nothing to compare.
struct PasswordStore {
    let name: String
    let show: Program

    /// `pass`, with a key that has no passphrase, so that nothing but the showing counts.
    static func pass(in folder: String) throws -> PasswordStore? {
        guard Program.isThere("pass"), mkdir(folder, 0o700) == 0, mkdir(folder + "/gnupg", 0o700) == 0 else { return nil }
        let environment = [
            "HOME": folder, "GNUPGHOME": folder + "/gnupg", "PASSWORD_STORE_DIR": folder + "/store", "PATH": Program.path,
        ]
        let owner = "bench@vrm.example"
        try Program(
            ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", owner, "default", "default", "never"],
            environment: environment
        ).run()
        try Program(["pass", "init", owner], environment: environment).run()
        var insert = Program(["pass", "insert", "-m", "site"], environment: environment)
        insert.input = folder + "/entry"
        try File.write("an entry\n", to: insert.input)
        try insert.run()
        return PasswordStore(name: "pass", show: Program(["pass", "show", "site"], environment: environment))
    }

    /// `keepassxc-cli`, with a key file, and the key derivation it makes a store with.
    static func keepassxc(in folder: String) throws -> PasswordStore? {
        guard Program.isThere("keepassxc-cli"), mkdir(folder, 0o700) == 0 else { return nil }
        let environment = ["HOME": folder, "PATH": Program.path]
        let (store, key) = (folder + "/store.kdbx", folder + "/key")
        try Program(["keepassxc-cli", "db-create", "--set-key-file", key, store], environment: environment).run()
        try Program(
            ["keepassxc-cli", "add", "-k", key, "--no-password", "-u", "mara", store, "site"], environment: environment
        ).run()
        return PasswordStore(
            name: "keepassxc-cli",
            show: Program(["keepassxc-cli", "show", "-k", key, "--no-password", store, "site"], environment: environment))
    }
}
