package import FoundationEssentials
package import X509

/// What a server of CFSSL's is asked, and what it answers (CFSSL `api/signhandler`, SwarmKit `ca/external.go`).
package enum CFSSL {
    /// The largest answer that is read; SwarmKit's limit.
    package static let answerBytes = 262_144
    /// The name of the servers' rules for certificates of roots.
    static let rootProfile = "CA"

    /// A request to sign; encoded as JSON.
    struct Request: Encodable {
        struct Subject: Encodable {
            var CN: String
            var names: [Name]
        }

        struct Name: Encodable {
            var O: String
            var OU: String
        }

        struct Extension: Encodable {
            var id: String
            var critical: Bool
            var value: String
        }

        enum CodingKeys: String, CodingKey {
            case hosts, subject, profile, extensions
            case request = "certificate_request"
        }

        var hosts: [String]
        var request: String
        var subject: Subject
        var profile: String
        var extensions: [Extension]?
    }

    /// An answer; other fields are not looked at.
    struct Answer: Decodable {
        struct Result: Decodable { var certificate: String }
        struct Problem: Decodable { var message: String }

        var success: Bool
        var result: Result?
        var errors: [Problem]?
    }

    /// The request for the certificate of the node that `csr` is from.
    package static func body(signing csr: String, as name: NodeName) throws(AuthorityError) -> Data {
        try Self.encode(
            Request(
                hosts: name.hosts,
                request: csr,
                subject: .init(CN: name.node, names: [.init(O: name.cluster, OU: name.role.rawValue)]),
                profile: ""
            )
        )
    }

    /// The request for a certificate of the new root that `csr` is of by the server's key.
    ///
    /// The servers take no extensions from a request but names, so that it says itself that it is for a CA.
    package static func body(crossSigning csr: String, of root: Certificate) throws(AuthorityError) -> Data {
        let constraints = root.extensions.filter { $0.oid == .X509ExtensionID.basicConstraints }
        let name = root.subject.flatMap { $0 }.first { $0.type == .RDNAttributeType.commonName }
        return try Self.encode(
            Request(
                hosts: [],
                request: csr,
                subject: .init(CN: name.flatMap { String($0.value) } ?? NodeName.authority, names: []),
                profile: Self.rootProfile,
                extensions: constraints.map {
                    .init(id: "\($0.oid)", critical: $0.critical, value: $0.value.hexadecimal)
                }
            )
        )
    }

    /// The certificate in an answer; throws with the server's reason where there is none.
    package static func certificate(in body: Data) throws(AuthorityError) -> Certificate {
        let answer: Answer
        do { answer = try JSONDecoder().decode(Answer.self, from: body) } catch {
            throw .unmade("the external CA's answer is not of CFSSL's form")
        }
        guard answer.success, let result = answer.result else {
            let reasons = (answer.errors ?? []).map(\.message).joined(separator: "; ")
            throw .unmade("the external CA refused: \(reasons.prefix(512))")
        }
        return try CertificateBundle.readOne(
            Data(result.certificate.utf8),
            named: "external CA's certificate"
        )
    }

    private static func encode(_ request: Request) throws(AuthorityError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return try encoder.encode(request) } catch { throw .unmade("\(error)") }
    }
}
