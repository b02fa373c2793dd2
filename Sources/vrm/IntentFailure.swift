import VRMModel
import VRMTerminal
import VRMVault

extension IntentRefusal {
    var message: Message {
        func refused(_ fact: String, _ hint: String?) -> Message { Message(fact, hint: hint, status: .refused) }
        func conflict(_ fact: String, _ hint: String?) -> Message { Message(fact, hint: hint, status: .conflict) }
        func usage(_ fact: String, _ hint: String) -> Message { Message(fact, hint: hint, status: .usage) }
        return switch self {
        case .alreadyOver(let day): usage("\(day) is past", "use a later --until")
        case .tooLong(let latest): usage("an intent lasts 14 days at most", "use --until \(latest), and make another later")
        case .tooManyAttributes: usage("an intent commits to 16 items at most", "leave some --attribute out")
        case .reserveBesideBudget:
            usage("the reserve is above the budget, or in another currency", "--reserve 310 --budget 400 --currency EUR")
        case .badReplyAddress: usage("not an address for answers", "--reply-to mailto:one-time@relay.example")
        case .tooLarge: Message("the intent is too long to be read by others", hint: "say less", status: .malformed)
        case .closed(let state): conflict("the intent is \(state.rawValue)", "vrm intent list")
        case .keyDestroyed: conflict("the intent's key was destroyed, nothing is signed for it any more", "vrm intent list")
        case .notOurs:
            refused("sealed to no key that is here: to another's intent, or too late", "vrm intent list")
        case .unsealed:
            refused("an offer comes sealed, and this one is not", "ask the company to send it as vrm-vendor offer makes it")
        case .noCompany: refused("the offer names no company", "vrm inspect FILE")
        case .notAsked(let company): refused("the intent does not ask \(company)", "vrm intent show ID")
        case .sharedKey(let company): refused("it is signed with a key of \(company)", "ask both companies for their keys")
        case .tooManyOffers: conflict("the intent has as many offers as it takes", "vrm intent withdraw ID --out DIR")
        case .untrusted(let company):
            refused("the key of \(company) is not known", "vrm offer import FILE --keys JWKS, or --fetch-keys")
        case .offerOver(let day): conflict("the offer ended \(day)", "ask the company for another")
        case .declined: conflict("the offer was declined", "ask the company for another")
        case .otherIntent: refused("the offer is for another intent", "vrm intent list")
        case .nonceUsed(let company):
            conflict("\(company) was shown something already, and each of its offers answers once", "ask it for another offer")
        case .notCommitted(let name):
            conflict("the intent did not commit to \(name)", "vrm intent new … --attribute \(name)")
        case .valueRemoved(let name): conflict("the value of \(name) was removed since", "vrm data set \(name) -")
        case .nothingShown: usage("nothing is named to be shown", "--disclose NAME")
        case .foreignOrigin(let domain):
            conflict("\(domain) is known under another origin", "vrm company edit \(domain) --origin https://HOST")
        case .knownByKey(let company, let request):
            conflict(
                "\(company) knows no name of yours, and this letter would tell it",
                "send the demand again: vrm show \(request.short) --out FILE")
        case .givenUp: conflict("this address took nothing so often that it was given up", "publish it elsewhere")
        }
    }
}
