import VRMModel

/// Domains where people have their mail. Who writes from one is a person, not the company that runs it.
///
/// No list can be whole, so a company that is none of these still has to write like one (``MailSurvey``).
enum MailProviders {
    static func contains(_ domain: Domain) -> Bool {
        names.contains(domain.description) || families.contains(String(domain.description.prefix { $0 != "." }))
    }

    /// Names that one provider has under many endings.
    private static let families: Set<String> = [
        "aol", "fastmail", "gmx", "googlemail", "hotmail", "live", "outlook", "protonmail", "tutanota", "yahoo", "ymail",
        "yandex",
    ]

    private static let names: Set<String> = [
        "126.com", "163.com", "abv.bg", "alice.it", "arcor.de", "att.net", "bigpond.com", "bluewin.ch", "bol.com.br",
        "bt.com", "btinternet.com", "centrum.cz", "charter.net", "comcast.net", "cox.net", "disroot.org", "duck.com",
        "earthlink.net",
        "email.cz", "email.de", "free.fr", "freemail.hu", "freenet.de", "gmail.com", "hey.com", "home.nl", "hushmail.com",
        "icloud.com",
        "inbox.lv", "interia.pl", "kpnmail.nl", "kolabnow.com", "laposte.net", "libero.it", "mac.com", "mail.com", "mail.de",
        "mail.ru", "mailbox.org", "mailfence.com", "mailo.com", "me.com", "msn.com", "naver.com", "neuf.fr", "o2.pl", "online.de",
        "onet.pl", "op.pl", "orange.fr", "outlook.com", "passport.com", "pm.me", "posteo.de", "posteo.net", "proton.me", "qq.com",
        "rediffmail.com", "riseup.net", "rocketmail.com", "runbox.com", "sapo.pt", "sbcglobal.net", "seznam.cz", "sfr.fr",
        "shaw.ca", "sky.com", "startmail.com", "sunrise.ch", "t-online.de", "talktalk.net", "telenet.be", "tin.it", "tiscali.it",
        "tuta.com", "tuta.io", "tutamail.com", "uol.com.br", "verizon.net", "virgilio.it", "virginmedia.com", "wanadoo.fr",
        "web.de",
        "wp.pl", "xs4all.nl", "ziggo.nl", "zoho.com", "zohomail.eu",
    ]
}
