import VRMExchange
import VRMTerminal

extension ReplyFailure {
    var message: Message {
        func bad(_ fact: String, _ hint: String) -> Message { Message(fact, hint: hint, status: .malformed) }
        return switch self {
        case .nothingToRead: bad("there is neither JSON nor CSV in it", "name the file or folder with the data")
        case .tooLarge: bad("the answer is larger than 1 GiB", "compare it folder by folder")
        case .tooManyFiles: bad("the answer has more than \(ReplyLimits.files) files", "compare it folder by folder")
        case .tooManyFields:
            bad("the answer has more than \(ReplyLimits.fields) different fields", "compare it folder by folder")
        case .json(let file, let offset, let kind):
            bad("\(printable(file)), at byte \(offset): \(kind.rawValue)", "ask the company for a file that can be read")
        case .csv(let file, let failure):
            bad("\(printable(file)): \(failure.message.fact)", "ask the company for a file that can be read")
        }
    }
}
