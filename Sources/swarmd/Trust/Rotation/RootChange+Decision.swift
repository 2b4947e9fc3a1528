import FoundationEssentials
package import Primitives
package import SwarmAPI
import X509

extension RootChange {
    /// What `config` does to `root`, before a server was asked.
    package init(
        to config: SwarmCAConfig,
        of root: SwarmRootCA,
        at now: Timestamp
    ) throws(RootChangeError) {
        if config.signingCaCert.isEmpty && !config.signingCaKey.isEmpty {
            throw .invalid(
                field: "signing_ca_key",
                "if a signing CA key is provided, the signing CA cert must also be provided"
            )
        }
        var probes = try Self.probeOfCurrent(config, root)
        guard !config.signingCaCert.isEmpty else {
            guard config.forceRotate != root.lastForcedRotation else {
                self.init(probes: probes, outcome: .unchanged)
                return
            }
            let made: RootAuthority
            do { made = try RootAuthority(at: now) } catch {
                throw RootChangeError(error, field: "force_rotate")
            }
            let new = NewRoot(certificate: made.certificate, authority: made)
            self.init(probes: probes, outcome: try Self.rotation(to: new, config, root))
            return
        }
        let new = try NewRoot(config, at: now)
        if new.authority == nil {
            probes.append(try Self.probe("desired", config.signingCaCert, config, root))
        }
        self.init(probes: probes, outcome: try Self.outcome(of: new, config, root))
    }

    /// A root to rotate to, with its key unless others have it.
    fileprivate struct NewRoot {
        let certificate: Certificate
        let authority: RootAuthority?

        var pem: Data {
            get throws(RootChangeError) {
                do throws(AuthorityError) { return Data(try self.certificate.text.utf8) } catch {
                    throw RootChangeError(error, field: "signing_ca_cert")
                }
            }
        }

        var key: Data {
            get throws(RootChangeError) {
                do throws(AuthorityError) { return Data(try (self.authority?.keyPEM ?? "").utf8) } catch {
                    throw RootChangeError(error, field: "signing_ca_key")
                }
            }
        }
    }

    private static func outcome(
        of new: NewRoot,
        _ config: SwarmCAConfig,
        _ root: SwarmRootCA
    ) throws(RootChangeError) -> Outcome {
        var record = root
        record.lastForcedRotation = config.forceRotate
        let present = try Self.present(root)
        if present == new.certificate {
            record.caKey = try new.key
            record.clearRootRotation()
            return .record(record)
        }
        if root.hasRootRotation, Self.isSame(root.rootRotation.caCert, new.certificate) {
            record.rootRotation.caKey = try new.key
            return .record(record)
        }
        guard present.publicKey != new.certificate.publicKey else {
            throw .invalid(
                field: "signing_ca_cert",
                "it has the present root's key: a new root needs another one"
            )
        }
        return try Self.rotation(to: new, config, root)
    }

    /// A rotation to `new`, instead of any that is under way.
    private static func rotation(
        to new: NewRoot,
        _ config: SwarmCAConfig,
        _ root: SwarmRootCA
    ) throws(RootChangeError) -> Outcome {
        var record = root
        record.lastForcedRotation = config.forceRotate
        record.rootRotation = .init()
        record.rootRotation.caCert = try new.pem
        record.rootRotation.caKey = try new.key
        do throws(AuthorityError) {
            if !root.caKey.isEmpty {
                let old = try RootAuthority(
                    certificate: String(decoding: root.caCert, as: UTF8.self),
                    key: String(decoding: root.caKey, as: UTF8.self)
                )
                record.rootRotation.crossSignedCaCert = Data(try old.crossSign(new.certificate).text.utf8)
                return .record(record)
            }
            guard let authority = new.authority else {
                throw AuthorityError.request("between external CAs")
            }
            let urls = try SigningAuthority.urls(
                of: config,
                signingFor: root.caCert,
                presentRoot: root.caCert
            )
            return .crossSigning(
                CrossSigning(
                    request: try authority.request(),
                    root: new.certificate,
                    urls: urls,
                    record: record
                )
            )
        } catch {
            if case .request = error {
                throw .invalid(
                    field: "signing_ca_key",
                    "rotating from one external CA to a different external CA is not supported"
                )
            }
            throw RootChangeError(error, field: "signing_ca_cert")
        }
    }
}

extension RootChange.NewRoot {
    /// The root that an operator brings.
    fileprivate init(_ config: SwarmCAConfig, at now: Timestamp) throws(RootChangeError) {
        let field = "signing_ca_cert"
        let certificates: [Certificate]
        do {
            certificates = try CertificateBundle.read(config.signingCaCert, named: "root certificate")
        } catch {
            throw RootChangeError(error, field: field)
        }
        guard certificates.count == 1, let certificate = certificates.first else {
            throw .invalid(field: field, "the desired CA certificate cannot contain multiple certificates")
        }
        if let objection = RootQuality.objection(to: certificate, at: now) {
            throw .invalid(field: field, objection)
        }
        var authority: RootAuthority?
        if !config.signingCaKey.isEmpty {
            do throws(AuthorityError) {
                authority = try RootAuthority(
                    certificate: certificate.text,
                    key: String(decoding: config.signingCaKey, as: UTF8.self)
                )
            } catch { throw RootChangeError(error, field: "signing_ca_key") }
        }
        self.init(certificate: certificate, authority: authority)
    }
}

extension RootChange {
    /// The servers of the present root where it has no key here: without one of them there are no certificates.
    private static func probeOfCurrent(
        _ config: SwarmCAConfig,
        _ root: SwarmRootCA
    ) throws(RootChangeError) -> [Probe] {
        guard root.caKey.isEmpty, !root.caCert.isEmpty else { return [] }
        return [try Self.probe("current", root.caCert, config, root)]
    }

    private static func probe(
        _ name: String,
        _ certificate: Data,
        _ config: SwarmCAConfig,
        _ root: SwarmRootCA
    ) throws(RootChangeError) -> Probe {
        do throws(AuthorityError) {
            let urls = try SigningAuthority.urls(
                of: config,
                signingFor: certificate,
                presentRoot: root.caCert
            )
            return Probe(name: name, urls: urls, root: certificate)
        } catch { throw RootChangeError(error, field: "external_cas") }
    }

    private static func present(_ root: SwarmRootCA) throws(RootChangeError) -> Certificate {
        do throws(AuthorityError) {
            return try CertificateBundle.readOne(root.caCert, named: "present root certificate")
        } catch { throw .unmade("\(error)") }
    }

    private static func isSame(_ text: Data, _ certificate: Certificate) -> Bool {
        do throws(AuthorityError) {
            return try CertificateBundle.readOne(text, named: "root certificate") == certificate
        } catch { return false }
    }
}
