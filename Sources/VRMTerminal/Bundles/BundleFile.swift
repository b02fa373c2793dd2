import VRMBundle
public import VRMMail

extension Console {
    /// A bundle as it is at hand: a file of its own, or the one attached to a mail.
    ///
    /// - Throws: A ``Message`` of ``ExitStatus/malformed`` for a mail with no bundle or with more than one.
    public func bundle(file path: String) throws -> [UInt8] {
        let bytes = try read(file: path, cap: MailLimits.messageBytes)
        // Whatever else it is, the verifier says what is wrong with it.
        guard AttachedFiles.isMessage(bytes) else { return bytes }
        let found = try AttachedFiles.bundles(inMessage: bytes)
        guard let only = found.first else {
            throw Message(
                "no bundle is attached to the mail", hint: "save the attachment as a file and name that", status: .malformed)
        }
        guard found.count == 1 else {
            throw Message(
                "more than one bundle is attached to the mail: \(found.count)",
                hint: "save them as files and name one at a time", status: .malformed)
        }
        return only
    }
}

extension MailFault: UserFacing {
    public var message: Message {
        let hint = "save the attachment as a file and name that"
        switch self {
        case .headerTooLong: return Message("the mail's header is longer than any real one", hint: hint, status: .malformed)
        case .lineTooLong: return Message("a line of the mail's header is too long", hint: hint, status: .malformed)
        case .tooManyFields: return Message("the mail's header has too many fields", hint: hint, status: .malformed)
        case .brokenField: return Message("the mail's header is broken", hint: hint, status: .malformed)
        case .strayControl: return Message("a control byte stands in the mail's header", hint: hint, status: .malformed)
        case .tooManyAddresses: return Message("the mail has too many addresses", hint: hint, status: .malformed)
        case .noSender: return Message("the mail has no sender", hint: hint, status: .malformed)
        case .severalSenders: return Message("the mail has more than one sender", hint: hint, status: .malformed)
        case .noDate: return Message("the mail has no date", hint: hint, status: .malformed)
        case .messageTooLong:
            return Message("the mail is longer than \(MailLimits.messageBytes) bytes", hint: hint, status: .malformed)
        case .brokenMIME: return Message("the mail's parts cannot be told apart", hint: hint, status: .malformed)
        case .tooManyParts: return Message("the mail has more than \(MailLimits.parts) parts", hint: hint, status: .malformed)
        case .tooDeep: return Message("the mail's parts nest too deep", hint: hint, status: .malformed)
        }
    }
}
