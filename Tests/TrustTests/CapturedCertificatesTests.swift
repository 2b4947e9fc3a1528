import FoundationEssentials
import Primitives
import Testing
import X509

@testable import Trust

/// What Docker 20.10's managers and nodes sent each other (`wire/captures`).
@Suite struct CapturedCertificatesTests {
    /// A node's request, and the certificate that a manager gave it.
    private static let request = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIG7MGICAQAwADBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKKpdSRMDB/PYyfY
        LKym8eYola3G1OhduSsdaCN9Otw5k7hPZfTWJvXDdDW5I2RSHgmkh+Yk9rvV2/3A
        czpU3GegADAKBggqhkjOPQQDAgNJADBGAiEA8JTbR7yaZvvQB442zv1Q2aE6Q7FY
        ieTYTZwQFuHBUSMCIQDStqJZsksP3Wi2uLw4mXb6i8fP1moJZoSFcNgJvVMgRA==
        -----END CERTIFICATE REQUEST-----

        """
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIICNDCCAdugAwIBAgIUGlCQkev0cAIvd7zdAj/eFIuBQxIwCgYIKoZIzj0EAwIw
        EzERMA8GA1UEAxMIc3dhcm0tY2EwHhcNMjYxMTIzMDQzODAwWhcNMjcwMjIxMDUz
        ODAwWjBgMSIwIAYDVQQKExlxamtvbHg1MDhnaGFjYzg3Z2dlcHc0ZGxkMRYwFAYD
        VQQLEw1zd2FybS1tYW5hZ2VyMSIwIAYDVQQDExk0Y3VyZ2xkc2Iyb2x0Z2k5bGNs
        anFvOTdwMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEoql1JEwMH89jJ9gsrKbx
        5iiVrcbU6F25Kx1oI3063DmTuE9l9NYm9cN0NbkjZFIeCaSH5iT2u9Xb/cBzOlTc
        Z6OBvzCBvDAOBgNVHQ8BAf8EBAMCBaAwHQYDVR0lBBYwFAYIKwYBBQUHAwEGCCsG
        AQUFBwMCMAwGA1UdEwEB/wQCMAAwHQYDVR0OBBYEFFekMvsnhvd1SOvk+kcfQC7k
        iBAkMB8GA1UdIwQYMBaAFGiq0RCgsj8yvD+Be18Et59LynNpMD0GA1UdEQQ2MDSC
        DXN3YXJtLW1hbmFnZXKCGTRjdXJnbGRzYjJvbHRnaTlsY2xqcW85N3CCCHN3YXJt
        LWNhMAoGCCqGSM49BAMCA0cAMEQCIFgWxl5hidZd+gM9jjQPXVIzfFMZg9bfCkPJ
        LcsOBRVTAiArq0Jal/KqJlT4FZ5tOoBgScR4UfnqxkazMztUP4eRkA==
        -----END CERTIFICATE-----

        """
    /// What dockerd itself asks with when it joins.
    private static let dockersRequest = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIG7MGICAQAwADBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNaSE/06jg5/lIv/
        5HCcGGcXioythm2KqlX+O6ulyZMZzKmiGF6dQANHqC9sbw0Pb47NWwRwUGUDBRGv
        GkP9GVmgADAKBggqhkjOPQQDAgNJADBGAiEAkhNJYbty5oguX02moaBeWzr/69JH
        tZEBcQCCQrG7zMgCIQCckKCy4PVc8c7u3+LrYyjpL1gDOKJ7wxoQh4K2rlfimw==
        -----END CERTIFICATE REQUEST-----

        """
    /// 2026-11-23, when they were taken.
    private static let then = Timestamp(seconds: 1_795_412_280)

    @Test func `CE2-05: Docker's request is accepted`() throws {
        _ = try CertificateRequest(pem: Self.dockersRequest)
    }

    @Test func `CE2-01: Docker's certificate is what we would have taken from a server`() throws {
        let leaf = try CertificateBundle.readOne(Data(Self.certificate.utf8), named: "certificate")
        let name = NodeName(
            cluster: "qjkolx508ghacc87ggepw4dld",
            role: .manager,
            node: "4curgldsb2oltgi9lcljqo97p"
        )
        try ForeignCertificate.check(
            leaf,
            Self.request,
            as: name,
            by: Data(DockerRoot.pem.utf8),
            at: Self.then
        )
        #expect(leaf.validity.upperBound - leaf.validity.lowerBound == .seconds(7_776_000 + 3_600))
    }

    @Test func `CE2-04: the digest of Docker's root is the one in its cluster object`() {
        #expect(
            ClusterRoot.hash(of: Data(DockerRoot.pem.utf8))
                == "sha256:563e9d2a4e5e3365f3242173d7ae196b16517b36df592c1c04819ea203e48be6"
        )
    }
}
