public import VRMModel

/// What a field of an access reply probably is, by its name or by what stands in it. A guess: the person confirms it.
public struct FieldGuess: Sendable {
    public let field: String
    public let use: FieldUse
    public let reason: Reason

    public enum Reason: String, Sendable { case name, value }

    /// One for each field that has values and is not mapped yet, where there is one.
    public static func all(in survey: ReplySurvey, beside mapping: [String: FieldUse]) -> [FieldGuess] {
        survey.fields.sorted { $0.key < $1.key }.compactMap { path, field in
            guard mapping[path] == nil, field.values > 0 else { return nil }
            if let use = use(named: path) { return FieldGuess(field: path, use: use, reason: .name) }
            // All its values are values of one item.
            let items = Set(field.known.keys.map(\.item))
            guard field.foreign == 0, items.count == 1, let item = items.first else { return nil }
            return FieldGuess(field: path, use: .item(item), reason: .value)
        }
    }

    /// By the last part of a path, in the spellings companies use in English, German and French.
    private static func use(named path: String) -> FieldUse? {
        var parts = path.split { $0 == "." || $0 == ":" }.map { part in
            String(part.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic })
        }
        // A list's name stands before `[]`; `email.value` and `email[].address` are called by what they are in.
        while let last = parts.last, ["", "value", "valeur", "wert"].contains(last), parts.count > 1 { parts.removeLast() }
        // Whatever stands in a list of recipients is about them.
        if let about = parts.compactMap({ names[$0] }).first(where: { $0 == .recipient || $0 == .source }) { return about }
        guard let last = parts.last else { return nil }
        return names[last]
    }

    private static let names: [String: FieldUse] = {
        let spellings: [(String, String)] = [
            ("name", "name fullname displayname realname nomcomplet vollername"),
            ("given_name", "givenname firstname first forename vorname prenom prénom"),
            ("family_name", "familyname lastname last surname nachname nomdefamille"),
            ("nickname", "nickname alias spitzname surnom"),
            ("honorific", "honorific salutation title anrede civilite civilité"),
            ("email", "email emailaddress emails mail mailaddress useremail contactemail primaryemail emailadresse courriel"),
            ("phone_number", "phone phonenumber phones telephone tel mobile mobilephone msisdn telefon telefonnummer handy"),
            ("birthdate", "birthdate birthday dateofbirth dob geburtsdatum datedenaissance"),
            ("gender", "gender sex geschlecht sexe"), ("address", "address postaladdress adresse anschrift"),
            ("street_address", "streetaddress street addressline strasse straße rue"),
            ("postal_code", "postalcode postcode zip zipcode plz postleitzahl codepostal"),
            ("locality", "locality city town ort stadt wohnort ville"), ("country", "country countrycode land pays"),
            ("delivery_address", "deliveryaddress shippingaddress lieferadresse"),
            ("billing_address", "billingaddress invoiceaddress rechnungsadresse"),
            ("username", "username login loginname userlogin benutzername identifiant"),
            ("customer_number", "customernumber customerid accountnumber kundennummer numeroclient"),
            ("language", "language locale lang sprache langue"), ("photo", "photo picture avatar profilepicture"),
            ("employer", "employer company arbeitgeber employeur"), ("job_title", "jobtitle occupation profession beruf"),
            ("iban", "iban bankaccount"), ("tax_id", "taxid steuernummer"), ("vat_id", "vatid ustid"),
            ("@recipient", "recipient recipients sharedwith thirdparty thirdparties disclosedto empfänger destinataires"),
            ("@source", "source sources datasource origin obtainedfrom collectedfrom herkunft quelle provenance"),
        ]
        var names: [String: FieldUse] = [:]
        for (use, words) in spellings {
            for word in words.split(separator: " ") { names[String(word)] = FieldUse(use) }
        }
        return names
    }()
}
