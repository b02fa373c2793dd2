import VRMBundle
public import VRMModel

/// A JSON array as `task import` of Taskwarrior reads it. A task imported again is the same task, by its uuid.
public enum TaskFile {
    public static func bytes(_ entries: [DatedEntry], at now: Instant) -> [UInt8] {
        let tasks = entries.map { entry -> JSONValue in
            .object(
                JSONObject([
                    ("uuid", .string(entry.uuid)), ("status", "pending"), ("entry", .string(now.compact)),
                    ("description", .string(plain(entry.summary))), ("due", .string(entry.day.start.compact)),
                    ("project", "vrm"), ("tags", ["vrm"]),
                    (
                        "annotations",
                        .array(
                            entry.details.enumerated().map { number, text in
                                // Taskwarrior tells annotations apart by their time.
                                [
                                    "entry": .string(now.adding(seconds: Int64(number)).compact),
                                    "description": .string(plain(text)),
                                ]
                            })
                    ),
                ]))
        }
        return JSONValue.array(tasks).bytes + [10]
    }

    private static func plain(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : Character($0) })
    }
}
