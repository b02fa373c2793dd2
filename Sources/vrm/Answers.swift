import VRMTerminal

extension Console {
    /// An option's value, understood. On a terminal it is asked for when it is not there, until it is understood.
    ///
    /// - Throws: A ``Message`` of ``ExitStatus/usage`` when nobody can be asked, and what `understand` throws of what was given.
    func answer<Value>(
        _ given: String?, _ prompt: String, _ option: String, _ understand: (String) throws -> Value
    ) throws -> Value {
        if let given { return try understand(given) }
        guard mayAsk else { throw Message("\(option) is missing", hint: "vrm help intent new", status: .usage) }
        while true {
            if let value = try understood(try ask(prompt), understand) { return value }
        }
    }

    /// The answer to a question that may stay open.
    func answerMaybe<Value>(_ prompt: String, _ understand: (String) throws -> Value) throws -> Value? {
        while let line = try askMaybe(prompt) {
            if let value = try understood(line, understand) { return value }
        }
        return nil
    }

    /// Answers until an empty one.
    func answers<Value>(_ prompt: String, _ understand: (String) throws -> Value) throws -> [Value] {
        var answers: [Value] = []
        while let answer = try answerMaybe(prompt + (answers.isEmpty ? ", empty for nothing" : ", empty to go on"), understand) {
            answers.append(answer)
        }
        return answers
    }

    private func understood<Value>(_ line: String, _ understand: (String) throws -> Value) throws -> Value? {
        do { return try understand(line) } catch let message as Message where message.status == .usage {
            note("vrm: \(message.fact)" + (message.hint.map { ": \($0)" } ?? ""))
            return nil
        }
    }
}
