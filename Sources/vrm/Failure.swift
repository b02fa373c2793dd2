import VRMBundle
import VRMCrypto
import VRMExchange
import VRMModel
import VRMTerminal
import VRMVault

/// The words for every failure below: one fact, and a hint that can be typed.
enum Failure {
    static func message(_ error: any Error) -> Message? {
        switch error {
        case let failure as VaultFailure: failure.message
        case let failure as AgentFailure: failure.message
        case let refusal as GrantRefusal: refusal.message
        case let refusal as IntentRefusal: refusal.message
        case let refusal as RequestRefusal: refusal.message
        case let refusal as ContractRefusal: refusal.message
        case let refusal as FactRefusal: refusal.message
        case let failure as ExportFailure: failure.message
        case let failure as CSVFailure: failure.message
        case let failure as PasswordExportFailure: failure.message
        case let failure as DirectoryFailure: failure.message
        case let failure as LetterFailure: failure.message
        case let failure as MailFailure: failure.message
        case let failure as MailboxFailure: failure.message
        case let failure as FileFailure:
            failure.errno == 2
                ? Message("there is no such file", hint: "ls", status: .notFound)
                : Message("the file cannot be read", hint: "ls -l", status: .failed)
        case let failure as ReplyFailure: failure.message
        case is RecoveryCodeFailure: Message("not a recovery code", status: .locked)
        case is CryptoFailure: Message("a key could not be used", hint: "vrm ledger verify", status: .damaged)
        default: nil
        }
    }
}

extension VaultFailure {
    var message: Message {
        func damaged(_ fact: String, _ hint: String) -> Message { Message(fact, hint: hint, status: .damaged) }
        func missing(_ fact: String, _ hint: String) -> Message { Message(fact, hint: hint, status: .notFound) }
        func conflict(_ fact: String, _ hint: String?) -> Message { Message(fact, hint: hint, status: .conflict) }
        func usage(_ fact: String, _ hint: String) -> Message { Message(fact, hint: hint, status: .usage) }
        switch self {
        case .noVault: return missing("there is no vault here", "make one with: vrm init --recovery-out FILE")
        case .alreadyThere: return conflict("there is something at the vault's place already", "choose another with: --vault DIR")
        case .locked:
            return Message("the vault is locked", hint: "vrm unlock, or add --passphrase-file FILE", status: .locked)
        case .wrongPassphrase:
            return Message("wrong passphrase", hint: "try again; the recovery code opens it too", status: .locked)
        case .recoveryCodeMistyped(let group):
            return Message(
                "group \(group) of the recovery code has a typing error", hint: "compare it with what you wrote down",
                status: .locked)
        case .foreignRecoveryCode:
            return Message(
                "a whole recovery code, but not this vault's of today",
                hint: "vrm recovery new, with the passphrase, makes another",
                status: .locked)
        case .unknownSlot: return missing("no passphrase has this id", "vrm passphrase --list")
        case .ambiguousSlot: return Message("more than one id starts so", hint: "type more of it", status: .ambiguous)
        case .lastPassphrase: return conflict("it is the only passphrase", "add another first, with: vrm passphrase --add")
        case .tooManySlots: return conflict("there are as many ways in as a header takes", "vrm passphrase --list")
        case .noBackup: return missing("there is no such file", "ls")
        case .notABackup: return Message("not a backup of a vault", hint: "vrm backup --out FILE makes one", status: .malformed)
        case .foreignBackup:
            return conflict("another vault is in the place", "choose another with: --vault DIR")
        case .damagedBackup(let part):
            return damaged("the backup is damaged: \(part.rawValue)", "take another backup; the vault in its place is untouched")
        case .nothingToAccept: return conflict("this copy is the newest this machine knows", "vrm status")
        case .unknownBackup: return missing("no backup has this id", "vrm backup list")
        case .outOfMemory:
            return Message("not enough memory to check the passphrase", hint: "free 256 MiB and try again", status: .tryLater)
        case .headerDamaged:
            return damaged("the vault's header is damaged or of another vault", "put back the header from a backup of this vault")
        case .newerFormat(let version): return damaged("the vault has format \(version), newer than this program", "update vrm")
        case .stretchingOutOfRange:
            return damaged(
                "the header asks for an unsafe or endless key derivation", "put back the header from a backup of this vault")
        case .passphraseTooShort:
            return usage(
                "the passphrase is shorter than \(Vault.shortestPassphrase) bytes",
                "six random words are easy to keep and hard to guess")
        case .unsafePlace(let problem):
            switch problem {
            case .symlink:
                return damaged("the vault or a file of it is a symbolic link", "name the real folder with: --vault DIR")
            case .notADirectory: return missing("the vault's place is no folder", "choose another with: --vault DIR")
            case .foreignOwner: return damaged("the vault belongs to another user", "choose your own with: --vault DIR")
            case .openToOthers: return damaged("other users can open the vault", "chmod -R go= on the vault's folder")
            case .syncConflict:
                return damaged("a file synchroniser left a conflict in the vault", "keep the vault out of synchronised folders")
            }
        case .busy: return Message("another process is using the vault", hint: "try again in a moment", status: .tryLater)
        case .damaged(let part): return damaged("the vault is damaged: \(part.rawValue)", "vrm ledger verify")
        case .rolledBack:
            return damaged(
                "an older copy of the vault was put back", "put the newer one back; or take this one: vrm restore --this-copy")
        case .forked:
            return damaged(
                "this copy of the vault went another way than the one this machine knows",
                "put back the one this machine used last; or take this one: vrm restore --this-copy")
        case .oldHeader:
            return damaged(
                "an older header was put back; its old passphrase would hold again",
                "put the newer one back; or take this one: vrm restore --this-copy")
        case .diskFull: return Message("the disk is full", hint: "df -h", status: .failed)
        case .system(let code):
            return Message("the system refused (error \(code))", hint: "check the vault's folder with: ls -la", status: .failed)
        case .unknownCompany(let near):
            return missing("no such company", near.isEmpty ? "vrm company list" : "did you mean \(near.joined(separator: ", "))?")
        case .ambiguousCompany(let matches):
            return Message("more than one company matches", hint: matches.prefix(8).joined(separator: ", "), status: .ambiguous)
        case .companyExists(let domain): return conflict("this company is there already", "vrm company show \(domain)")
        case .companyHasGrants(let count):
            return conflict("grants, offers or requests still stand: \(count)", "end them first, with: vrm company exit")
        case .sameCompany: return conflict("both are the same company", nil)
        case .nothingToCorrect(let name):
            return conflict("the company has the \(name) of today, as far as the vault knows", "type what it has, with: --old -")
        case .noContract(let domain):
            return missing("no contract with \(domain) is noted", "vrm contract set \(domain) --start YYYY-MM-DD --term 1y")
        case .unknownItem(let name): return missing("no item \(name) is known", "vrm data list")
        case .unknownVersion(let name, let version):
            return missing("\(name) has no version \(version)", "vrm data history \(name)")
        case .valueTooLong: return Message("the value is too long", status: .malformed)
        case .emptyValue: return Message("the value is empty", status: .malformed)
        case .unknownTerms(let id): return missing("no terms \(id)", "vrm terms list")
        case .termsExist(let id):
            return conflict("\(id) stands for another text already", "vrm terms import FILE --id \(id)-2 --lang en")
        case .termsWithoutText(let id):
            return missing(
                "the wording of \(id) is not here", "get it from its publisher, then: vrm terms import FILE --id \(id) --lang en")
        case .unknownRecord: return missing("nothing was made under this id", "vrm grant list, vrm request list")
        case .unknownNote: return missing("no note has this id", "vrm note list")
        case .unknownReceipt: return missing("no record and no receipt has this id", "vrm receipt list")
        case .ambiguousRecord: return Message("more than one id starts so", hint: "type more of it", status: .ambiguous)
        case .grantNotActive(let state): return conflict("the grant is \(state.rawValue) already", "vrm grant list")
        case .grantOfIntent(let intent):
            return conflict("it was shown under an intent and ends with it", "vrm intent withdraw \(intent.short) --out DIR")
        case .notSendable: return conflict("the grant was revoked", "vrm grant list")
        case .sentBeforeMade: return usage("the day is before it was made", "--on YYYY-MM-DD")
        case .nothingSigned(let domain):
            return conflict("\(domain) knows no key of yours yet", "vrm terms offer \(domain) --out terms.json")
        case .unknownRequest: return missing("this is no request", "vrm request list")
        case .laterReceipt(let outcome): return conflict("a later answer is here already: \(outcome)", "vrm request show ID")
        case .nothingRecorded: return conflict("nothing was recorded yet", "vrm request show ID")
        case .noSuchRight(let kind, let regime):
            let others = LawBook.shipped.regimes.filter { $0.articles[kind] != nil }.map(\.id).joined(separator: ", ")
            return usage("\(regime) has no \(kind.rawValue) request", "--regime, where it applies: \(others)")
        case .unknownAgreement: return missing("this answers nothing that was offered from here", "vrm terms offer")
        case .noCompanyKey(let domain):
            return Message("no key of \(domain) is trusted", hint: "vrm company trust \(domain) FILE", status: .refused)
        case .keyOfAnother: return Message("the answer is signed by somebody else", hint: "vrm inspect FILE", status: .refused)
        case .noThread(let domain):
            return missing("the ledger has nothing about \(domain) in these days", "vrm ledger list")
        case .evidenceTooLong(let first, let last):
            return Message(
                "the chain from line \(first) to \(last) does not fit into one signed file",
                hint: "make several, with --since YYYY-MM-DD and --until YYYY-MM-DD", status: .failed)
        case .alreadyAnswered(let decision): return conflict("a later answer is here already: \(decision.rawValue)", nil)
        }
    }
}

extension RequestRefusal {
    var message: Message { message(about: nil) }

    /// - Parameter id: The request, as the person named it.
    func message(about id: String?) -> Message {
        let show = id.map { "vrm request show \(printable($0))" } ?? "vrm request list"
        return switch self {
        case .cannotFollow(let event, let state):
            Message(
                "\(event.rawValue) cannot follow \(state.rawValue)",
                hint: state == .made ? id.map { "say first that it left: vrm sent \(printable($0))" } ?? show : show,
                status: .conflict)
        case .beforeRequest(let made): Message("the request was made on \(made), not before", hint: show, status: .usage)
        case .inFuture(let today): Message("the day is still to come", hint: "today is \(today) (UTC)", status: .usage)
        case .receivedTwice(let day): Message("it was received on \(day) already", hint: show, status: .conflict)
        case .untilBeforeEvent: Message("an extension ends after it is announced", hint: "--until YYYY-MM-DD", status: .usage)
        }
    }

    /// What is refused in `body` is about this request.
    static func about<Result>(_ id: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let refusal as RequestRefusal { throw refusal.message(about: id) }
    }
}

extension ContractRefusal {
    var message: Message {
        switch self {
        case .startOutOfReach:
            Message("the start is more than a hundred years from today", hint: "--start YYYY-MM-DD", status: .usage)
        case .trialBeforeStart(let start):
            Message("the trial would end before the start", hint: "--trial-ends \(start), or later", status: .usage)
        case .renewalWithoutTerm:
            Message("a contract without a term is not renewed", hint: "add --term, or leave out --renews", status: .usage)
        case .inFuture(let today): Message("the day is still to come", hint: "today is \(today) (UTC)", status: .usage)
        case .overAlready(let last): Message("the contract was over on \(last)", hint: "vrm contract list", status: .conflict)
        }
    }
}

extension VaultFailure {
    /// Typing it again may help.
    var isMistyped: Bool {
        switch self {
        case .wrongPassphrase, .recoveryCodeMistyped, .foreignRecoveryCode: true
        default: false
        }
    }
}

extension AgentFailure {
    var message: Message {
        switch self {
        case .noRuntimeDirectory:
            Message(
                "XDG_RUNTIME_DIR names no folder for the agent", hint: "export XDG_RUNTIME_DIR=/run/user/$(id -u)",
                status: .unavailable)
        case .unsafeRuntimeDirectory:
            Message(
                "XDG_RUNTIME_DIR is not for you alone", hint: "ls -ld $XDG_RUNTIME_DIR; it must be yours, with mode 0700",
                status: .unavailable)
        case .notRunning: Message("the vault is locked", hint: "vrm unlock", status: .locked)
        case .alreadyRunning: Message("the vault is unlocked already", hint: "vrm lock", status: .conflict)
        case .foreignPeer:
            Message("another user answers in the agent's place", hint: "ls -l $XDG_RUNTIME_DIR/vrm", status: .failed)
        case .noAnswer: Message("the agent could not be started", hint: "vrm unlock", status: .tryLater)
        case .system(let code): Message("the agent cannot be reached (error \(code))", hint: "vrm unlock", status: .failed)
        }
    }
}

extension GrantRefusal {
    var message: Message {
        func refuse(_ fact: String, _ hint: String) -> Message { Message(fact, hint: hint, status: .failed) }
        return switch self {
        case .noItems: Message("no data items named", hint: "vrm data list", status: .usage)
        case .termsRejected:
            Message("the company rejected these terms", hint: "offer others with: vrm terms offer", status: .conflict)
        case .purposeNotOffered(let purpose): refuse("the terms do not cover \(purpose)", "vrm terms purposes")
        case .alreadyOver(let day): Message("\(day) is past", hint: "use a later --until", status: .usage)
        case .tooLong(let latest):
            Message("a grant lasts 90 days at most", hint: "use --until \(latest), and renew it later", status: .usage)
        case .outlivesTerms(let ends):
            refuse("the terms end \(ends), before the grant would", "use --until \(ends.adding(days: -1))")
        }
    }
}

extension FactRefusal {
    var message: Message {
        switch self {
        case .notACountry: Message("not a country code of two letters", hint: "DE, FR, GB …", status: .malformed)
        case .notALanguage: Message("not a language code of two letters", hint: "de, en …", status: .malformed)
        case .notAnAddress: Message("not a mail address", status: .malformed)
        case .empty: Message("the value is empty", status: .malformed)
        case .controlCharacters: Message("the value holds control characters", status: .malformed)
        }
    }
}

extension CSVFailure {
    var message: Message {
        func bad(_ fact: String, _ hint: String? = "export it again, as UTF-8 CSV") -> Message {
            Message(fact, hint: hint, status: .malformed)
        }
        return switch self {
        case .brokenQuoting(let line): bad("line \(line): a quote stands where none may")
        case .unterminatedQuote(let line): bad("line \(line): a quote is never closed")
        case .nulByte(let line): bad("line \(line): a NUL byte; this is no text file")
        case .invalidUTF8(let line): bad("line \(line): not UTF-8")
        case .fieldTooLong(let line): bad("line \(line): a field of more than 1 MiB")
        case .recordTooLong(let line): bad("line \(line): a row of more than 4 MiB")
        case .tooManyFields(let line): bad("line \(line): more fields than the header has")
        case .utf16: bad("the file is UTF-16", "iconv -f UTF-16 -t UTF-8 FILE | vrm import passwords -")
        }
    }
}

extension PasswordExportFailure {
    var message: Message {
        switch self {
        case .unknownHeader:
            Message(
                "not a password export we know", hint: "export as CSV from the password manager, with its header line",
                status: .malformed)
        case .encrypted:
            Message(
                "the export is encrypted", hint: "export again as .json without a password, import it, then: shred -u FILE",
                status: .malformed)
        case .notBitwarden: Message("not a Bitwarden export", hint: "vrm import passwords FILE", status: .malformed)
        case .brokenJSON(let offset): Message("not strict JSON, at byte \(offset)", hint: "export it again", status: .malformed)
        case .tooLarge:
            Message(
                "the export is larger than 64 MiB", hint: "export as CSV, then: vrm import passwords FILE", status: .malformed)
        }
    }
}

extension DirectoryFailure {
    var message: Message {
        switch self {
        case .brokenLine(let line):
            Message("line \(line) is no directory record", hint: "get the directory anew", status: .malformed)
        case .lineTooLong(let line): Message("line \(line) is longer than a record can be", status: .malformed)
        case .brokenFile(let name): Message("\(name) is no directory record", hint: "get the directory anew", status: .malformed)
        case .fileTooLarge(let name): Message("\(name) is larger than a record can be", status: .malformed)
        case .nothingFound:
            Message(
                "no company directory there",
                hint: "git clone https://github.com/datenanfragen/data, then: vrm import directory data",
                status: .notFound)
        }
    }
}

extension LetterFailure {
    var message: Message {
        switch self {
        case .languageNotWritten: Message("there are no letters in this language", hint: "--language en", status: .usage)
        case .noIdentifier: Message("nothing to find you by", hint: "vrm me set email -", status: .failed)
        case .badFileName, .badReference, .badDigest, .brokenTemplate:
            Message("the letter cannot be put together", status: .failed)
        default: Message("a fact the letter needs is missing", hint: "vrm me show", status: .failed)
        }
    }
}

extension MailFailure {
    var message: Message {
        switch self {
        case .badAddress:
            Message(
                "not a mail address that can be written to", hint: "vrm company edit DOMAIN --privacy-email ADDRESS",
                status: .malformed)
        case .attachmentTooLarge, .textTooLong: Message("too long for a mail", status: .failed)
        default: Message("a line of the mail holds what no mail may", hint: "vrm me show", status: .malformed)
        }
    }
}

extension MailboxFailure {
    var message: Message {
        switch self {
        case .notAMailbox:
            Message(
                "neither an mbox nor a Maildir, nor a folder of them", hint: "vrm import mail --help", status: .malformed)
        }
    }
}
