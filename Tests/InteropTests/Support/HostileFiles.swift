import Foundation
import Testing

/// Keys and certificates that strangers might try, made by `openssl`; the cluster's root is made by it, too.
struct HostileFiles {
    /// A certificate that no manager should take.
    enum Certificate: String, CaseIterable, Sendable {
        /// Vouched for by itself.
        case selfSigned
        /// Vouched for by the cluster's root, until years ago.
        case expired
        /// Vouched for by the cluster's root, for a role that there is not.
        case wrongRole
        /// Vouched for by a root of the same name.
        case otherRoot
    }

    static let openssl = "/usr/bin/openssl"
    private static let recipe = """
        [ca]
        default_ca = node
        [node]
        database = index
        serial = serial
        new_certs_dir = .
        default_md = sha256
        policy = any
        unique_subject = no
        x509_extensions = leaf
        [any]
        organizationName = supplied
        organizationalUnitName = supplied
        commonName = supplied
        [leaf]
        basicConstraints = critical, CA:FALSE
        keyUsage = critical, digitalSignature, keyEncipherment
        extendedKeyUsage = serverAuth, clientAuth
        """

    private let folder: URL

    /// The root's certificate.
    var root: URL { self.folder.appending(path: "root.crt") }
    /// The root's key.
    var rootKey: URL { self.folder.appending(path: "root.key") }

    /// Makes the roots in the new folder `folder`.
    init(in folder: URL) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in [("ca.cnf", Self.recipe), ("index", ""), ("serial", "01\n")] {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        for name in ["root", "stranger"] {
            try self.run(
                ["req", "-x509", "-subj", "/CN=swarm-ca", "-days", "3650"] + Self.newKey
                    + ["-keyout", "\(name).key", "-out", "\(name).crt"]
            )
        }
    }

    /// Makes all certificates for nodes of the cluster `cluster`.
    func makeCertificates(cluster: String) throws {
        for certificate in Certificate.allCases {
            let name = certificate.rawValue
            let role = certificate == .wrongRole ? "swarm-owner" : "swarm-manager"
            let subject = ["-subj", "/O=\(cluster)/OU=\(role)/CN=stranger"]
            let files = Self.newKey + ["-keyout", "\(name).key", "-out"]
            guard certificate != .selfSigned else {
                try self.run(["req", "-x509", "-days", "30"] + subject + files + ["\(name).crt"])
                continue
            }
            try self.run(["req", "-new"] + subject + files + ["\(name).csr"])
            let issuer = certificate == .otherRoot ? "stranger" : "root"
            let years = certificate == .expired ? ("2020", "2021") : ("2020", "2090")
            try self.run(
                ["ca", "-batch", "-notext", "-config", "ca.cnf"]
                    + ["-cert", "\(issuer).crt", "-keyfile", "\(issuer).key"]
                    + ["-startdate", "\(years.0)0101000000Z", "-enddate", "\(years.1)0101000000Z"]
                    + ["-in", "\(name).csr", "-out", "\(name).crt"]
            )
        }
    }

    /// The files of a certificate and its key.
    func paths(of certificate: Certificate) -> (certificate: String, key: String) {
        let base = self.folder.appending(path: certificate.rawValue)
        return (base.appendingPathExtension("crt").path, base.appendingPathExtension("key").path)
    }

    /// Whether `openssl` gets a connection with `certificate` from the listener on `port`.
    func isTaken(_ certificate: Certificate, port: Int) throws -> Bool {
        let files = self.paths(of: certificate)
        // With this version the client learns of it within the handshake.
        let client = ["s_client", "-tls1_2", "-connect", "127.0.0.1:\(port)"]
        return try self.status(client + ["-cert", files.certificate, "-key", files.key]) == 0
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

    private func run(_ arguments: [String]) throws {
        let status = try self.status(arguments)
        try #require(status == 0, "openssl \(arguments.joined(separator: " "))")
    }

    private func status(_ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: Self.openssl)
        process.arguments = arguments
        process.currentDirectoryURL = self.folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
